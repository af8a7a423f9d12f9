"""What the pages of Kalender Kerja show: a year at a glance, and the forms of what decrees change in it."""

import calendar as days_of
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, offices, worktime
from app import office_calendar as calendars
from app.access import Actor
from app.models import CalendarDay, OfficeHours, Ramadan
from app.office_calendar import Row, RowKind
from app.offices import Told
from app.web.units_page import Filled
from app.words import LOCALE
from app.worktime import Calendar, Hours

FIRST_YEAR, LAST_YEAR = 2000, 2199
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
LIBRARY = "pustaka hari libur Indonesia"
DEFAULT_HOURS, DEFAULT_FAST = "Perpres 21/2023", "SE Bupati Bintan 3/2025"


@dataclass(frozen=True)
class Cell:
    """One day of a month's table. kind: "" (worked), akhir-pekan, libur, masuk. name: what makes it free or worked."""

    day: date
    kind: str
    name: str
    is_fasting: bool
    is_today: bool


@dataclass(frozen=True)
class DayLine:
    """A day off, or one worked after all. kind: in words. row: what an admin may change, None for what the library says."""

    day: date
    weekday: str
    name: str
    kind: str
    source: str
    row: CalendarDay | None


@dataclass(frozen=True)
class Month:
    """weeks: Monday first, None outside the month. worked: working days."""

    name: str
    weeks: Sequence[Sequence[Cell | None]]
    days: Sequence[DayLine]
    worked: int


@dataclass(frozen=True)
class HoursLine:
    """Hours that hold in the year, or a Ramadan of it. first, last: None where it has no such end."""

    first: date | None
    last: date | None
    ordinary: str
    friday: str
    source: str
    row: Row | None


@dataclass(frozen=True)
class YearPage:
    """events: who changed what, for those who read the office's registers. worked: working days of the year."""

    year: int
    years: Sequence[int]
    months: Sequence[Month]
    hours: Sequence[HoursLine]
    fasting: Sequence[HoursLine]
    warnings: Sequence[str]
    worked: int
    events: Sequence[Told]
    may_change: bool


@dataclass(frozen=True)
class RowForm:
    """row: None for a new one. told: it in words. values: texts of the fields."""

    kind: RowKind
    row: Row | None
    told: str
    values: Mapping[str, str]
    edition: int
    problems: Mapping[str, str]


def wanted_year(text: str) -> int:
    """This year for anything odd."""
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else clock.today().year


def year_page(session: Session, actor: Actor, year: int) -> YearPage:
    calendar = calendars.build_calendar(session)
    rows = {row.day: row for row in session.scalars(select(CalendarDay))}
    months = [_month(calendar, rows, year, number) for number in range(1, 13)]
    return YearPage(
        year=year,
        years=[one for one in (year - 1, year + 1) if FIRST_YEAR <= one <= LAST_YEAR],
        months=months,
        hours=_hours_of(session, calendar, year),
        fasting=_fasting_of(session, calendar, year),
        warnings=worktime.warnings(date(year, 1, 1), date(year, 12, 31), calendar),
        worked=sum(month.worked for month in months),
        events=offices.events_of(session, calendars.SUBJECT) if offices.may_read(actor) else (),
        may_change=actor.is_admin,
    )


def row_form(session: Session, actor: Actor, kind: RowKind, number: int | None, filled: Filled, year: int) -> RowForm:
    """year: the one whose hours a new form begins with. Raises Forbidden, NotFound."""
    calendars.require_admin(actor)
    row = calendars.row_for(session, actor, kind, number) if number is not None else None
    edition = offices.edition_of(session, calendars.SUBJECT)
    if filled.typed is not None and filled.typed.get("edisi", "").isdigit():
        edition = int(filled.typed["edisi"])
    values = filled.typed if filled.typed is not None else _values(session, kind, row, year)
    return RowForm(kind, row, calendars.row_words(row) if row is not None else "", values, edition, filled.problems)


