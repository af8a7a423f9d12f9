"""The office's working time: what the library knows, with what decrees changed on top; and the deadlines that come of it."""

from app.office_calendar.building import SUBJECT, WORKED, build_calendar, calendar_of, edition_beside, know_edition
from app.office_calendar.deeds import (
    KINDS,
    ROWS,
    DayDetails,
    Details,
    HoursDetails,
    RamadanDetails,
    Row,
    RowKind,
    keep_row,
    remove_row,
    require_admin,
    row_for,
    row_words,
)
from app.office_calendar.reckoning import due_by_norm, is_measured, reckon_open_tasks
from app.office_calendar.spans import read_spans, span_words
from app.office_calendar.typed_hours import DAYS, TIMES, times_of

__all__ = [
    "DAYS",
    "KINDS",
    "ROWS",
    "SUBJECT",
    "TIMES",
    "WORKED",
    "DayDetails",
    "Details",
    "HoursDetails",
    "RamadanDetails",
    "Row",
    "RowKind",
    "build_calendar",
    "calendar_of",
    "due_by_norm",
    "edition_beside",
    "is_measured",
    "keep_row",
    "know_edition",
    "read_spans",
    "reckon_open_tasks",
    "remove_row",
    "require_admin",
    "row_for",
    "row_words",
    "span_words",
    "times_of",
]
