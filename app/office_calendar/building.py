"""The rows of the tables laid over the library and the constants: one ``Calendar`` for everything that is counted.

Each process keeps the one it built, under the number of the last deed about the calendar: asking for it is one small statement.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from app.db import kept_of
from app.models import CalendarDay, OfficeEvent, OfficeHours, Ramadan
from app.office_calendar.spans import read_spans
from app.worktime import OFFICE, Calendar, Fasting, Hours

SUBJECT = "kalender"  # of its deeds in the trail of the office
_KNOWN = "calendar_edition"
SHARED, WORKED = "cuti-bersama", "masuk-kerja"
# Asked whenever a step with a norm opens: built once.
_EDITION = select(func.coalesce(func.max(OfficeEvent.id), 0)).where(OfficeEvent.subject == SUBJECT)


def calendar_of(session: Session) -> Calendar:
    """As of the last deed that was committed. Not for the transaction that changes it: what it builds may be rolled back."""
    kept, known = kept_of(session), session.info.get(_KNOWN)
    edition = session.execute(_EDITION).scalar_one() if known is None else known
    found: tuple[int, Calendar] | None = kept.get(SUBJECT)
    if found is None or found[0] != edition:
        found = kept[SUBJECT] = (edition, build_calendar(session))
    return found[1]


def edition_beside() -> ScalarSelect[int]:
    """For a statement that is sent anyway; then ``know_edition``, and asking for the calendar costs none."""
    return _EDITION.scalar_subquery()


def know_edition(session: Session, edition: int) -> None:
    session.info[_KNOWN] = edition


def build_calendar(session: Session) -> Calendar:
    """Three statements; what the session has not written yet must be flushed."""
    return calendar_from(
        session.scalars(select(OfficeHours).order_by(OfficeHours.valid_from)),
        session.scalars(select(Ramadan).order_by(Ramadan.first_day)),
        session.scalars(select(CalendarDay)),
    )


def calendar_from(hours: Iterable[OfficeHours], ramadans: Iterable[Ramadan], days: Iterable[CalendarDay]) -> Calendar:
    """A Ramadan of ours takes the place of a default one that it overlaps; hours and days of ours hold over all."""
    kinds = {row.day: row.kind for row in days}
    ours = tuple(Fasting(row.first_day, row.last_day, _hours(row)) for row in ramadans)
    left = (one for one in OFFICE.fasting if not any(one.first <= other.last and other.first <= one.last for other in ours))
    dated = (*OFFICE.hours, *((row.valid_from, _hours(row)) for row in hours))
    return Calendar(
        hours=tuple(sorted(dated, key=lambda pair: pair[0])),
        fasting=tuple(sorted([*ours, *left])),
        is_free=lambda day: _is_free(kinds, day),
        is_decreed=lambda year: OFFICE.is_decreed(year) or any(day.year == year for day, kind in kinds.items() if kind == SHARED),
    )


def _is_free(kinds: Mapping[date, str], day: date) -> bool:
    kind = kinds.get(day)
    return OFFICE.is_free(day) if kind is None else kind != WORKED


def _hours(row: OfficeHours | Ramadan) -> Hours:
    return Hours(read_spans(row.ordinary), read_spans(row.friday))
