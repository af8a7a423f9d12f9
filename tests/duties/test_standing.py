"""How duties stand: real cases, a clock that travels."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from app.duties import Standing, note_date
from app.errors import Forbidden, InvalidAnswers, NotFound
from app.instances import cancel_instance
from tests.support.agenda import AFTER_EVENT, add, agenda, duty_of, reminders, seed
from tests.support.office import SOP, Office

BEFORE = "2025-11-30T10:00+07:00"
OFFERED = "2026-01-05T10:00+07:00"
LATE = "2026-04-02T10:00+07:00"
SURVEY = "sop_07_skm"


def one(office: Office, year: int = 2026) -> Standing:
    (found,) = agenda(office, year)
    return found


@pytest.mark.parametrize(
    ("today", "state", "days_late"),
    [
        (BEFORE, "early", 0),
        ("2025-12-31T10:00+07:00", "open", 0),
        ("2026-03-31T23:59+07:00", "open", 0),
        ("2026-04-01T00:00+07:00", "late", 1),
        ("2026-04-06T08:00+07:00", "late", 3),  # Good Friday on the 3rd
    ],
)
def test_a_duty_without_a_case_follows_the_calendar(small_office: Office, today: str, state: str, days_late: int) -> None:
    add(small_office)
    with time_machine.travel(today, tick=False):
        found = one(small_office)
    assert (found.title, found.state, found.days_late) == ("LAKIP 2025", state, days_late)


def test_on_the_weekend_after_it_is_past_and_not_a_working_day_late(small_office: Office) -> None:
    add(small_office, hari_1=27)  # a Friday
    with time_machine.travel("2026-03-28T10:00+07:00", tick=False):
        found = one(small_office)
    assert (found.state, found.is_past, found.days_late) == ("late", True, 0)


def test_what_fell_due_before_anybody_counted_is_no_delay(small_office: Office) -> None:
    add(small_office, sejak="2026-04-01")
    with time_machine.travel(LATE, tick=False):
        assert one(small_office).state == "before"
        assert reminders(small_office) == []


def test_from_begun_to_finished(office: Office) -> None:
    add(office)
    with time_machine.travel(OFFERED) as clock:
        case = office.start()
        office.run_until(case, "Task_4b")
        running = one(office)
        office.run_until(case, "Task_7b")
        asked = one(office)
        clock.move_to(LATE)
        past = one(office)
        office.finish(case)
        finished = one(office)
    assert (running.state, running.case and running.case.id, running.is_past) == ("running", case, False)
    assert running.where == [("Kabag Organisasi", "Memeriksa dan memaraf konsep surat")]
    assert len(asked.where) == 1  # however many OPD are asked
    assert (past.state, past.days_late) == ("running", 2)
    assert (finished.state, finished.days_late, finished.correction) == ("finished", 2, None)


def test_a_correction_leaves_a_duty_finished(small_office: Office) -> None:
    add(small_office)
    with time_machine.travel(OFFERED):
        small_office.finish(small_office.start())
        again = small_office.start()
        found = one(small_office)
    assert (found.state, found.correction and found.correction.id, found.days_late) == ("finished", again, 0)


def test_a_cancelled_case_fulfils_nothing(small_office: Office) -> None:
    add(small_office)
    with time_machine.travel(OFFERED):
        case = small_office.start()
        with small_office.database.transaction() as session:
            cancel_instance(session, small_office.actor("admin"), case, "Salah tahun.")
        assert one(small_office).state == "open"


def test_each_period_has_a_case_of_its_own(office: Office) -> None:
    add(
        office, SURVEY, hari_1=31, bulan_1=7, tahun_1=0, periode_1="Semester I",
        hari_2=31, bulan_2=1, tahun_2=1, periode_2="Semester II", dari_tahun=2026,
    )  # fmt: skip
    add(office, SURVEY, nama="Sedikitnya sekali setahun", bulan_1=12, tahun_1=0)
    with time_machine.travel("2026-07-01T10:00+07:00"):
        office.start(key=SURVEY, tahun=2026, periode="Semester II")
        found = agenda(office, 2026) + agenda(office, 2027)
    assert [(standing.title, standing.state) for standing in found][:3] == [
        ("SKM 2026 Semester I", "open"),
        ("SKM 2026", "running"),  # any period of the year
        ("SKM 2026 Semester II", "running"),
    ]


def test_a_day_that_somebody_types_in_makes_the_date(office: Office) -> None:
    duty = add(office, "sop_05_pk", "event", **AFTER_EVENT)
    with time_machine.travel(OFFERED):
        assert one(office).state == "undated"
        for _ in range(2):
            with office.database.transaction() as session:
                note_date(session, office.actor("tu"), duty, 2026, "2026-01-31")
        found = one(office)
    assert (found.state, found.occurrence.due) == ("open", date(2026, 2, 28))


@pytest.mark.parametrize(
    ("by", "year", "text", "refused"),
    [
        ("kabag", 2026, "2026-01-31", Forbidden),
        ("tu", 2023, "2023-01-31", NotFound),
        ("tu", 2026, "", InvalidAnswers),
        ("tu", 2026, "31 Januari", InvalidAnswers),
        ("tu", 2026, "2062-01-31", InvalidAnswers),
        ("tu", 2026, "9999-12-31", InvalidAnswers),
    ],
)
def test_a_day_that_cannot_be(small_office: Office, by: str, year: int, text: str, refused: type[Exception]) -> None:
    duty = add(small_office, "sop_05_pk", "event", **AFTER_EVENT)
    with pytest.raises(refused), small_office.database.transaction() as session:
        note_date(session, small_office.actor(by), duty, year, text)


def test_seven_shipped_ones_make_a_year(small_office: Office) -> None:
    seed(small_office)
    with time_machine.travel("2026-02-02T10:00+07:00"):
        assert [(found.title, found.state) for found in agenda(small_office, 2026)] == [
            ("IKU 2025–2029", "before"),
            ("SKM 2025 Semester II", "late"),
            ("LAKIP 2025", "open"),
            ("RKT 2027", "early"),
            ("SKM 2026 Semester I", "early"),
            ("Fasilitasi SOP dan SP 2026", "early"),
            ("Monev Pelayanan Publik 2026", "early"),
            ("PK 2026", "undated"),
        ]
        assert [found.title for found in reminders(small_office)] == ["SKM 2025 Semester II", "LAKIP 2025", "PK 2026"]
        small_office.start(key="sop_05_pk", tahun=2026)
        small_office.start()
        assert [found.title for found in reminders(small_office)] == ["SKM 2025 Semester II"]


def test_shipped_duties_come_once_and_stay_the_office_s_own(small_office: Office) -> None:
    seed(small_office)
    with small_office.database.transaction() as session:
        session.get_one(type(duty_of(small_office, "laporan_kinerja")), duty_of(small_office, "laporan_kinerja").id).is_active = False
    seed(small_office)
    assert not duty_of(small_office, "laporan_kinerja").is_active


@pytest.mark.parametrize(("by", "titles"), [("tu", ["LAKIP 2025"]), ("kabag", []), ("opd.dinas_kesehatan", []), ("auditor", [])])
def test_only_who_may_start_it_is_reminded(small_office: Office, by: str, titles: list[str]) -> None:
    add(small_office, SOP)
    with time_machine.travel(OFFERED):
        assert [found.title for found in reminders(small_office, by)] == titles
