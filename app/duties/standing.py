"""How a duty stands: what the cases of its SOP say, and the calendar."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app import clock, definitions, instances
from app.duties.rules import Occurrence
from app.forms import Field
from app.models import Definition, Instance
from app.worktime import working_days_between

Steps = Sequence[tuple[str, str]]  # (lane, step) that wait
State = Literal["before", "early", "open", "late", "undated", "running", "finished"]


@dataclass(frozen=True)
class Standing:
    """state: early (not offered yet) | open | late (past its hard date, no case) | before (past it before anybody counted) | undated (its
    event has no day yet) | running | finished.

    title: as a case of it is called, "LAKIP 2025". case: the one that finished last, else the one that runs. correction: runs beside a
    finished one. days_late: working days from the hard date to today or to the day it finished, 0 in time. where: of the case that runs.
    """

    occurrence: Occurrence
    title: str
    state: State
    case: Instance | None = None
    correction: Instance | None = None
    is_past: bool = False
    days_late: int = 0
    where: Steps = ()


def standings(session: Session, occurrences: Sequence[Occurrence]) -> list[Standing]:
    """In the same order."""
    newest = {found.key: found for found in definitions.latest_all(session)}
    names = {key: found.short_name or found.name for key, found in newest.items()}
    yearly = {one.duty.key for one in occurrences if one.duty.key in newest and len(key_fields(session, newest[one.duty.key])) == 1}
    cases = _cases(session, occurrences, yearly)
    waiting = instances.open_steps(session, [case.id for case in cases if case.state != "finished"])
    return [_standing(one, names, [case for case in cases if _fulfils(case, one)], waiting) for one in occurrences]


def _standing(one: Occurrence, names: Mapping[str, str], cases: Sequence[Instance], waiting: Mapping[int, Steps]) -> Standing:
    title = " ".join(filter(None, [names.get(one.duty.key, one.duty.name), one.years, one.period]))
    running = next((case for case in cases if case.state != "finished"), None)
    finished = next((case for case in cases if case.state == "finished"), None)
    if finished is not None:
        return Standing(one, title, "finished", finished, running, *_lateness(one, _day_of(finished)))
    if running is not None:
        return Standing(one, title, "running", running, None, *_lateness(one, clock.today()), waiting.get(running.id, []))
    return Standing(one, title, _unbegun(one), None, None, *_lateness(one, clock.today()))


def _unbegun(one: Occurrence) -> State:
    today = clock.today()
    if one.due is None or one.offered_from is None:
        return "undated"
    if today > one.due:
        return "before" if one.due < one.duty.since else "late"
    return "open" if today >= one.offered_from else "early"


def _lateness(one: Occurrence, day: date) -> tuple[bool, int]:
    """(past the hard date, by how many working days: none on the weekend after it)."""
    is_past = one.due is not None and day > one.due
    return is_past, working_days_between(one.due, day) if one.due and is_past else 0


def _day_of(case: Instance) -> date:
    return (case.finished_at or case.started_at).astimezone(clock.WIB).date()


def key_fields(session: Session, definition: Definition) -> Sequence[Field]:
    """Of the opening form: the year, and the period where the SOP has one."""
    start = definitions.spec_of(definition).drawing.start
    return definitions.form_of(session, definition, start.form if start else None).keys


def _cases(session: Session, occurrences: Sequence[Occurrence], yearly: Collection[str]) -> Sequence[Instance]:
    """Of all of them, in one statement, the last to finish first. yearly: SOPs without periods."""
    if not occurrences:
        return []
    whole = [_key_of(one) for one in occurrences if one.period or one.duty.key in yearly]
    begun_with = [_begins_with(one) for one in occurrences if not (one.period or one.duty.key in yearly)]
    return session.scalars(
        select(Instance)
        .where(Instance.state != "cancelled", or_(Instance.business_key.in_(whole), *begun_with))
        .order_by(Instance.finished_at.desc(), Instance.id.desc())
    ).all()


def _key_of(one: Occurrence) -> str:
    return ":".join([one.duty.key, str(one.year), *filter(None, [one.period])])


def _begins_with(one: Occurrence) -> ColumnElement[bool]:
    """Any period of the year. No index serves a beginning on both databases: the one over SOP and start leaves out what is older, for
    nobody starts a case two years ahead.
    """
    begun = datetime(one.year - 2, 1, 1, tzinfo=clock.WIB)
    named = or_(Instance.business_key == _key_of(one), Instance.business_key.startswith(f"{_key_of(one)}:", autoescape=True))
    return and_(Instance.key == one.duty.key, Instance.started_at >= begun, named)


def _fulfils(case: Instance, one: Occurrence) -> bool:
    period = instances.period_of(case.business_key)
    return case.key == one.duty.key and instances.year_of(case.business_key) == str(one.year) and one.period in ("", period)
