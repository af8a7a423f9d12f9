"""Deadlines that come from norms, on real tasks: when they are, when they begin anew, and that they follow the calendar."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine

from app import keys, offices
from app import office_calendar as calendars
from app.db import Database
from app.errors import Conflict, Forbidden, InvalidAnswers
from app.jobs import reckon_deadlines
from app.models import Task
from app.office_calendar import DayDetails, Details, RamadanDetails, Row
from app.worktime import RAMADAN
from tests.support import deeds
from tests.support.office import Office, redraw
from tests.test_worktime import at

HOLIDAY = DayDetails(date(2026, 6, 9), "libur-daerah", "Hari Jadi Kabupaten", "SE Bupati 5/2026")


@pytest.fixture
def clock(small_office: Office) -> Iterator[time_machine.Coordinates]:
    deeds.long_in_office(small_office)
    with time_machine.travel("2026-06-08 08:00:00+07:00", tick=False) as traveller:
        yield traveller


def keep(office: Office, wanted: Details, number: int | None = None, edition: int = 0, by: str = "admin") -> Row:
    kind: calendars.RowKind = "hari" if isinstance(wanted, DayDetails) else "ramadan"
    with office.database.transaction() as session:
        return calendars.keep_row(session, office.actor(by), kind, number, wanted, edition)


def open_at(office: Office, clock: time_machine.Coordinates, moment: str, element: str) -> Task:
    """A case that comes to this step at that moment."""
    clock.move_to(at(moment))
    case = office.start()
    office.run_until(case, element, opd=["setda"])
    return office.task(element, "setda" if element == "Task_7b" else None, case)


@pytest.mark.parametrize(
    ("element", "opened", "due"),
    [
        ("Task_2", "2026-06-08 08:00", "2026-06-08 08:05"),
        ("Task_2", "2026-06-08 22:00", "2026-06-09 07:35"),  # ready at night
        ("Task_4a", "2026-06-11 15:30", "2026-06-12 07:45"),  # its share of the row, 45 of 60 minutes
        ("Task_4a", "2026-03-17 14:45", "2026-03-25 08:00"),  # before Lebaran, from the hours of Ramadan into ordinary ones
        ("Task_9", "2026-06-12 10:00", "2026-06-29 16:00"),  # ten days, Tuesday the 16th being a holiday
    ],
)
def test_a_step_is_due_when_its_share_is_used_up(
    small_office: Office, clock: time_machine.Coordinates, element: str, opened: str, due: str
) -> None:
    task = open_at(small_office, clock, opened, element)
    assert (task.due_from, task.due_at) == (at(opened), at(due))


def test_a_drawn_deadline_wins_over_the_norm(small_office: Office, clock: time_machine.Coordinates) -> None:
    task = open_at(small_office, clock, "2026-06-08 08:00", "Task_7b")
    assert (task.due_from, task.due_at) == (None, at("2031-03-12 16:00"))


@pytest.mark.parametrize("element", ["Task_5a", "Task_5b", "Task_10c"])
def test_a_leaders_step_has_no_deadline(small_office: Office, clock: time_machine.Coordinates, element: str) -> None:
    task = open_at(small_office, clock, "2026-06-08 08:00", element)
    assert (task.due_from, task.due_at) == (None, None)


def test_the_drawing_says_who_is_a_leader(small_office: Office, clock: time_machine.Coordinates) -> None:
    """A step that others may record from paper need not be a leader's."""
    recorded = '<camunda:property name="pencatat" value="tu_bagian" />'
    redraw(small_office.database, (recorded, f'{recorded}<camunda:property name="pimpinan" value="tidak" />'))
    assert open_at(small_office, clock, "2026-06-08 08:00", "Task_5a").due_at == at("2026-06-08 09:00")


def test_a_returned_document_begins_its_time_anew_and_both_rounds_stay(small_office: Office, clock: time_machine.Coordinates) -> None:
    task = open_at(small_office, clock, "2026-06-08 08:00", "Task_4a")
    small_office.do(task.instance_id, "Task_4a")
    clock.move_to(at("2026-06-08 10:00"))
    small_office.do(task.instance_id, "Task_4b", "tidak")
    found = [(row.round, row.due_at) for row in small_office.rows(task.instance_id) if row.element == "Task_4a"]
    assert found == [(1, at("2026-06-08 08:45")), (2, at("2026-06-08 10:45"))]


