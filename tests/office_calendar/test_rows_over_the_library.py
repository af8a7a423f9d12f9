"""What decrees change, as a table: rows laid over the library and the constants, and what is then counted."""

from __future__ import annotations

from datetime import date, time

import pytest

from app.diagram import Norm
from app.models import CalendarDay, OfficeHours, Ramadan
from app.office_calendar.building import calendar_from
from app.office_calendar.spans import keep_spans, read_spans, span_words
from app.office_calendar.typed_hours import read_hours, times_of
from app.worktime import OFFICE, Calendar, due_at, warnings, working_minutes_between
from tests.test_worktime import at

Row = CalendarDay | OfficeHours | Ramadan


def day(text: str, kind: str) -> CalendarDay:
    return CalendarDay(day=date.fromisoformat(text), kind=kind, name="Hari", decree="SE")


def hours(since: str, ordinary: str, friday: str = "07:30-11:30 13:00-16:30") -> OfficeHours:
    return OfficeHours(valid_from=date.fromisoformat(since), ordinary=ordinary, friday=friday, decree="Perbup")


def ramadan(first: str, last: str, ordinary: str = "08:00-12:00 12:30-15:00") -> Ramadan:
    return Ramadan(
        first_day=date.fromisoformat(first), last_day=date.fromisoformat(last), ordinary=ordinary, friday="08:00-11:00", decree="SE"
    )


REGIONAL = day("2026-06-10", "libur-daerah")  # a Wednesday
WORKED = day("2026-06-16", "masuk-kerja")  # Tuesday, Tahun Baru Islam
LONGER = hours("2026-07-01", "07:00-12:00 13:00-16:00")
# {what: (rows, from, to, minutes)}
MINUTES: dict[str, tuple[list[Row], str, str, int]] = {
    "nothing changes without rows": ([], "2026-06-08 00:00", "2026-06-13 00:00", 2250),
    "a regional holiday": ([REGIONAL], "2026-06-08 00:00", "2026-06-13 00:00", 1800),
    "a day off of the library that is worked after all": ([WORKED], "2026-06-16 00:00", "2026-06-17 00:00", 450),
    "another day off stays one": ([WORKED], "2026-06-01 00:00", "2026-06-02 00:00", 0),
    "a cuti bersama that was added": ([day("2026-12-31", "cuti-bersama")], "2026-12-31 00:00", "2027-01-05 00:00", 450),
    "the last day before new hours": ([LONGER], "2026-06-30 00:00", "2026-07-01 00:00", 450),
    "new hours from their first day on": ([LONGER], "2026-07-01 00:00", "2026-07-02 00:00", 480),
    "new hours still in the next year": ([LONGER], "2027-06-08 00:00", "2027-06-09 00:00", 480),
    "the newer of two hours": ([hours("2026-09-01", "08:00-12:00"), LONGER], "2026-09-02 00:00", "2026-09-03 00:00", 240),
    "the older one until then": ([hours("2026-09-01", "08:00-12:00"), LONGER], "2026-08-31 00:00", "2026-09-01 00:00", 480),
    "a Ramadan nobody knew of": ([ramadan("2028-01-28", "2028-02-25")], "2028-02-02 00:00", "2028-02-03 00:00", 390),
    "its Friday": ([ramadan("2028-01-28", "2028-02-25")], "2028-02-04 00:00", "2028-02-05 00:00", 180),
    "Ramadan goes before new hours": ([LONGER, ramadan("2028-01-28", "2028-02-25")], "2028-02-02 00:00", "2028-02-03 00:00", 390),
    "a Ramadan takes the place of the reckoned one": ([ramadan("2027-02-09", "2027-03-10")], "2027-02-08 00:00", "2027-02-09 00:00", 450),
    "of that Ramadan only": ([ramadan("2027-02-09", "2027-03-10")], "2026-02-19 00:00", "2026-02-20 00:00", 390),
    "over the end of a year": ([day("2027-01-04", "libur-daerah")], "2026-12-31 15:00", "2027-01-06 08:00", 90),
}


