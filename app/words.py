"""Dates, times and counts as the office writes them: "8 Desember 2017", "pukul 10.42 WIB", "1.234,5"."""

from datetime import date, datetime

from babel.dates import format_date
from babel.numbers import format_decimal

from app.clock import WIB

LOCALE = "id_ID"


def long_date(value: date | datetime) -> str:
    """ "12 Maret 2026" (a moment is taken as WIB)."""
    return format_date(_day(value), "d MMMM y", locale=LOCALE)


def short_date(value: date | datetime) -> str:
    """ "12 Mar 2026"."""
    return format_date(_day(value), "d MMM y", locale=LOCALE)


def clock_time(value: datetime) -> str:
    """ "10.42 WIB"."""
    return f"{value.astimezone(WIB):%H.%M} WIB"


def moment(value: datetime) -> str:
    """ "12 Maret 2026 pukul 10.42 WIB"."""
    return f"{long_date(value)} pukul {clock_time(value)}"


def number(value: float) -> str:
    """ "1.234,5"."""
    return format_decimal(value, locale=LOCALE)


def file_size(size: int) -> str:
    """ "1,2 MB", "310 KB"."""
    return f"{number(round(size / 1_048_576, 1))} MB" if size >= 1_048_576 else f"{number(max(1, round(size / 1024)))} KB"


def _day(value: date | datetime) -> date:
    return value.astimezone(WIB).date() if isinstance(value, datetime) else value
