"""T9: what a person waits for. The one thing measured by the clock on the wall."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from app.config import ROOT
from bench.targets import Line


def starting() -> Iterator[Line]:
    """T9: `run.py` on an empty folder, and again."""
    with TemporaryDirectory(prefix="alur-start-") as name:
        yield Line("T9", "cold start to the first page", _first_page(Path(name)), 60, " s")
        yield Line("T9", "warm start to the first page", _first_page(Path(name)), 3, " s")


def _first_page(folder: Path) -> float:
    """Seconds of wall clock; the one thing here that is no CPU time, because that is what a person waits for."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "ALUR_INSTANCE_DIR": str(folder), "PORT": str(port)}
    began = time.monotonic()
    with (folder / "run.log").open("ab") as log:
        process = subprocess.Popen([sys.executable, "run.py"], cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            while True:
                try:
                    with urlopen(f"http://127.0.0.1:{port}/masuk", timeout=5):
                        return time.monotonic() - began
                except OSError:
                    if process.poll() is not None or time.monotonic() - began > 120:
                        raise
                    time.sleep(0.02)
        finally:
            process.terminate()
            process.wait(timeout=30)
