"""Timers while their workers are killed, and while the clock does what clocks do: each fires once, and none before its time."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app import audit, clock
from app.jobs import fire_due_timers
from app.models import Event, Instance, Timer
from tests.support.figures import Figure
from tests.support.office import Office
from tests.support.ticking import begin_ticking
from tests.test_jobs import waiting_cases

WORKERS = 2
GIVE_UP = 90  # seconds


def timers(office: Office) -> Counter[str]:
    with office.database.reading() as session:
        return Counter(session.scalars(sa.select(Timer.state)))


def told_once(office: Office) -> bool:
    with office.database.reading() as session:
        told = Counter(session.scalars(sa.select(Event.instance_id).where(Event.kind == "timer")))
        every = session.scalars(sa.select(Instance)).all()
        return told == Counter(one.id for one in every) and all(audit.verify_instance(session, one).problems == () for one in every)


@pytest.mark.parametrize("cases", [30, pytest.param(300, marks=pytest.mark.long)])
def test_each_timer_fires_once_while_its_workers_are_killed(office: Office, cases: int, figure: Figure) -> None:
    waiting_cases(office, cases)
    with office.database.transaction() as session:
        session.execute(sa.update(Timer).values(due_at=clock.now() - timedelta(minutes=1)))
    settings, dice, killed = office.database.settings, random.Random(cases), 0
    environment = {"ALUR_INSTANCE_DIR": str(settings.instance_dir), "ALUR_DATABASE_URL": settings.database_url}
    waiting, until = timers(office)["waiting"], time.monotonic() + GIVE_UP
    workers = [begin_ticking(environment) for _ in range(WORKERS)]
    try:
        while timers(office)["waiting"] and time.monotonic() < until:
            time.sleep(dice.uniform(0.03, 0.15))
            victim = dice.randrange(WORKERS)
            os.kill(workers[victim].pid or 0, signal.SIGKILL)
            workers[victim].join()
            workers[victim], killed = begin_ticking(environment), killed + 1
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
    found = timers(office)
    figure("Janji 10", f"{office.database.engine.name}: {cases} timers, {killed} workers killed with kill -9: {found['fired']} fired")
    assert waiting >= cases and found["fired"] == cases and not found["waiting"]
    assert killed and told_once(office)


@pytest.mark.parametrize(
    "due",
    [
        datetime(2028, 2, 29, 3, tzinfo=UTC),
        datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),  # a second more than 32 bits hold
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # in Europe an hour comes twice; WIB knows none of that
        datetime(2026, 12, 31, 17, tzinfo=UTC),  # midnight of the new year, WIB
    ],
)
def test_none_is_early_and_a_clock_that_goes_back_fires_none_again(office: Office, due: datetime) -> None:
    waiting_cases(office, 1)
    with office.database.transaction() as session:
        session.execute(sa.update(Timer).values(due_at=due))
    for moment, expected in ((due - timedelta(seconds=1), 0), (due, 1), (due - timedelta(days=1), 0), (due + timedelta(days=1), 0)):
        with time_machine.travel(moment, tick=False):
            assert fire_due_timers(office.database) == expected, moment
    assert told_once(office)
