"""Working time as a table: office hours, breaks, Fridays, Ramadan, holidays and cuti bersama, ends of years, leap days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.clock import WIB
from app.diagram import Norm
from app.worktime import OFFICE, closing, due_at, is_working_day, opening, warnings, working_days_between, working_minutes_between

# 2026: 8-12 June is an ordinary week without a day off.
MINUTES: dict[str, tuple[str, str, int]] = {
    "within the morning": ("2026-06-08 08:00", "2026-06-08 08:45", 45),
    "over the break": ("2026-06-08 11:30", "2026-06-08 13:30", 60),
    "from the break": ("2026-06-08 12:20", "2026-06-08 13:10", 10),
    "within the break": ("2026-06-08 12:05", "2026-06-08 12:55", 0),
    "a whole Monday": ("2026-06-08 00:00", "2026-06-09 00:00", 450),
    "a whole Friday": ("2026-06-12 00:00", "2026-06-13 00:00", 450),
    "Friday's break begins at 11.30": ("2026-06-12 11:00", "2026-06-12 12:30", 30),
    "Friday's break lasts until 13.00": ("2026-06-12 12:30", "2026-06-12 13:10", 10),
    "Friday ends at 16.30": ("2026-06-12 16:00", "2026-06-12 18:00", 30),
    "Monday ends at 16.00": ("2026-06-08 15:50", "2026-06-08 18:00", 10),
    "a week": ("2026-06-08 07:30", "2026-06-15 07:30", 2250),
    "a weekend": ("2026-06-13 00:00", "2026-06-15 00:00", 0),
    "over a weekend": ("2026-06-12 16:00", "2026-06-15 08:00", 60),
    "a night": ("2026-06-08 16:00", "2026-06-09 07:30", 0),
    "exactly from opening to closing": ("2026-06-08 07:30", "2026-06-08 16:00", 450),
    "less than a minute": ("2026-06-08 08:00:00", "2026-06-08 08:00:59", 0),
    "the end before the start": ("2026-06-09 08:00", "2026-06-08 08:00", 0),
    "a national holiday": ("2026-06-16 00:00", "2026-06-17 00:00", 0),
    "over Pancasila Day, a Monday": ("2026-05-29 16:00", "2026-06-02 08:00", 60),
    "a cuti bersama": ("2026-05-28 07:30", "2026-05-29 07:30", 0),
    "the long leave of Idul Fitri": ("2026-03-17 15:00", "2026-03-25 08:00", 30),
    "the last days of a year": ("2026-12-23 15:00", "2026-12-28 08:00", 90),
    "over the end of a year": ("2026-12-31 15:00", "2027-01-04 08:00", 90),
    "the last Monday before Ramadan": ("2026-02-16 00:00", "2026-02-17 00:00", 0),
    "the last day before Ramadan": ("2026-02-18 00:00", "2026-02-19 00:00", 450),
    "the first day of Ramadan": ("2026-02-19 00:00", "2026-02-20 00:00", 390),
    "a Friday in Ramadan": ("2026-02-20 00:00", "2026-02-21 00:00", 390),
    "before opening in Ramadan": ("2026-02-23 07:30", "2026-02-23 08:10", 10),
    "the break in Ramadan": ("2026-02-23 11:50", "2026-02-23 12:40", 20),
    "Ramadan ends at 15.00": ("2026-02-23 14:30", "2026-02-23 16:00", 30),
    "over the edge of Ramadan": ("2026-02-18 15:00", "2026-02-19 09:00", 120),
    "29 February": ("2028-02-29 00:00", "2028-03-01 00:00", 450),
}
DAYS: dict[str, tuple[str, str, int]] = {
    "the same day": ("2026-06-08 08:00", "2026-06-08 15:00", 0),
    "the next day": ("2026-06-08 15:59", "2026-06-09 07:30", 1),
    "over a weekend": ("2026-06-12 08:00", "2026-06-15 08:00", 1),
    "until a Sunday": ("2026-06-12 08:00", "2026-06-14 08:00", 0),
    "from a Saturday": ("2026-06-13 08:00", "2026-06-15 08:00", 1),
    "over a holiday": ("2026-06-15 08:00", "2026-06-17 08:00", 1),
    "over the leave of Idul Fitri": ("2026-03-17 08:00", "2026-03-25 08:00", 1),
    "late at night in UTC is the next day at the office": ("2026-06-08 23:30", "2026-06-09 00:30", 1),
    "a year": ("2026-01-01 00:00", "2026-12-31 23:59", 240),
    "backwards": ("2026-06-10 08:00", "2026-06-08 08:00", 0),
}
DUE: dict[str, tuple[str, Norm, str]] = {
    "60 minutes from Thursday 15.30": ("2026-06-11 15:30", Norm(minutes=60), "2026-06-12 08:00"),
    "2 days from Friday 10.00": ("2026-06-12 10:00", Norm(days=2), "2026-06-17 16:00"),  # Tuesday 16 June is a holiday
    "2 days from an ordinary Friday": ("2026-06-05 10:00", Norm(days=2), "2026-06-09 16:00"),
    "ready at night": ("2026-06-08 22:00", Norm(minutes=5), "2026-06-09 07:35"),
    "ready before opening": ("2026-06-08 05:00", Norm(minutes=5), "2026-06-08 07:35"),
    "ready in the break": ("2026-06-08 12:30", Norm(minutes=5), "2026-06-08 13:05"),
    "ready exactly at opening": ("2026-06-08 07:30", Norm(minutes=450), "2026-06-08 16:00"),
    "ready exactly at closing": ("2026-06-08 16:00", Norm(minutes=1), "2026-06-09 07:31"),
    "used up exactly when the break begins": ("2026-06-08 11:00", Norm(minutes=60), "2026-06-08 12:00"),
    "over the break": ("2026-06-08 11:00", Norm(minutes=61), "2026-06-08 13:01"),
    "one minute more than a day": ("2026-06-08 07:30", Norm(minutes=451), "2026-06-09 07:31"),
    "ready on a Saturday": ("2026-06-06 10:00", Norm(minutes=30), "2026-06-08 08:00"),
    "ready on a holiday": ("2026-06-16 10:00", Norm(minutes=30), "2026-06-17 08:00"),
    "a day from a holiday": ("2026-06-16 10:00", Norm(days=1), "2026-06-17 16:00"),
    "a day that ends on a Friday": ("2026-06-11 10:00", Norm(days=1), "2026-06-12 16:30"),
    # 24 and 25 December, 1 and 5 January are free
    "10 days over Christmas and New Year": ("2026-12-21 09:00", Norm(days=10), "2027-01-08 16:30"),
    "minutes on the last day before Ramadan": ("2026-02-18 15:30", Norm(minutes=60), "2026-02-19 08:30"),
    "a day in Ramadan": ("2026-02-19 09:00", Norm(days=3), "2026-02-24 15:00"),
    "minutes over the leave of Idul Fitri": ("2026-03-17 14:45", Norm(minutes=30), "2026-03-25 07:45"),
    "a leap day, Monday being Idul Fitri": ("2028-02-25 10:00", Norm(days=1), "2028-02-29 16:00"),
    "days and minutes": ("2026-06-08 08:00", Norm(days=1, minutes=30), "2026-06-10 08:00"),
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


@pytest.mark.parametrize("case", MINUTES)
def test_working_minutes(case: str) -> None:
    start, end, minutes = MINUTES[case]
    assert working_minutes_between(at(start), at(end)) == minutes


@pytest.mark.parametrize("case", DAYS)
def test_working_days(case: str) -> None:
    start, end, days = DAYS[case]
    assert working_days_between(at(start), at(end)) == days


@pytest.mark.parametrize("case", DUE)
def test_due(case: str) -> None:
    ready, norm, due = DUE[case]
    assert due_at(at(ready), norm) == at(due)


@pytest.mark.parametrize("case", DUE)
def test_minutes_until_a_due_moment_are_the_norm(case: str) -> None:
    """The two ways of counting agree."""
    ready, norm, due = DUE[case]
    if norm.days:
        counted = working_days_between(at(ready), at(due)) - (1 if norm.minutes else 0)
        assert counted == norm.days
    else:
        assert working_minutes_between(at(ready), at(due)) == norm.minutes


@pytest.mark.parametrize("norm", [Norm(), Norm(minutes=0), Norm(days=0)])
def test_a_norm_of_nothing_is_never_due(norm: Norm) -> None:
    assert due_at(at("2026-06-08 08:00"), norm) is None


@pytest.mark.parametrize("norm", [Norm(days=100_000), Norm(minutes=10_000_000)])
def test_a_norm_of_centuries_is_refused(norm: Norm) -> None:
    with pytest.raises(ValueError, match="ten years"):
        due_at(at("2026-06-08 08:00"), norm)


def test_a_moment_in_utc_is_the_same_moment() -> None:
    assert due_at(datetime(2026, 6, 8, 0, 0, tzinfo=UTC), Norm(minutes=45)) == at("2026-06-08 08:15")


def test_2026_has_its_17_holidays_and_8_days_of_cuti_bersama() -> None:
    """SKB 1497/2025, 2/2025, 5/2025; those on a weekend close the office anyway."""
    free = "1-1 16-1 16-2 17-2 18-3 19-3 20-3 23-3 24-3 3-4 1-5 14-5 15-5 27-5 28-5 1-6 16-6 17-8 25-8 24-12 25-12"
    expected = {date(2026, int(month), int(day)) for day, month in (text.split("-") for text in free.split())}
    every = [date.fromordinal(number) for number in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]
    assert {day for day in every if day.weekday() < 5 and not is_working_day(day)} == expected


def test_opening_and_closing_of_a_day() -> None:
    assert (opening(date(2026, 6, 12)), closing(date(2026, 6, 12))) == (at("2026-06-12 07:30"), at("2026-06-12 16:30"))
    assert (opening(date(2026, 6, 13)), closing(date(2026, 6, 16))) == (None, None)


def test_each_ramadan_ends_the_day_before_idul_fitri() -> None:
    import holidays

    for first, last, _hours in OFFICE.fasting:
        named = holidays.country_holidays("ID", years=first.year, language="id")
        assert named[date.fromordinal(last.toordinal() + 1)].startswith("Hari Raya Idul Fitri")
        assert (last - first).days + 1 in (29, 30)


def test_a_year_without_cuti_bersama_is_warned_of() -> None:
    assert warnings(date(2026, 1, 1), date(2027, 12, 31)) == []
    assert warnings(date(2027, 6, 1), date(2028, 6, 1)) == [
        "Cuti bersama dan jam kerja Ramadan tahun 2028 belum ditetapkan; waktu kerja pada tahun itu dapat berubah."
    ]
