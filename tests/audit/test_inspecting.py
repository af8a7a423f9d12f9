"""The auditor's list on both databases: what is chosen, what marks a case carries, how many statements that costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine

from app.audit.deviations import counts_of, find_deviations
from app.audit.evidence import load_evidence
from app.audit.inspecting import InspectedCase, Selection, case_to_inspect_for, cases_to_inspect_for, choices_for_inspecting
from app.errors import Forbidden, NotFound
from app.models import Definition, Instance
from tests.instances.test_size import counting
from tests.support import deeds
from tests.support.office import Office

TWO = ["dinas_kesehatan", "dinas_pendidikan"]


@pytest.fixture
def clock(office: Office) -> Iterator[time_machine.Coordinates]:
    deeds.long_in_office(office)
    with time_machine.travel("2026-06-08 08:00:00+07:00") as traveller:
        yield traveller


def listed(office: Office, **chosen: object) -> list[InspectedCase]:
    with office.database.reading() as session:
        rows, total = cases_to_inspect_for(session, office.actor("auditor"), Selection(**chosen))  # type: ignore[arg-type]
    assert total == len(rows)
    return rows


def ids(office: Office, **chosen: object) -> list[int]:
    return [row.instance.id for row in listed(office, **chosen)]


def eventful(office: Office, clock: time_machine.Coordinates) -> int:
    """Returned once by Kabag, once to an OPD, decided on paper once, one OPD late, one missing."""
    case = office.start()
    office.run_until(case, "Task_4a")
    office.do(case, "Task_4a", batas_waktu_opd="2026-06-10")
    office.do(case, "Task_4b", "tidak")
    office.do(case, "Task_4a", batas_waktu_opd="2026-06-10", daftar_opd=[*TWO, "setda"])
    office.run_until(case, "Task_5a")
    deeds.decide_on_paper(office, "Task_5a", date(2026, 6, 8))
    office.run_until(case, "Task_7b")
    deeds.return_to_unit(office, deeds.send(office, "setda").id)
    clock.move_to("2026-06-11 09:00:00+07:00")
    office.accept(deeds.send(office, "setda").id)
    office.accept(deeds.send(office, TWO[0]).id)
    deeds.close(office, case)
    return case


@pytest.fixture
def cases(office: Office, clock: time_machine.Coordinates) -> tuple[int, int, int]:
    """(eventful 2025, cancelled 2024 without anything, running 2026 by the book)"""
    first = eventful(office, clock)
    second = office.start(tahun=2024)
    with office.database.transaction() as session:
        session.get_one(Instance, second).state = "cancelled"
    clock.move_to("2026-06-12 09:00:00+07:00")
    third = office.start(by="tu2", tahun=2026)
    return first, second, third


def test_every_filter(office: Office, cases: tuple[int, int, int]) -> None:
    """One test, because the cases take longer to make than to choose."""
    first, second, third = cases
    expected: list[tuple[dict[str, object], list[int]]] = [
        ({}, [third, second, first]),
        ({"key": "sop_02_lakip"}, [third, second, first]),
        ({"key": "sop_99"}, []),
        ({"year": "2025"}, [first]),
        ({"year": "202"}, []),
        ({"state": "cancelled"}, [second]),
        ({"unit": "setda"}, [first]),
        ({"unit": "bpbd"}, []),
        ({"person": "zulkifli"}, [first]),
        ({"person": "rina"}, [third]),
        ({"person": "tu2"}, [third]),
        ({"person": "50%"}, []),
        ({"search": "2024"}, [second]),
        ({"search": "_"}, []),
        ({"late": True}, [first]),
        ({"returned": True}, [first]),
        ({"paper": True}, [first]),
        ({"paper": True, "year": "2026"}, []),
    ]
    for chosen, found in expected:
        assert ids(office, **chosen) == found, chosen


def test_the_marks_are_the_numbers_of_the_summary(office: Office, cases: tuple[int, int, int]) -> None:
    row = listed(office, late=True)[0]
    assert (row.late, row.returned, row.paper, row.missing) == (1, 2, 1, 1)
    with office.database.reading() as session:
        found = find_deviations(load_evidence(session, row.instance, session.get_one(Definition, row.instance.definition_id)))
    counts = counts_of(found)
    assert (counts["terlambat"], counts["perbaikan"], counts["naskah-fisik"], counts["dilewati"]) == (1, 2, 1, 1)


def test_paper_received_in_time_and_recorded_after_the_deadline_is_not_late(office: Office, clock: time_machine.Coordinates) -> None:
    """The day counts at the office, not in UTC: until the deadline's day is over."""
    case = office.start()
    office.run_until(case, "Task_4a")
    office.do(case, "Task_4a", batas_waktu_opd="2026-06-10")
    office.run_until(case, "Task_7b")
    clock.move_to("2026-06-12 09:00:00+07:00")
    deeds.receive_outside(office, office.task("Task_7b", TWO[0]).id, date(2026, 6, 10))
    assert listed(office)[0].late == 1  # the other one, still waited for
    deeds.receive_outside(office, office.task("Task_7b", TWO[1]).id, date(2026, 6, 11))
    assert listed(office)[0].late == 1


def test_a_return_taken_back_does_not_count(office: Office, clock: time_machine.Coordinates) -> None:
    case = office.start()
    office.run_until(case, "Task_4b")
    deeds.recall(office, office.do(case, "Task_4b", "tidak"), "kabag")
    assert (listed(office)[0].returned, ids(office, returned=True)) == (0, [])


@pytest.fixture
def plain_cases(office: Office) -> tuple[int, int, int]:
    """Just started, the first first."""
    return office.start(tahun=2025), office.start(tahun=2024), office.start(tahun=2026)


def test_a_page_costs_four_statements_however_many_cases(office: Office, plain_cases: tuple[int, int, int]) -> None:
    actor = office.actor("auditor")
    for size in (1, 3):
        with counting(office.database) as counts, office.database.reading() as session:
            rows, total = cases_to_inspect_for(session, actor, Selection(), size=size)
        assert (len(rows), total, counts) == (size, 3, {"statements": 4, "commits": 0})


def test_pages_follow_one_another(office: Office, plain_cases: tuple[int, int, int]) -> None:
    with office.database.reading() as session:
        pages = [cases_to_inspect_for(session, office.actor("admin"), Selection(), page, 2)[0] for page in (1, 2, 3)]
    first, second, third = plain_cases
    assert [[row.instance.id for row in page] for page in pages] == [[third, second], [first], []]


def test_the_choices_are_those_there_are(office: Office, plain_cases: tuple[int, int, int]) -> None:
    with office.database.reading() as session:
        found = choices_for_inspecting(session)
    assert (found.years, len(found.units)) == (["2026", "2025", "2024"], 39)
    assert ("sop_02_lakip", "02", "LAKIP") in found.sops


@pytest.mark.parametrize("load", [cases_to_inspect_for, case_to_inspect_for])
@pytest.mark.parametrize("username", ["kabag", "tu", "analis", "opd.setda"])
def test_only_auditors_and_admins_read_here(small_office: Office, username: str, load: Callable[..., object]) -> None:
    with small_office.database.reading() as session, pytest.raises(Forbidden, match="auditor dan admin"):
        load(session, small_office.actor(username), 999)


def test_an_auditor_asks_for_a_case_that_is_not_there(small_office: Office) -> None:
    with small_office.database.reading() as session, pytest.raises(NotFound):
        case_to_inspect_for(session, small_office.actor("auditor"), 999)
