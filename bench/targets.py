"""T1 to T8: what is measured, on one database kind. Each gives lines (target, measured, limit); a line without a limit informs."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import instances
from app.access import Actor
from app.models import InstanceState, OrgUnit, Task
from bench.cases import add_units, at_collection, at_decision, give_back, open_tasks, plain_size, send_item, start
from bench.filling import fill_up
from bench.measuring import Client, cost, in_turns, medians
from bench.places import Place, sign_in
from tests.support.counting import counting
from tests.support.office import posted
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
    tasks = open_tasks(place.office, rounds + 5)
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
    open_tasks(place.office, 40)
    floor, actor, site = place.floor(), place.office.actor("tu"), place.serve()
    client = sign_in(site, "tu")

    def query(_number: int) -> float:
        with place.database.reading() as session:
            return cost(lambda: _read_inbox(session, actor))

    def page(_number: int) -> float:
        client.ask("GET", "/tugas?kotak=kelompok")
        return client.spent

    found = medians(in_turns({"floor": floor, "query": query, "page": page}, rounds))
    yield Line("T2", "inbox: its queries / floor", found["query"] / found["floor"], 1.0)
    with counting(place.database) as counts, place.database.reading() as session:
        _read_inbox(session, actor)
    yield Line("", "inbox: the whole page / floor", found["page"] / found["floor"])
    yield Line("", "inbox: statements of the list and of the counts", counts["statements"])


def many_cases(places: Places, rounds: int, many: int) -> Iterator[Line]:
    """T3: the same completion and inbox among a hundred cases and among a hundred thousand."""
    works = {}
    for name, count in (("few", 100), ("many", many)):
        place = places()
        tasks = open_tasks(place.office, rounds + 5)
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
    young, old = (at_decision(office, name) for name in ("young", "old"))
    give_back(office, young, 1)
    give_back(office, old, returns)
    sizes = {}
    for name, case in (("young", young), ("old", old)):
        with office.database.reading() as session:
            sizes[name] = len(session.get_one(InstanceState, case).blob)

    def once(case: int) -> Callable[[int], float]:
        return lambda _number: give_back(office, case, 1)

    found = medians(in_turns({"young": once(young), "old": once(old)}, rounds))
    yield Line("T4", f"CPU after {returns} returns / after 1", found["old"] / found["young"], 1.3)
    yield Line("T4", f"state after {returns} returns / after 1", sizes["old"] / sizes["young"], 1.3)
    yield Line("", "and the task is still found (1 = yes)", float(office.task("Task_4b", case=old).round == returns + rounds + 1))


def fan_out(places: Places, rounds: int, many: int) -> Iterator[Line]:
    """T5: one OPD's task among a thousand against one that is alone; a thousand together against ten, each."""
    place = places()
    office = place.office
    units = [f"opd_{number}" for number in range(many)]
    add_units(office, units)
    big = at_collection(office, units, "big")
    small = [at_collection(office, [units[number]], f"small{number}") for number in range(rounds)]

    def one_of(case: int, unit: str) -> float:
        return send_item(office, case, unit)

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
        case, own = start(office, name), 0
        while waiting := office.open(case):
            if waiting[0].item is None:
                size = plain_size(office, case)
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
    office, case = place.office, at_decision(place.office, "count")
    task, kabag = office.task("Task_4b", case=case), office.actor("kabag")
    with counting(office.database) as counts, office.database.transaction() as session:
        instances.complete_task(session, kabag, task.id, posted({"keputusan_kabag": "ya"}), uuid4().hex)
    yield Line("T7", "statements of a completion", counts["statements"] + 1, 12)
    yield Line("T7", "commits of a completion", counts["commits"], 1)


def trail(places: Places, rounds: int) -> Iterator[Line]:
    """T8: the page of a case with a thousand events."""
    place = places()
    case = at_decision(place.office, "trail")
    while len(place.office.events(case)) < 1000:
        give_back(place.office, case, 50)
    site, floor = place.serve(), place.floor()
    asking = _asking(sign_in(site, "auditor"), f"/pelaksanaan/{case}")
    for number in range(3):
        asking(number), floor(number)
    found = medians(in_turns({"floor": floor, "page": asking}, rounds))
    yield Line("T8", f"page of a case with {len(place.office.events(case))} events / floor", found["page"] / found["floor"], 3)


def _read_inbox(session: Session, actor: Actor) -> None:
    """As the page does."""
    counts = instances.inbox_counts(session, actor)
    instances.inbox_for(session, actor, "kelompok", total=counts["kelompok"])


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
