"""What the pages read: the agenda of a year, what wants a hand now, what an opening form's year is owed by."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, instances
from app.access import Actor
from app.duties.rules import Occurrence, of_year, on_agenda
from app.duties.standing import Standing, standings
from app.errors import Forbidden
from app.models import Duty, DutyDate

NOBODYS: Mapping[int, date] = {}


def startable_keys(session: Session, actor: Actor) -> frozenset[str]:
    """The SOPs this person starts."""
    return frozenset(found.key for found in instances.startable_by(session, actor)) if actor.groups else frozenset()


def may_note_date(actor: Actor, duty: Duty, startable: Collection[str]) -> bool:
    """An admin, and who starts the SOP: they hear of the event first."""
    return actor.is_admin or duty.key in startable


def may_read_agenda(session: Session, actor: Actor, may_start: bool) -> bool:
    """Who starts an SOP, who is responsible for a duty, admins. may_start: there is an SOP that they start."""
    if may_start or actor.is_admin:
        return True
    held = select(Duty.id).where(Duty.is_active, Duty.group_key.in_(list(actor.groups))).limit(1)
    return bool(actor.groups) and session.scalar(held) is not None


def agenda_for(session: Session, actor: Actor, year: int) -> list[Standing]:
    """The duties of a calendar year, by their hard dates. Raises Forbidden."""
    if not may_read_agenda(session, actor, bool(startable_keys(session, actor))):
        raise Forbidden("Agenda ini untuk yang memulai SOP, penanggung jawab kewajiban, dan admin.")
    return sorted(standings(session, _of(session, active_duties(session), year)), key=_by_date)


def reminders_for(session: Session, actor: Actor) -> list[Standing]:
    """What this person may start now and nobody has; and, of this year, the days of events that they still owe. By hard date."""
    startable = startable_keys(session, actor)
    found = active_duties(session, startable) if startable else []
    today = clock.today()
    # Of last year what was left, of next year what is offered already; a duty of several years stands on each agenda, and counts once.
    seen = {(one.duty.id, one.year, one.period): one for year in range(today.year - 1, today.year + 2) for one in _of(session, found, year)}
    asked = [one for one in seen.values() if (one.offered_from <= today if one.offered_from else one.year == today.year)]
    waiting = [one for one in standings(session, asked) if one.state in ("open", "late", "undated")]
    # Two duties of one SOP are done by one case: the nearer date speaks for both.
    return list({one.title: one for one in sorted(waiting, key=_by_date, reverse=True)}.values())[::-1]


def owed_by(session: Session, key: str, year: str, period: str) -> list[Standing]:
    """The duties that a case of this SOP, year and period fulfils. year: as typed."""
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        return []
    found = active_duties(session, [key])
    dated = _dated(session, found)
    owed = [one for duty in found for one in of_year(duty, int(year), dated.get(duty.id, NOBODYS))]
    return standings(session, [one for one in owed if one.period in ("", period)])


def active_duties(session: Session, keys: Collection[str] | None = None) -> Sequence[Duty]:
    query = select(Duty).where(Duty.is_active).order_by(Duty.key, Duty.id)
    return session.scalars(query if keys is None else query.where(Duty.key.in_(keys))).all()


def all_duties(session: Session) -> Sequence[Duty]:
    """Inactive ones last."""
    return session.scalars(select(Duty).order_by(Duty.is_active.desc(), Duty.key, Duty.name)).all()


def _of(session: Session, found: Sequence[Duty], year: int) -> list[Occurrence]:
    dated = _dated(session, found)
    return [one for duty in found for one in on_agenda(duty, year, dated.get(duty.id, NOBODYS))]


def _dated(session: Session, found: Sequence[Duty]) -> dict[int, dict[int, date]]:
    """{duty: {year: the day of its event}}."""
    dated: dict[int, dict[int, date]] = {}
    counted = [duty.id for duty in found if duty.event]
    for row in session.scalars(select(DutyDate).where(DutyDate.duty_id.in_(counted))) if counted else ():
        dated.setdefault(row.duty_id, {})[row.year] = row.happened_on
    return dated


def _by_date(one: Standing) -> tuple[bool, date, str]:
    """What has no date yet comes last."""
    due = one.occurrence.due
    return due is None, due or date.max, one.title
