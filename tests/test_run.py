"""`run.py` and the worker as processes: what a newcomer and an operator start."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import clock
from app.config import ROOT
from app.db import Database
from app.jobs import fire_due_timers
from app.models import Incident, Timer
from tests.support.office import CHEAP_HASHING, Office

START_SECONDS = 60


@contextmanager
def process(command: list[str], log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        running = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output)
        try:
            yield running
        finally:
            if running.poll() is None:
                running.send_signal(signal.SIGINT)
            running.wait(timeout=START_SECONDS)


def until(condition: object, running: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not condition():  # type: ignore[operator]
        assert running.poll() is None and time.monotonic() < deadline, log.read_text("utf-8")
        time.sleep(0.1)


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/masuk", timeout=5) as page:
            return page.status == 200
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_run_prepares_serves_prints_one_password_once_and_stops_on_ctrl_c(tmp_path: Path) -> None:
    port = free_port()
    cheap = {f"ALUR_{name.upper()}": str(value) for name, value in CHEAP_HASHING.items()}
    for start in ("first", "second"):
        log = tmp_path / f"{start}.log"
        with process([sys.executable, "run.py"], log, PORT=str(port), ALUR_INSTANCE_DIR=str(tmp_path / "instance"), **cheap) as running:
            until(lambda: answers(port), running, log)
        assert running.returncode == 0
        assert not answers(port)  # both processes are gone
        printed = log.read_text("utf-8")
        assert "Traceback" not in printed
        assert len(re.findall(r"Kata sandi semua pengguna peragaan: ", printed)) == (1 if start == "first" else 0)
    assert (tmp_path / "instance" / "keys.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_the_worker_starts_ticks_and_stops(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> None:
    database: Database = request.getfixturevalue(kind)
    log = tmp_path / "worker.log"
    environment = {"ALUR_INSTANCE_DIR": str(database.settings.instance_dir), "ALUR_DATABASE_URL": database.settings.database_url}
    with process([sys.executable, "-m", "app.worker"], log, **environment) as running:
        until(lambda: "berjalan" in log.read_text("utf-8"), running, log)
        time.sleep(1.5)  # one turn of its loop
        assert running.poll() is None, log.read_text("utf-8")
    assert "Traceback" not in log.read_text("utf-8")


def test_a_poison_timer_becomes_an_incident_after_three_tries(office: Office) -> None:
    case = office.start()
    with office.database.transaction() as session:
        session.add(Timer(id=uuid4(), instance_id=case, element="X", due_at=clock.now(), state="waiting", tries=0))
    assert [fire_due_timers(office.database) for _ in range(4)] == [0, 0, 0, 0]
    with office.database.reading() as session:
        assert session.scalars(select(Timer.state)).one() == "stopped"
        assert session.scalars(select(Incident.instance_id)).all() == [case]
