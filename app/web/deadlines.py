"""Deadlines in words, counted as the office counts: when, how much is left or too much, how much of the norm is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask import Flask, g

from app import clock, definitions
from app.audit.timing import ended_at
from app.diagram import Drawing, Norm, format_norm
from app.instances.inbox import InboxRow
from app.models import Definition, Task
from app.office_calendar import calendar_of, is_measured
from app.web.guard import database
from app.words import clock_time, long_date, number
from app.worktime import Calendar, working_days_between, working_minutes_between

Band = Literal["cukup", "segera", "lewat"]
STATES: Mapping[Band, str] = {"cukup": "selesai", "segera": "dikembalikan", "lewat": "terlambat"}
NEARLY = 75  # per cent of the working time from the beginning to the deadline
SHORT = 240  # working minutes; what is less is said in hours and minutes
COUNTED_DAYS = 60  # a deadline farther away is said as a date


@dataclass(frozen=True)
class Due:
    """text: "Sisa 2 hari kerja", "" where the deadline is far. state: of the look, by band; the words differ as well."""

    at: datetime
    text: str
    band: Band

    @property
    def state(self) -> str:
        return STATES[self.band]

    @property
    def is_late(self) -> bool:
        return self.band == "lewat"

    @property
    def when(self) -> str:
        """ "12 Maret 2026, 16.00 WIB"."""
        return f"{long_date(self.at)}, {clock_time(self.at)}"


def register(app: Flask) -> None:
    app.jinja_env.globals.update(due=due, used_of=used_of)


def office_calendar() -> Calendar:
    """Once per request."""
    if "office_calendar" not in g:
        with database().reading() as session:
            g.office_calendar = calendar_of(session)
    found: Calendar = g.office_calendar
    return found


def due(at: datetime | None, since: datetime | None = None) -> Due | None:
    """since: from when the time until then is counted; without it a deadline is near on its last working day."""
    return None if at is None else due_on(at, since, clock.now(), office_calendar())


def due_on(at: datetime, since: datetime | None, now: datetime, calendar: Calendar) -> Due:
    if now > at:
        late = _amount(at, now, calendar)
        return Due(at, f"Terlambat {late}" if late else "Lewat tenggat", "lewat")
    if (at - now).days > COUNTED_DAYS:
        return Due(at, "", "cukup")
    left = working_minutes_between(now, at, calendar)
    if since is None:
        near = working_days_between(now, at, calendar) == 0
    else:
        used = working_minutes_between(since, now, calendar)
        near = used * 100 >= NEARLY * (used + left)
    words = f"sisa {_amount(now, at, calendar) or 'kurang dari 1 menit kerja'}"
    return Due(at, f"Segera, {words}" if near else f"S{words[1:]}", "segera" if near else "cukup")


def used_of(task: Task | InboxRow, norm: Norm | None) -> str:
    """ "20 dari 45 menit kerja": what of a step's own time is used, or was; "" where it is not measured."""
    if norm is None:
        return ""
    now, calendar = clock.now(), office_calendar()
    since, until = task.due_from or task.opened_at, now if isinstance(task, InboxRow) else ended_at(task, now)
    counted = working_days_between(since, until, calendar) if norm.days else working_minutes_between(since, until, calendar)
    return f"{number(counted)} dari {format_norm(norm)}"


def time_of(definition: Definition, element: str) -> Norm | None:
    """As of ``time_on``."""
    return time_on(definitions.spec_of(definition).drawing, element)


def time_on(drawing: Drawing, element: str) -> Norm | None:
    """The norm that staff pages show beside what is used: never a leader's."""
    return drawing.time_of(element) if is_measured(drawing, element) else None


def _amount(start: datetime, end: datetime, calendar: Calendar) -> str:
    """ "2 hari kerja", "3 jam 20 menit kerja", "25 menit kerja"; "" for less than a minute."""
    minutes, days = working_minutes_between(start, end, calendar), working_days_between(start, end, calendar)
    if days and minutes > SHORT:
        return f"{days} hari kerja"
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} jam"] * bool(hours) + [f"{rest} menit"] * bool(rest)
    return f"{' '.join(parts)} kerja" if parts else ""