def test_what_was_taken_back_keeps_its_deadline(small_office: Office, clock: time_machine.Coordinates) -> None:
    task = open_at(small_office, clock, "2026-06-08 08:00", "Task_4a")
    clock.move_to(at("2026-06-08 08:20"))
    done = small_office.do(task.instance_id, "Task_4a")
    clock.move_to(at("2026-06-08 08:30"))
    assert deeds.recall(small_office, done, "kasubbag").due_at == at("2026-06-08 08:45")


def test_a_new_holiday_moves_open_deadlines_and_removing_it_moves_them_back(office: Office) -> None:
    deeds.long_in_office(office)
    with time_machine.travel(at("2026-06-08 15:30"), tick=False):
        case = office.start()
        office.run_until(case, "Task_4a")
        before = office.task("Task_4a", case=case).due_at
        row = keep(office, HOLIDAY)
        moved = office.task("Task_4a", case=case).due_at
        with office.database.transaction() as session:
            edition = offices.edition_of(session, calendars.SUBJECT)
            calendars.remove_row(session, office.actor("admin"), "hari", row.id, edition)
        again = office.task("Task_4a", case=case).due_at
    assert (before, moved, again) == (at("2026-06-09 07:45"), at("2026-06-10 07:45"), at("2026-06-09 07:45"))


def test_a_deadline_that_somebody_set_stays(small_office: Office, clock: time_machine.Coordinates) -> None:
    open_at(small_office, clock, "2026-06-08 08:00", "Task_7b")
    keep(small_office, DayDetails(date(2031, 3, 12), "libur-daerah", "Hari Jadi", "SE"))
    assert small_office.task("Task_7b", "setda").due_at == at("2031-03-12 16:00")


def test_a_worker_that_starts_gives_tasks_of_before_their_deadline(small_office: Office, clock: time_machine.Coordinates) -> None:
    task = open_at(small_office, clock, "2026-06-08 15:30", "Task_4a")
    with small_office.database.transaction() as session:
        kept = session.get_one(Task, task.id)
        kept.due_at = kept.due_from = None
    assert (reckon_deadlines(small_office.database), reckon_deadlines(small_office.database)) == (1, 0)
    assert small_office.task("Task_4a").due_at == at("2026-06-09 07:45")


def test_another_process_sees_the_change_at_once(small_office: Office, clock: time_machine.Coordinates) -> None:
    """It keeps the calendar it built, under the number of the last deed."""
    settings = small_office.database.settings
    other = Database(settings, keys.load(settings.instance_dir / "keys.json"))
    with other.reading() as session:
        kept = calendars.calendar_of(session)
        assert calendars.calendar_of(session) is kept and kept.spans(HOLIDAY.day or date.max)
    keep(small_office, HOLIDAY)
    with other.reading() as session:
        assert not calendars.calendar_of(session).spans(HOLIDAY.day or date.max)
    other.dispose()


def test_what_was_rolled_back_is_not_kept(small_office: Office, clock: time_machine.Coordinates) -> None:
    with pytest.raises(ZeroDivisionError), small_office.database.transaction() as session:
        calendars.keep_row(session, small_office.actor("admin"), "hari", None, HOLIDAY)
        raise ZeroDivisionError
    keep(small_office, DayDetails(date(2026, 6, 10), "libur-daerah", "Lain", "SE"))
    with small_office.database.reading() as session:
        assert calendars.calendar_of(session).spans(date(2026, 6, 9)) and not calendars.calendar_of(session).spans(date(2026, 6, 10))


