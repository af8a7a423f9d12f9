"""One command starts it all: migrate, deploy the shipped SOPs that changed, seed the demo, serve web and worker until Ctrl-C."""

import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

import gunicorn.app.wsgiapp

from app import definitions, demo, duties, keys, worker
from app.config import ROOT, Settings
from app.db import Database
from app.errors import InvalidBundle


def prepare(settings: Settings) -> None:
    """Database, SOPs, people. Raises SystemExit with a sentence when a shipped drawing may not run."""
    database = Database(settings, keys.load(keys.path_of(settings.keys_file, settings.instance_dir)))
    database.migrate()
    for drawing in sorted((ROOT / "bpmn").glob("*.bpmn")):
        try:
            with database.transaction() as session:
                definitions.deploy(session, definitions.read_bundle(drawing, ROOT / "forms"), note="Disertakan bersama aplikasi")
        except InvalidBundle as error:
            raise SystemExit("\n".join(f"{drawing.name}: {finding.message}" for finding in error.findings)) from error
    with database.transaction() as session:
        seeded = demo.seed(session)
        duties.seed_duties(session)
    database.dispose()
    if seeded:
        print(demo.table(seeded), flush=True)


def serve(port: int) -> int:
    """Both processes until one ends or Ctrl-C; then both are stopped. The exit status of the first that ended by itself.

    They are forked from this one, which has imported the app already: a start that imports it once is half as long.
    """
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    forking = multiprocessing.get_context("fork")
    running = [forking.Process(target=serve_web, args=(port,)), forking.Process(target=worker.main)]
    for process in running:
        process.start()
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    print(f"Alur berjalan di http://127.0.0.1:{port} (Ctrl-C untuk berhenti)", flush=True)
    while not stopping and all(process.is_alive() for process in running):
        time.sleep(0.2)
    for process in running:
        process.terminate()
        process.join(timeout=30)
    return 0 if stopping else max(process.exitcode or 0 for process in running)


def serve_web(port: int) -> None:
    sys.argv = ["gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--preload"]
    sys.argv += ["--no-control-socket", "--log-level", "warning", "app:create_app()"]
    gunicorn.app.wsgiapp.run()


def main() -> None:
    settings = Settings()
    if settings.profile != "demo":
        raise SystemExit("run.py menjalankan profil demo. Pada profil production jalankan gunicorn dan app.worker sendiri; lihat README.")
    if not Path(ROOT / "app" / "static" / "dist" / "app.css").exists():
        raise SystemExit("Aset halaman belum dibangun. Jalankan: make setup")
    prepare(settings)
    raise SystemExit(serve(int(os.environ.get("PORT", "5000"))))


if __name__ == "__main__":
    main()