def _values(session: Session, kind: RowKind, row: Row | None, year: int) -> dict[str, str]:
    if isinstance(row, CalendarDay):
        return {"tanggal": row.day.isoformat(), "jenis": row.kind, "nama": row.name, "dasar": row.decree}
    if isinstance(row, OfficeHours):
        return {"mulai": row.valid_from.isoformat(), "dasar": row.decree, **_times(row)}
    if isinstance(row, Ramadan):
        return {"mulai": row.first_day.isoformat(), "sampai": row.last_day.isoformat(), "dasar": row.decree, **_times(row)}
    if kind == "hari":
        return {}
    calendar = calendars.build_calendar(session)
    fasts = [one.hours for one in calendar.fasting if one.first.year <= year] or [worktime.RAMADAN]
    return calendars.times_of(fasts[-1] if kind == "ramadan" else calendar.hours[-1][1])


def _times(row: OfficeHours | Ramadan) -> dict[str, str]:
    return calendars.times_of(Hours(calendars.read_spans(row.ordinary), calendars.read_spans(row.friday)))


def _month(calendar: Calendar, rows: Mapping[date, CalendarDay], year: int, number: int) -> Month:
    weeks = [
        [_cell(calendar, rows, day) if day.month == number else None for day in week]
        for week in days_of.Calendar().monthdatescalendar(year, number)
    ]
    every = [cell for week in weeks for cell in week if cell is not None]
    lines = [line for cell in every if (line := _day_line(rows, cell.day)) is not None]
    name = format_date(date(year, number, 1), "MMMM", locale=LOCALE)
    return Month(name, weeks, lines, sum(1 for cell in every if calendar.spans(cell.day)))


def _cell(calendar: Calendar, rows: Mapping[date, CalendarDay], day: date) -> Cell:
    line, weekend = _day_line(rows, day), day.weekday() >= worktime.SATURDAY
    is_worked = bool(calendar.spans(day))
    kind = "masuk" if line and is_worked else "libur" if line else "akhir-pekan" if weekend else ""
    fasting = is_worked and any(first <= day <= last for first, last, _hours in calendar.fasting)
    return Cell(day, kind, line.name if line else "", fasting, day == clock.today())


def _day_line(rows: Mapping[date, CalendarDay], day: date) -> DayLine | None:
    row, name, weekday = rows.get(day), worktime.holiday_name(day), WEEKDAYS[day.weekday()]
    if row is not None:
        return DayLine(day, weekday, row.name, calendars.KINDS[row.kind], row.decree, row)
    if not name:
        return None
    kind = calendars.KINDS["cuti-bersama" if worktime.is_shared_leave(day) else "libur-nasional"]
    return DayLine(day, weekday, name, kind, LIBRARY, None)


def _hours_of(session: Session, calendar: Calendar, year: int) -> list[HoursLine]:
    """Those that hold on some day of the year: the last ones that began before it, and what begins in it."""
    rows = {row.valid_from: row for row in session.scalars(select(OfficeHours))}
    begun = [pair for pair in calendar.hours if pair[0] <= date(year, 1, 1)][-1:] or list(calendar.hours[:1])
    later = [pair for pair in calendar.hours if pair[0].year == year and pair not in begun]
    return [_line(since, None, hours, rows.get(since), DEFAULT_HOURS) for since, hours in [*begun, *later]]


def _fasting_of(session: Session, calendar: Calendar, year: int) -> list[HoursLine]:
    rows = {row.first_day: row for row in session.scalars(select(Ramadan))}
    own = [one for one in calendar.fasting if year in (one.first.year, one.last.year)]
    return [_line(one.first, one.last, one.hours, rows.get(one.first), DEFAULT_FAST) for one in own]


def _line(first: date, last: date | None, hours: Hours, row: OfficeHours | Ramadan | None, source: str) -> HoursLine:
    ordinary, friday = calendars.span_words(hours.ordinary), calendars.span_words(hours.friday)
    return HoursLine(first, last, ordinary, friday, row.decree if row else source, row)