def test_a_case_that_opens_a_step_meanwhile_waits_and_counts_with_the_new_calendar(postgres: Database) -> None:
    """PostgreSQL: the change holds every case; a step that opens beside it would keep a deadline of the old calendar."""
    office = Office(postgres)
    deeds.long_in_office(office)
    with time_machine.travel(at("2026-06-08 15:30"), tick=False):
        case = office.start()
        office.run_until(case, "Task_3b")
        opening = threading.Thread(target=office.do, args=(case, "Task_3b"))
        with postgres.transaction() as session:
            calendars.keep_row(session, office.actor("admin"), "hari", None, HOLIDAY)
            opening.start()
            opening.join(timeout=0.5)
            assert opening.is_alive()
        opening.join()
        assert office.task("Task_4a", case=case).due_at == at("2026-06-10 07:45")


TIMES = calendars.times_of(RAMADAN)
WRONG: dict[str, tuple[Details, dict[str, str]]] = {
    "nothing given": (
        DayDetails(None, "", "", ""),
        {
            "tanggal": "Tanggal belum diisi dengan tanggal.",
            "jenis": "Jenis belum dipilih.",
            "nama": "Nama belum diisi.",
            "dasar": "Menurut keputusan belum diisi.",
        },
    ),
    "a year nobody means": (DayDetails(date(206, 6, 9), "libur-daerah", "X", "SE"), {"tanggal": "Periksa tahun pada Tanggal: 206."}),
    "a date that is kept": (
        DayDetails(date(2026, 6, 9), "cuti-bersama", "Lain", "SE"),
        {"tanggal": "9 Juni 2026 sudah tercatat sebagai libur daerah: Hari Jadi Kabupaten. Ubah atau hapus catatan itu."},
    ),
    "a holiday anyway": (
        DayDetails(date(2026, 6, 1), "libur-daerah", "X", "SE"),
        {"tanggal": "1 Juni 2026 sudah libur menurut pustaka: Hari Lahir Pancasila."},
    ),
    "worked on no holiday": (
        DayDetails(date(2026, 6, 10), "masuk-kerja", "X", "SE"),
        {"tanggal": "10 Juni 2026 bukan hari libur, jadi tidak perlu dicatat masuk kerja."},
    ),
    "worked on a Sunday": (
        DayDetails(date(2026, 5, 31), "masuk-kerja", "X", "SE"),
        {"tanggal": "31 Mei 2026 jatuh pada Sabtu atau Minggu; kantor tetap tutup."},
    ),
    "a Ramadan backwards": (
        RamadanDetails(date(2028, 2, 25), date(2028, 1, 28), TIMES, "SE"),
        {"sampai": "Hari terakhir tidak boleh sebelum hari pertama."},
    ),
    "a Ramadan of two months": (
        RamadanDetails(date(2028, 1, 28), date(2028, 3, 28), TIMES, "SE"),
        {"sampai": "Ramadan paling lama 30 hari. Periksa kedua tanggalnya."},
    ),
    "a Ramadan over another": (
        RamadanDetails(date(2027, 3, 1), date(2027, 3, 20), TIMES, "SE"),
        {"mulai": "Bertumpuk dengan Ramadan 9 Februari 2027 sampai 10 Maret 2027 yang sudah tercatat. Ubah catatan itu."},
    ),
}


def test_wrong_input_is_told_in_sentences(small_office: Office) -> None:
    keep(small_office, HOLIDAY)
    keep(small_office, RamadanDetails(date(2027, 2, 9), date(2027, 3, 10), TIMES, "SE"))
    told = {}
    for case, (wanted, _problems) in WRONG.items():
        with pytest.raises(InvalidAnswers) as refused:
            keep(small_office, wanted)
        told[case] = refused.value.problems
    assert told == {case: problems for case, (_wanted, problems) in WRONG.items()}


def test_only_an_admin_changes_it_and_nobody_over_anothers_change(small_office: Office) -> None:
    with pytest.raises(Forbidden):
        keep(small_office, HOLIDAY, by="kabag")
    row = keep(small_office, HOLIDAY)
    assert keep(small_office, HOLIDAY).id == row.id  # the double click
    with pytest.raises(Conflict, match="diubah orang lain"):
        keep(small_office, DayDetails(HOLIDAY.day, "libur-daerah", "Nama lain", "SE"), row.id, edition=0)
