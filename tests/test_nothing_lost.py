"""kill -9 and crashes of the database while people work: what was acknowledged is there, once; and a backup made meanwhile is whole."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, takewhile
from pathlib import Path
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app import audit, backup, definitions
from app.db import Database
from app.errors import Busy
from app.models import Event, Instance, Task
from tests.support.bundles import SIDE_BY_SIDE
from tests.support.figures import Figure
from tests.support.office import Office, fill, make_database
from tests.support.postgres import Cluster, running_server
from tests.support.site import Site, serving_app
from tests.support.surviving import Broken, Caller, killing

Found = TypeVar("Found")
DESKS = 3  # cases worked on beside each other, each with two people
WELL_UNDER_WAY = 40  # deeds
GIVE_UP = 60  # seconds for one deed, however many workers die
WEB = ("--workers", "3", "--threads", "2", "--preload")  # loaded once: a killed worker is back at once
MINUTES = float(os.environ.get("ALUR_STORM_MINUTES", "30"))


@dataclass(frozen=True)
class Deed:
    """What was acknowledged."""

    token: str
    texts: Mapping[str, str]


@dataclass
class Storm:
    """acknowledged: {task id: deed}. again: how often something was sent again."""

    office: Office
    site: Site
    acknowledged: dict[UUID, Deed] = field(default_factory=dict)
    again: int = 0
    well_under_way: threading.Event = field(default_factory=threading.Event)
    people: tuple[Caller, ...] = ()

    def sign_in(self) -> None:
        self.people = (Caller(self.site), Caller(self.site))
        for person, name in zip(self.people, ("tu", "tu2"), strict=True):
            person.sign_in(name)

    def send(self, person: Caller, path: str, **texts: str) -> None:
        """Until it is acknowledged, with one token all along."""
        token, until = uuid4().hex, time.monotonic() + GIVE_UP
        while True:
            try:
                answer = person.post(path, {"csrf_token": person.csrf, "token": token, **texts})
            except Broken:
                pass
            else:
                if answer.status == 303 and answer.location.endswith("/selesai"):
                    self.acknowledged[UUID(answer.location.split("/")[2])] = Deed(token, texts)
                    if len(self.acknowledged) >= WELL_UNDER_WAY:
                        self.well_under_way.set()
                    return
                assert answer.status == 503, (path, answer)
            self.again += 1
            assert time.monotonic() < until, f"{path} was never acknowledged"

    def task(self, element: str, case: int) -> str:
        return f"/tugas/{patient(lambda: self.office.task(element, case=case)).id}"

    def case_of(self, year: str) -> int:
        with self.office.database.reading() as session:
            return session.scalars(select(Instance.id).where(Instance.business_key == f"p:{year}")).one()

    def work(self, number: int) -> None:
        """A case from beginning to end: two rounds, and in each of them two people at one moment."""
        year, (tu, rina) = str(number), self.people
        self.send(tu, "/mulai/p", tahun=year)
        case = patient(lambda: self.case_of(year))
        for decision in ("tidak", "ya"):
            self.send(rina, self.task("T", case), keputusan=decision, batas=f"{number} {decision}")
            with ThreadPoolExecutor(2) as both:
                deeds = [
                    both.submit(self.send, person, self.task(element, case), jawaban=f"{element} {number} {decision}")
                    for person, element in ((tu, "A"), (rina, "B"))
                ]
                for deed in deeds:
                    deed.result()

    def work_all(self, numbers: Iterator[int]) -> None:
        lock = threading.Lock()

        def desk(_place: int) -> None:
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                self.work(number)

        with ThreadPoolExecutor(DESKS) as pool:
            list(pool.map(desk, range(DESKS)))


@dataclass(frozen=True)
class Reckoning:
    lost: int
    doubled: int
    unasked: int  # done, and nobody was told
    broken: int  # cases whose trail, rows and engine do not agree
    cases: int

    def __str__(self) -> str:
        return f"lost {self.lost}, doubled {self.doubled}, unasked {self.unasked}, {self.broken} of {self.cases} cases do not verify"


def reckon(database: Database, acknowledged: Mapping[UUID, Deed]) -> Reckoning:
    with database.reading() as session:
        instances = {one.id: one for one in session.scalars(select(Instance).where(Instance.key == "p"))}
        rows = {row.id: row for row in session.scalars(select(Task).where(Task.instance_id.in_(instances), Task.state == "done"))}
        told = session.scalars(select(Event.data).where(Event.instance_id.in_(instances), Event.kind == "step"))
        times = Counter(UUID(data["task"]) for data in map(json.loads, told) if "task" in data)
        broken = sum(audit.verify_instance(session, one).problems != () for one in instances.values())
    lost = [
        id for id, deed in acknowledged.items() if id not in rows or Deed(str(rows[id].token), _texts(rows[id])) != deed or not times[id]
    ]
    doubled = [id for id, number in times.items() if number > 1]
    return Reckoning(len(lost), len(doubled), len(set(rows) - set(acknowledged)), broken, len(instances))


def _texts(row: Task) -> dict[str, str]:
    return {key: str(value) for key, value in (row.answers or {}).items() if value is not None}


def patient(ask: Callable[[], Found]) -> Found:
    """The test itself reads the database, which may just be down."""
    until = time.monotonic() + GIVE_UP
    while True:
        try:
            return ask()
        except (Busy, OperationalError):
            assert time.monotonic() < until, "the database did not come back"


def numbers_for(seconds: float) -> Iterator[int]:
    until = time.monotonic() + seconds
    return takewhile(lambda _number: time.monotonic() < until, count(1))


@contextmanager
def storming(database: Database) -> Iterator[Storm]:
    office = Office(database)
    with database.transaction() as session:
        definitions.deploy(session, SIDE_BY_SIDE)
    office.start()  # a case with a file, for the backup
    with serving_app(database, *WEB) as site:
        storm = Storm(office, site)
        storm.sign_in()
        yield storm


@pytest.mark.parametrize("cases", [pytest.param(16, id="short"), pytest.param(0, id="long", marks=pytest.mark.long)])
def test_no_acknowledged_step_is_lost_or_doubled_through_kill_9(database: Database, tmp_path: Path, cases: int, figure: Figure) -> None:
    numbers = iter(range(1, cases + 1)) if cases else numbers_for(60 * MINUTES)
    with storming(database) as storm, killing(storm.site, (0.05, 0.4)) as dead, ThreadPoolExecutor(1) as aside:
        working = aside.submit(storm.work_all, numbers)
        assert storm.well_under_way.wait(GIVE_UP)
        before = dict(storm.acknowledged)
        made = backup.make_backup(database, storm.office.storage, tmp_path / "cadangan")
        working.result()
    found, name = reckon(database, storm.acknowledged), database.engine.name
    figure("Janji 1", f"{name}: {len(storm.acknowledged)} steps, {len(dead)} workers killed, {storm.again} sent again: {found}")
    assert (found.lost, found.doubled, found.unasked, found.broken) == (0, 0, 0, 0)
    assert len(dead) >= 3 and found.cases >= cases
    assert made.missing == () and made.files == 1
    assert_a_backup_goes_on(tmp_path, before, figure, name)


def assert_a_backup_goes_on(folder: Path, before: Mapping[UUID, Deed], figure: Figure, name: str) -> None:
    """before: what had been acknowledged when it was begun."""
    shutil.copy(folder / "keys.json", folder / "cadangan")
    restored = Office(make_database("", folder / "cadangan"))
    found = reckon(restored.database, before)
    with restored.database.reading() as session:
        running = list(session.scalars(select(Instance.id).where(Instance.key == "p", Instance.state == "running")))
    for case in running:
        while waiting := restored.open(case):
            restored.submit(waiting[0], "tu", **({"keputusan": "ya"} if waiting[0].element == "T" else {}))
    after = reckon(restored.database, before)
    restored.database.dispose()
    figure(
        "Janji 14",
        f"{name}: backup in the storm, {len(before)} steps before it: lost {found.lost}, {len(running)} cases went on to their end",
    )
    assert (found.lost, found.doubled, found.broken) == (after.lost, after.doubled, after.broken) == (0, 0, 0)


@pytest.mark.long
def test_a_crash_of_the_database_loses_nothing(tmp_path: Path, figure: Figure) -> None:
    """With the server's own settings for safety, which tests leave out elsewhere."""
    with running_server() as server:
        database = make_database(server.url.render_as_string(hide_password=False), tmp_path)
        database.migrate()
        fill(database)
        over, crashes = threading.Event(), list[float]()
        with storming(database) as storm:
            thread = threading.Thread(target=lambda: crash_every_three_seconds(server, over, crashes))
            thread.start()
            try:
                storm.work_all(numbers_for(60))
            finally:
                over.set()
                thread.join()
        found = reckon(database, storm.acknowledged)
        database.dispose()
    slowest = max(crashes)
    figure("Janji 2", f"{len(storm.acknowledged)} steps, {len(crashes)} crashes, serving again after {slowest:.1f} s at most: {found}")
    assert (found.lost, found.doubled, found.unasked, found.broken) == (0, 0, 0, 0)
    assert len(crashes) >= 5 and slowest <= 5


def crash_every_three_seconds(server: Cluster, over: threading.Event, crashes: list[float]) -> None:
    while not over.wait(3):
        began = time.monotonic()
        server.crash()
        crashes.append(time.monotonic() - began)
