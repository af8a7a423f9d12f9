"""T1 to T9: what is measured, on one database kind. Each gives lines (target, measured, limit); a line without a limit informs."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.request import urlopen
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import event

from app import engine, instances
from app.config import ROOT
from app.db import Database
from app.models import Definition, Instance, InstanceState, Membership, OrgUnit, Task, User
from bench.filling import fill_up
from bench.measuring import Client, cost, in_turns, medians
from bench.places import Place, sign_in
from tests.support.office import ANSWERS, Office, posted
from tests.support.site import Site, hidden

Places = Callable[[], Place]


@dataclass(frozen=True)
class Line:
    """limit: None where the line only informs. unit: written after both."""

    target: str
    what: str
    measured: float
    limit: float | None = None
    unit: str = ""

    @property
    def holds(self) -> bool:
        return self.limit is None or self.measured <= self.limit


def complete_over_http(places: Places, rounds: int) -> Iterator[Line]:
    """T1: POST of a user task, from the request line to the worker's rest."""
    place = places()
    tasks = _open_tasks(place.office, rounds + 5)
    site = place.serve()
    completing, floor = _completing(site, tasks), place.floor()
    for number in range(5):  # warm: the specs are parsed, the pools filled
        completing(number), floor(number)
    found = in_turns({"floor": floor, "complete": lambda number: completing(number + 5)}, rounds)
    middle = medians(found)
    yield Line("T1", "complete a user task over HTTP / floor", middle["complete"] / middle["floor"], 2.5)
    yield Line("", "floor, CPU", 1000 * middle["floor"], unit=" ms")
    yield Line("", "completion, CPU", 1000 * middle["complete"], unit=" ms")


def inbox(places: Places, rounds: int) -> Iterator[Line]:
    """T2: the queries of the inbox page in this process, against one whole request of the floor."""
    place = places()
    _open_tasks(place.office, 40)
    floor, actor, site = place.floor(), place.office.actor("tu"), place.serve()
    client = sign_in(site, "tu")

    def query(_number: int) -> float:
        with place.database.reading() as session:
            return cost(lambda: (instances.inbox_counts(session, actor), instances.inbox_for(session, actor, "kelompok")))

    def page(_number: int) -> float:
        client.ask("GET", "/tugas?kotak=kelompok")
        return client.spent

    found = medians(in_turns({"floor": floor, "query": query, "page": page}, rounds))
    yield Line("T2", "inbox: its queries / floor", found["query"] / found["floor"], 1.0)
    with counting(place.database) as counts, place.database.reading() as session:
        instances.inbox_for(session, actor, "kelompok")
    yield Line("", "inbox: the whole page / floor", found["page"] / found["floor"])
    yield Line("", "inbox: statements of the list and its total", counts["statements"])


def many_cases(places: Places, rounds: int, many: int) -> Iterator[Line]:
    """T3: the same completion and inbox among a hundred cases and among a hundred thousand."""
    works = {}
    for name, count in (("few", 100), ("many", many)):
        place = places()
        tasks = _open_tasks(place.office, rounds + 5)
        fill_up(place.office, count)
        site = place.serve()
        client, completing = sign_in(site, "tu"), _completing(site, tasks)
        for number in range(5):
            completing(number), client.ask("GET", "/tugas?kotak=kelompok")
        works[f"complete {name}"] = lambda number, completing=completing: completing(number + 5)
        works[f"inbox {name}"] = _asking(client, "/tugas?kotak=kelompok")
    found = medians(in_turns(works, rounds))
    yield Line("T3", f"complete: {many} cases / 100", found["complete many"] / found["complete few"], 1.4)
    yield Line("T3", f"inbox: {many} cases / 100", found["inbox many"] / found["inbox few"], 1.2)