def calendar_with(rows: list[Row]) -> Calendar:
    return calendar_from(
        [row for row in rows if isinstance(row, OfficeHours)],
        [row for row in rows if isinstance(row, Ramadan)],
        [row for row in rows if isinstance(row, CalendarDay)],
    )


@pytest.mark.parametrize("case", MINUTES)
def test_working_minutes_with_rows(case: str) -> None:
    rows, start, end, minutes = MINUTES[case]
    assert working_minutes_between(at(start), at(end), calendar_with(rows)) == minutes


@pytest.mark.parametrize(
    ("rows", "ready", "norm", "due"),
    [
        ([REGIONAL], "2026-06-09 15:30", Norm(minutes=60), "2026-06-11 08:00"),
        ([REGIONAL], "2026-06-08 10:00", Norm(days=2), "2026-06-11 16:00"),
        ([WORKED], "2026-06-15 10:00", Norm(days=1), "2026-06-16 16:00"),
        ([LONGER], "2026-06-30 15:30", Norm(minutes=60), "2026-07-01 07:30"),
        ([day("2027-01-04", "libur-daerah")], "2026-12-31 10:00", Norm(days=1), "2027-01-06 16:00"),
    ],
)
def test_due_with_rows(rows: list[Row], ready: str, norm: Norm, due: str) -> None:
    assert due_at(at(ready), norm, calendar_with(rows)) == at(due)


def test_what_a_decree_added_is_no_longer_warned_of() -> None:
    year = (date(2028, 1, 1), date(2028, 12, 31))
    assert "Cuti bersama dan jam kerja Ramadan tahun 2028" in warnings(*year)[0]
    assert warnings(*year, calendar_with([day("2028-02-28", "cuti-bersama")]))[0].startswith("Jam kerja Ramadan tahun 2028")
    assert warnings(*year, calendar_with([day("2028-02-28", "cuti-bersama"), ramadan("2028-01-28", "2028-02-25")])) == []


def test_hours_come_back_as_they_were_kept_and_typed() -> None:
    usual = OFFICE.hours[0][1]
    assert read_spans(keep_spans(usual.ordinary)) == usual.ordinary
    assert read_hours(times_of(usual)) == (usual, {})
    assert span_words(usual.friday) == "07.30–11.30, 13.00–16.30"


def test_a_day_without_a_break_is_one_span() -> None:
    hours, problems = read_hours(
        {"biasa_mulai_1": "8.00", "biasa_selesai_1": "14:30", "jumat_mulai_1": "08.00", "jumat_selesai_1": "11.00"}
    )
    assert (hours.ordinary, problems) == (((time(8), time(14, 30)),), {})


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("biasa_mulai_1", "", "Senin–Kamis, mulai belum diisi."),
        ("biasa_mulai_1", "pagi", "Senin–Kamis, mulai: “pagi” bukan jam. Contoh: 07.30."),
        ("biasa_mulai_1", "24.00", "Senin–Kamis, mulai: “24.00” bukan jam. Contoh: 07.30."),
        ("biasa_mulai_1", "٠٧.٣٠", "Senin–Kamis, mulai: “٠٧.٣٠” bukan jam. Contoh: 07.30."),
        ("jumat_selesai_2", "13.00", "Jumat, pulang: 13.00 harus sesudah 13.00."),
        ("jumat_selesai_2", "", "Jumat, pulang belum diisi."),
        ("biasa_mulai_2", "11.59", "Senin–Kamis: istirahat selesai tidak boleh sebelum istirahat mulai."),
    ],
)
def test_wrong_hours_are_told_at_their_field(field: str, typed: str, told: str) -> None:
    _hours, problems = read_hours({**times_of(OFFICE.hours[0][1]), field: typed})
    assert problems == {field: told}
