"""By when: every kind of hard date, over month ends, leap days, year ends and days off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.duties.rules import EVENT, Occurrence, of_year, on_agenda
from app.models import Duty, DutyTerm

YEARS_OF_A_PLAN = 5


def term(day: int, month: int, shift: int = 0, period: str = "") -> DutyTerm:
    return DutyTerm(position=0, period=period, day=day, month=month, shift=shift)


def yearly(*terms: DutyTerm, **more: Any) -> Duty:
    return Duty(**{"rule": "dates", "every": 1, "from_year": 2020, "lead_days": 90, "terms": list(terms), **more})


def after(months: int, days: int = 0, **more: Any) -> Duty:
    return yearly(rule=EVENT, after_months=months, after_days=days, **more)


REPORT = yearly(term(31, 3, shift=1))
SURVEY = yearly(term(31, 7, period="Semester I"), term(31, 1, shift=1, period="Semester II"))
PLAN = yearly(term(31, 12), every=YEARS_OF_A_PLAN, from_year=2021)


def told(found: list[Occurrence]) -> list[tuple[str, str, str]]:
    return [(one.years, one.period, str(one.due)) for one in found]


@pytest.mark.parametrize(
    ("duty", "year", "due"),
    [
        (REPORT, 2025, "2026-03-31"),
        (yearly(term(30, 6, shift=-1)), 2027, "2026-06-30"),
        (yearly(term(31, 12)), 2026, "2026-12-31"),
        (yearly(term(1, 1)), 2026, "2026-01-01"),
        (yearly(term(29, 2)), 2028, "2028-02-29"),
        (yearly(term(29, 2)), 2026, "2026-02-28"),
        (yearly(term(31, 12), from_year=2027), 2026, None),
        (PLAN, 2026, "2026-12-31"),
        (PLAN, 2027, None),
        (PLAN, 2016, None),
    ],
)
def test_a_fixed_date_of_a_case_about_a_year(duty: Duty, year: int, due: str | None) -> None:
    assert [str(one.due) for one in of_year(duty, year, {})] == ([due] if due else [])


@pytest.mark.parametrize(
    ("duty", "happened_on", "due"),
    [
        (after(1), "2026-01-05", "2026-02-05"),
        (after(1), "2026-01-31", "2026-02-28"),
        (after(1), "2028-01-31", "2028-02-29"),
        (after(1), "2025-12-31", "2026-01-31"),
        (after(0, 30), "2026-01-31", "2026-03-02"),
        (after(1, 1), "2026-01-31", "2026-03-01"),
    ],
)
def test_so_long_after_an_event(duty: Duty, happened_on: str, due: str) -> None:
    assert [str(one.due) for one in of_year(duty, 2026, {2026: date.fromisoformat(happened_on)})] == [due]


def test_an_event_without_a_day_leaves_the_date_open() -> None:
    (one,) = of_year(after(1), 2026, {2025: date(2025, 1, 5)})
    assert (one.due, one.offered_from, one.advised) == (None, None, None)


@pytest.mark.parametrize(
    ("due", "advised"),
    [
        ("2024-03-31", "2024-03-28"),  # a Sunday; the Friday before is a holiday
        ("2026-03-31", None),
        ("2026-02-28", "2026-02-27"),  # a Saturday
        ("2026-12-25", "2026-12-23"),  # Christmas, cuti bersama before it
        ("2026-01-01", "2025-12-31"),
    ],
)
def test_a_hard_date_on_a_day_off_advises_the_working_day_before(due: str, advised: str | None) -> None:
    found = Occurrence(REPORT, 2025, "", date.fromisoformat(due)).advised
    assert (str(found) if found else None) == advised


def test_it_is_offered_so_many_days_before() -> None:
    assert str(of_year(REPORT, 2025, {})[0].offered_from) == "2025-12-31"


@pytest.mark.parametrize(
    ("duty", "year", "expected"),
    [
        (REPORT, 2026, [("2025", "", "2026-03-31")]),
        (SURVEY, 2026, [("2026", "Semester I", "2026-07-31"), ("2025", "Semester II", "2026-01-31")]),
        (yearly(term(31, 1, shift=1), from_year=2026), 2026, []),
        (PLAN, 2026, [("2026–2030", "", "2026-12-31")]),
        (PLAN, 2029, [("2026–2030", "", "2026-12-31")]),
        (PLAN, 2020, []),
        (after(1), 2026, [("2026", "", "2026-02-05")]),
    ],
)
def test_the_agenda_of_a_calendar_year(duty: Duty, year: int, expected: list[tuple[str, str, str]]) -> None:
    assert told(on_agenda(duty, year, {2026: date(2026, 1, 5)})) == expected