def long_history(places: Places, rounds: int, returns: int) -> Iterator[Line]:
    """T4: a decision after so many returns against one after the first."""
    place = places()
    office = place.office
    young, old = (_at_decision(office, name) for name in ("young", "old"))
    _return(office, young, 1)
    _return(office, old, returns)
    sizes = {}
    for name, case in (("young", young), ("old", old)):
        with office.database.reading() as session:
            sizes[name] = len(session.get_one(InstanceState, case).blob)

    def once(case: int) -> Callable[[int], float]:
        return lambda _number: _return(office, case, 1)

    found = medians(in_turns({"young": once(young), "old": once(old)}, rounds))
    yield Line("T4", f"CPU after {returns} returns / after 1", found["old"] / found["young"], 1.3)
    yield Line("T4", f"state after {returns} returns / after 1", sizes["old"] / sizes["young"], 1.3)
    yield Line("", "and the task is still found (1 = yes)", float(office.task("Task_4b", case=old).round == returns + rounds + 1))


def fan_out(places: Places, rounds: int, many: int) -> Iterator[Line]:
    """T5: one OPD's task among a thousand against one that is alone; a thousand together against ten, each."""
    place = places()
    office = place.office
    units = [f"opd_{number}" for number in range(many)]
    _add_units(office, units)
    big = _at_collection(office, units, "big")
    small = [_at_collection(office, [units[number]], f"small{number}") for number in range(rounds)]

    def one_of(case: int, unit: str) -> float:
        return _send_item(office, case, unit)

    works = {"many": lambda number: one_of(big, units[number]), "alone": lambda number: one_of(small[number], units[number])}
    found = medians(in_turns(works, rounds))
    yield Line("T5", f"one of {many} OPD / the only one", found["many"] / found["alone"], 1.5)
    rest = [one_of(big, unit) for unit in units[rounds:]]
    quarter = len(rest) // 4
    yield Line("T5", "the last quarter of them / the first (1 = linear)", median(rest[-quarter:]) / median(rest[:quarter]), 1.3)


def state_size(places: Places) -> Iterator[Line]:
    """T6: bytes before compression at every step of SOP 02, with two OPD and with 39."""
    place = places()
    office, largest, over_opd = place.office, 0, []
    with office.database.reading() as session:
        every = list(session.scalars(sa.select(OrgUnit.id).order_by(OrgUnit.id)))
    for name, opd in (("two", every[:2]), ("all", every)):
        case, own = _start(office, name), 0
        while waiting := office.open(case):
            if waiting[0].item is None:
                size = _plain_size(office, case)
                own = max(own, size - (len(json.dumps(opd)) if waiting[0].element == "Task_7b" else 0))
                largest = max(largest, size)
            extra = {"daftar_opd": opd} if waiting[0].element == "Task_4a" else {}
            office.do(case, waiting[0].element, item=waiting[0].item, **extra)
        over_opd.append(own)
    yield Line("T6", "largest state of SOP 02, before compression", largest / 1024, 8, " KB")
    yield Line("T6", f"largest with {len(every)} OPD / with 2, the collection itself excepted", over_opd[1] / over_opd[0], 1.1)


def statements(places: Places) -> Iterator[Line]:
    """T7, counted as tests/instances/test_size.py asserts it; one more statement belongs to the session of the person."""
    place = places()
    office, case = place.office, _at_decision(place.office, "count")
    task, kabag = office.task("Task_4b", case=case), office.actor("kabag")
    with counting(office.database) as counts, office.database.transaction() as session:
        instances.complete_task(session, kabag, task.id, posted({"keputusan_kabag": "ya"}), uuid4().hex)
    yield Line("T7", "statements of a completion", counts["statements"] + 1, 12)
    yield Line("T7", "commits of a completion", counts["commits"], 1)


def trail(places: Places, rounds: int) -> Iterator[Line]:
    """T8: the page of a case with a thousand events."""
    place = places()
    case = _at_decision(place.office, "trail")
    while len(place.office.events(case)) < 1000:
        _return(place.office, case, 50)
    site, floor = place.serve(), place.floor()
    asking = _asking(sign_in(site, "auditor"), f"/pelaksanaan/{case}")
    for number in range(3):
        asking(number), floor(number)
    found = medians(in_turns({"floor": floor, "page": asking}, rounds))
    yield Line("T8", f"page of a case with {len(place.office.events(case))} events / floor", found["page"] / found["floor"], 3)


def starting() -> Iterator[Line]:
    """T9: `run.py` on an empty folder, and again."""
    with TemporaryDirectory(prefix="alur-start-") as name:
        yield Line("T9", "cold start to the first page", _first_page(Path(name)), 60, " s")
        yield Line("T9", "warm start to the first page", _first_page(Path(name)), 3, " s")


