"""Working time of the office: which minutes of which days count, and when a norm is used up.

Hours: Perpres 21/2023 (37.5 hours a week, Friday's break longer; 32.5 hours in Ramadan); Ramadan hours of SE Bupati Bintan 3/2025.
Holidays and cuti bersama: the yearly SKB of three ministers, as the library ``holidays`` has them (country ID, public + government).
All in WIB; moments in and out are aware. docs/decisions/0009 has the rules of counting. What decrees change for this office is kept in
tables: `app/office_calendar` makes the ``Calendar`` of them that everything is counted with; ``OFFICE`` is what holds without any.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

import holidays

from app.clock import WIB
from app.diagram import Norm

Span = tuple[time, time]
MONDAY, FRIDAY, SATURDAY = 0, 4, 5
ONE_DAY = timedelta(days=1)
LONGEST = 2500  # working days, about ten years: a slip of the pen in a drawing must not keep the server counting


def _span(begin: str, end: str) -> Span:
    return time.fromisoformat(begin), time.fromisoformat(end)


@dataclass(frozen=True)
class Hours:
    """Of an ordinary working day and of a Friday: spans in order, the break between them."""

    ordinary: tuple[Span, ...]
    friday: tuple[Span, ...]


class Fasting(NamedTuple):
    """A Ramadan: first and last day, and the hours on them."""

    first: date
    last: date
    hours: Hours


@dataclass(frozen=True, eq=False)
class Calendar:
    """hours: (first day they hold, hours), the earliest first, which holds before its day as well. fasting: every Ramadan.

    is_free: a holiday or cuti bersama. is_decreed: a year whose cuti bersama is known.
    """

    hours: tuple[tuple[date, Hours], ...]
    fasting: tuple[Fasting, ...]
    is_free: Callable[[date], bool]
    is_decreed: Callable[[int], bool]
    # A long wait is counted day by day: each day is looked up once.
    _spans: dict[date, tuple[Span, ...]] = field(init=False, repr=False, default_factory=dict)
    _minutes: dict[date, int] = field(init=False, repr=False, default_factory=dict)

    def hours_on(self, day: date) -> Hours:
        for first, last, hours in self.fasting:
            if first <= day <= last:
                return hours
        return next((hours for since, hours in reversed(self.hours) if since <= day), self.hours[0][1])

    def spans(self, day: date) -> tuple[Span, ...]:
        """When the office is open; () on days off."""
        if day not in self._spans:
            self._spans[day] = self._find_spans(day)
        return self._spans[day]

    def minutes(self, day: date) -> int:
        """How long the office is open."""
        if day not in self._minutes:
            self._minutes[day] = sum(_minutes_of(begin, end) for begin, end in self.spans(day))
        return self._minutes[day]

    def _find_spans(self, day: date) -> tuple[Span, ...]:
        if day.weekday() >= SATURDAY or self.is_free(day):
            return ()
        hours = self.hours_on(day)
        return hours.friday if day.weekday() == FRIDAY else hours.ordinary


def _minutes_of(begin: time, end: time) -> int:
    return (end.hour - begin.hour) * 60 + end.minute - begin.minute


@lru_cache(maxsize=200)
def _days_off(year: int, category: str) -> dict[date, str]:
    return dict(holidays.country_holidays("ID", years=year, categories=category, language="id"))


def holiday_name(day: date) -> str:
    """What the library calls a holiday or cuti bersama; "" for any other day."""
    return _days_off(day.year, "public").get(day) or _days_off(day.year, "government").get(day) or ""


def is_shared_leave(day: date) -> bool:
    """A cuti bersama, as far as the library knows, and no national holiday."""
    return day in _days_off(day.year, "government") and day not in _days_off(day.year, "public")


def is_holiday(day: date) -> bool:
    return day in _days_off(day.year, "public") or day in _days_off(day.year, "government")


def is_decreed(year: int) -> bool:
    """Cuti bersama is decreed for each year anew; a year without any has not been decreed, as far as the library knows."""
    return bool(_days_off(year, "government"))


USUAL = Hours((_span("07:30", "12:00"), _span("13:00", "16:00")), (_span("07:30", "11:30"), _span("13:00", "16:30")))
RAMADAN = Hours((_span("08:00", "12:00"), _span("12:30", "15:00")), (_span("08:00", "12:00"), _span("13:00", "15:30")))
OFFICE = Calendar(
    hours=((date(2023, 4, 12), USUAL),),
    fasting=(
        Fasting(date(2024, 3, 12), date(2024, 4, 9), RAMADAN),
        Fasting(date(2025, 3, 1), date(2025, 3, 30), RAMADAN),
        Fasting(date(2026, 2, 19), date(2026, 3, 20), RAMADAN),
        # reckoned from the library's Idul Fitri: the decree comes the evening before
        Fasting(date(2027, 2, 8), date(2027, 3, 9), RAMADAN),
    ),
    is_free=is_holiday,
    is_decreed=is_decreed,
)


def is_working_day(day: date, calendar: Calendar = OFFICE) -> bool:
    return bool(calendar.spans(day))


def working_day_by(day: date, calendar: Calendar = OFFICE) -> date:
    """The day itself, or the last working day before it. A year at most: a calendar that is always closed must not hold the server."""
    return next((one for one in (day - timedelta(days=back) for back in range(366)) if calendar.spans(one)), day)


def opening(day: date, calendar: Calendar = OFFICE) -> datetime | None:
    """None on a day off."""
    return next((begin for begin, _end in _open_spans(day, calendar)), None)


def closing(day: date, calendar: Calendar = OFFICE) -> datetime | None:
    """None on a day off."""
    return max((end for _begin, end in _open_spans(day, calendar)), default=None)


def working_minutes_between(start: datetime, end: datetime, calendar: Calendar = OFFICE) -> int:
    """Whole minutes in which the office was open; what is left of a minute is dropped. 0 where end is not after start."""
    first, last = _day(start), _day(end)
    between = sum(calendar.minutes(day) for day in _days(first + ONE_DAY, last - ONE_DAY))
    spans = ((max(start, begin), min(end, stop)) for day in sorted({first, last}) for begin, stop in _open_spans(day, calendar))
    return between + sum((stop - begin for begin, stop in spans if stop > begin), timedelta()) // timedelta(minutes=1)


def working_days_between(start: datetime | date, end: datetime | date, calendar: Calendar = OFFICE) -> int:
    """The day of start is day 0; every working day after it counts one, the day of end included."""
    first = _day(start)
    return sum(1 for day in _days(first + ONE_DAY, end) if calendar.spans(day))


def due_at(ready: datetime, norm: Norm, calendar: Calendar = OFFICE) -> datetime | None:
    """When the norm is used up; None for a norm of nothing ("tidak diukur").

    Minutes run from ready, outside hours from the next opening. N days: the closing of the Nth working day after the day of ready.
    A norm of both: the minutes follow the days. Raises ValueError for a norm of more than ten years.
    """
    if not norm.days and not norm.minutes:
        return None
    if (norm.days or 0) > LONGEST or (norm.minutes or 0) > LONGEST * 450:
        raise ValueError("norm of more than ten years")
    at = _after_days(ready, norm.days, calendar) if norm.days else ready
    return _after_minutes(at, norm.minutes, calendar) if norm.minutes else at


def warnings(first: date, last: date, calendar: Calendar = OFFICE) -> list[str]:
    """One sentence for every year from first to last that cannot be counted for certain yet."""
    found = []
    for year in range(first.year, last.year + 1):
        missing = [] if calendar.is_decreed(year) else ["cuti bersama"]
        missing += [] if any(year in (begin.year, end.year) for begin, end, _hours in calendar.fasting) else ["jam kerja Ramadan"]
        if missing:
            words = " dan ".join(missing)
            found.append(f"{words[0].upper()}{words[1:]} tahun {year} belum ditetapkan; waktu kerja pada tahun itu dapat berubah.")
    return found


def _after_days(ready: datetime, days: int, calendar: Calendar) -> datetime:
    left, day = days, _day(ready)
    while left:
        day += ONE_DAY
        left -= bool(calendar.spans(day))
    return closing(day, calendar) or ready


def _after_minutes(at: datetime, minutes: int, calendar: Calendar) -> datetime:
    left, day = timedelta(minutes=minutes), _day(at)
    while True:
        for begin, end in _open_spans(day, calendar):
            begin = max(begin, at)
            if begin + left <= end:
                return begin + left
            left -= max(end - begin, timedelta())
        day += ONE_DAY


def _open_spans(day: date, calendar: Calendar) -> Sequence[tuple[datetime, datetime]]:
    return [(datetime.combine(day, begin, WIB), datetime.combine(day, end, WIB)) for begin, end in calendar.spans(day)]


def _days(start: datetime | date, end: datetime | date) -> Iterator[date]:
    day, last = _day(start), _day(end)
    while day <= last:
        yield day
        day += ONE_DAY


def _day(value: datetime | date) -> date:
    return value.astimezone(WIB).date() if isinstance(value, datetime) else value
