"""One command starts it all: migrate, deploy the shipped SOPs that changed, seed the demo, serve web and worker until Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from app import definitions, demo, keys
from app.config import ROOT, Settings
from app.db import Database
from app.errors import InvalidBundle


def prepare(settings: Settings) -> None:
    """Database, SOPs, people. Raises SystemExit with a sentence when a shipped drawing may not run."""
    database = Database(settings, keys.load(settings.keys_file or settings.instance_dir / "keys.json"))
    database.migrate()
    for drawing in sorted((ROOT / "bpmn").glob("*.bpmn")):
        try:
            with database.transaction() as session:
                definitions.deploy(session, definitions.read_bundle(drawing, ROOT / "forms"), note="Disertakan bersama aplikasi")
        except InvalidBundle as error:
            raise SystemExit("\n".join(f"{drawing.name}: {finding.message}" for finding in error.findings)) from error
    with database.transaction() as session:
        seeded = demo.seed(session)
    database.dispose()
    if seeded:
        print(demo.table(seeded), flush=True)


def serve(port: int) -> int:
    """Both processes until one ends or Ctrl-C; then both are stopped. The exit status of the first that ended by itself."""
    web = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4"]
    web += ["--no-control-socket", "--log-level", "warning", "app:create_app()"]
    commands = [web, [sys.executable, "-m", "app.worker"]]
    running = [subprocess.Popen(command, cwd=ROOT) for command in commands]  # noqa: S603 - our own two commands
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    print(f"Alur berjalan di http://127.0.0.1:{port} (Ctrl-C untuk berhenti)", flush=True)
    while not stopping and all(process.poll() is None for process in running):
        time.sleep(0.2)
    for process in running:
        process.terminate()
    codes = [process.wait(timeout=30) for process in running]
    return 0 if stopping else max(codes)


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
