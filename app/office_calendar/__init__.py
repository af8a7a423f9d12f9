"""The office's working time: what the library knows, with what decrees changed on top; and the deadlines that come of it."""

from app.office_calendar.building import build_calendar, calendar_of
from app.office_calendar.reckoning import due_by_norm, is_measured, reckon_open_tasks

__all__ = ["build_calendar", "calendar_of", "due_by_norm", "is_measured", "reckon_open_tasks"]
