"""A worker in a process of its own that never waits for the next minute: what a test may kill."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Mapping
from multiprocessing.context import ForkServerProcess

from app import keys
from app.config import Settings
from app.db import Database
from app.jobs import fire_due_timers, timers
from tests.support.site import FORKING


def begin_ticking(environment: Mapping[str, str]) -> ForkServerProcess:
    process = FORKING.Process(target=_tick, args=(environment,), daemon=True)
    process.start()
    return process


def _tick(environment: Mapping[str, str]) -> None:
    os.environ.update(environment)
    timers.BATCH = 1  # a killed one has then not done them all
    settings = Settings()
    database = Database(settings, keys.load(settings.instance_dir / "keys.json"))
    while multiprocessing.parent_process() is not None:
        fire_due_timers(database)
