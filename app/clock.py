"""The only clock. Everything that needs the time asks here (a test reads the syntax tree for others)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")


def now() -> datetime:
    """The present moment, aware, in UTC: what is stored."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day at the office (WIB)."""
    return now().astimezone(WIB).date()