@contextmanager
def counting(database: Database) -> Iterator[dict[str, int]]:
    counts = {"statements": 0, "commits": 0}

    def statement(_connection: object, _cursor: object, text: str, *_more: object) -> None:
        counts["statements"] += not text.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))

    def commit(_connection: sa.Connection) -> None:
        counts["commits"] += 1

    event.listen(database.engine, "before_cursor_execute", statement)
    event.listen(database.engine, "commit", commit)
    try:
        yield counts
    finally:
        event.remove(database.engine, "before_cursor_execute", statement)
        event.remove(database.engine, "commit", commit)


def _asking(client: Client, path: str) -> Callable[[int], float]:
    def work(_number: int) -> float:
        client.ask("GET", path)
        return client.spent

    return work


def _completing(site: Site, tasks: Sequence[Task]) -> Callable[[int], float]:
    client = sign_in(site, "tu")
    csrf = hidden(client.ask("GET", f"/tugas/{tasks[0].id}"))["csrf_token"]

    def work(number: int) -> float:
        fields = {"csrf_token": csrf, "token": uuid4().hex, "nomor_agenda": f"{number}/2026"}
        client.ask("POST", f"/tugas/{tasks[number].id}", fields, status=303)
        return client.spent

    return work


def _start(office: Office, name: str) -> int:
    """Beside others of the same year: only the key that forbids it is another."""
    case = office.start()
    with office.database.transaction() as session:
        session.get_one(Instance, case).business_key = f"ukur|{name}"
    return case


def _open_tasks(office: Office, count: int) -> list[Task]:
    return [office.task("Task_2", case=_start(office, str(number))) for number in range(count)]


def _at_decision(office: Office, name: str) -> int:
    case = _start(office, name)
    office.run_until(case, "Task_4b", opd=["setda"])
    return case


def _at_collection(office: Office, units: list[str], name: str) -> int:
    case = _start(office, name)
    office.run_until(case, "Task_7b", opd=units)
    return case


def _return(office: Office, case: int, times: int) -> float:
    """CPU of the last decision; the draft in between is not measured."""
    kabag, spent = office.actor("kabag"), 0.0
    answers = posted({"keputusan_kabag": "tidak", "catatan_kabag": "Lagi."})
    for _ in range(times):
        task = office.task("Task_4b", case=case).id

        def decide(task: object = task) -> None:
            with office.database.transaction() as session:
                instances.complete_task(session, kabag, task, answers, uuid4().hex)  # type: ignore[arg-type]

        spent = cost(decide)
        office.do(case, "Task_4a", daftar_opd=["setda"])
    return spent


def _add_units(office: Office, units: Sequence[str]) -> None:
    since = date(2017, 1, 1)
    with office.database.transaction() as session:
        session.add_all(OrgUnit(id=id, name=f"OPD {id}", kind="Dinas", valid_from=since) for id in units)
        session.flush()
        model = session.scalars(sa.select(User).where(User.username == "opd.setda")).one()
        common = {"position": "", "password_hash": model.password_hash, "is_active": True, "created_at": model.created_at}
        people = [User(username=id, name=id, org_unit_id=id, **common) for id in units]
        session.add_all(people)
        session.flush()
        session.add_all(Membership(user_id=person.id, group_key="opd", valid_from=since) for person in people)


def _send_item(office: Office, case: int, unit: str) -> float:
    actor, task, token = office.actor(unit), office.task("Task_7b", unit, case), uuid4().hex
    office._attach(actor, token, task.form_id, office.instance(case).definition_id)

    def send() -> None:
        with office.database.transaction() as session:
            instances.complete_task(session, actor, task.id, posted(ANSWERS["Task_7b"]), token)

    return cost(send)


def _plain_size(office: Office, case: int) -> int:
    with office.database.reading() as session:
        instance, state = session.get_one(Instance, case), session.get_one(InstanceState, case)
        definition = session.get_one(Definition, instance.definition_id)
        place = engine.state.Place(case, definition.digest, state.sequence)
        return len(engine.unseal(state.blob, place, office.database._reader.kw["info"]["keys"]))


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
