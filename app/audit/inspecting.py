"""The auditor's list of cases: what is chosen, what marks each case carries. The rights hang on the person, not on an office."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, Select, and_, cast, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app import access, clock, definitions
from app.access import Actor
from app.audit.deviations.finding import SENT
from app.audit.path import returns_of
from app.audit.told import read_events
from app.errors import Forbidden, NotFound
from app.models import Definition, Event, Instance, OrgUnit, Task, User

CASES_A_PAGE = 50


@dataclass(frozen=True)
class Selection:
    """Which cases. key: of the SOP; year: as in the business key; unit: OPD id; person: part of a name; search: part of the title.

    late: an OPD was late; returned: something was sent back; paper: a decision was recorded from paper.
    """

    key: str = ""
    year: str = ""
    state: str = ""
    unit: str = ""
    person: str = ""
    search: str = ""
    late: bool = False
    returned: bool = False
    paper: bool = False

    @property
    def is_everything(self) -> bool:
        return not any(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True)
class Choices:
    """What the filters offer. sops: [(key, code, short name)]; years: the latest first."""

    sops: Sequence[tuple[str, str, str]]
    years: Sequence[str]
    units: Sequence[OrgUnit]


@dataclass(frozen=True)
class InspectedCase:
    """One line. late: OPD that were late or are; returned: how often it was sent back; paper: decisions; missing: OPD that sent nothing."""

    instance: Instance
    definition: Definition
    late: int
    returned: int
    paper: int
    missing: int


def cases_to_inspect_for(
    session: Session, actor: Actor, selection: Selection, page: int = 1, size: int = CASES_A_PAGE
) -> tuple[list[InspectedCase], int]:
    """The newest first, and how many there are in all. Four statements. Raises Forbidden."""
    _require_inspector(actor)
    query = _chosen(session, selection)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = session.execute(_newest(query).limit(size).offset((page - 1) * size)).all()
    return _with_marks(session, [(instance, definition) for instance, definition in rows]), total


def selected_cases_for(session: Session, actor: Actor, selection: Selection) -> Select[Instance, Definition]:
    """For exports: all of them, the newest first. Raises Forbidden."""
    _require_inspector(actor)
    return _newest(_chosen(session, selection))


def case_to_inspect_for(session: Session, actor: Actor, instance_id: int) -> tuple[Instance, Definition]:
    """Raises Forbidden before anything is looked up, then NotFound."""
    _require_inspector(actor)
    row = session.execute(
        select(Instance, Definition).join(Definition, Instance.definition_id == Definition.id).where(Instance.id == instance_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def choices_for_inspecting(session: Session) -> Choices:
    """Three statements."""
    known = session.scalars(select(Definition).order_by(Definition.code, Definition.key, Definition.version))
    sops = {found.key: (found.key, found.code, found.short_name or found.name) for found in known}
    years = {year_of(key) for key in session.scalars(select(Instance.business_key).distinct())} - {""}
    units = sorted(session.scalars(select(OrgUnit)), key=lambda unit: (unit.kind == "Kecamatan", unit.name))
    return Choices(tuple(sops.values()), sorted(years, reverse=True), units)


def year_of(business_key: str) -> str:
    """The second part of a business key where it is a year; "" else."""
    year = business_key.split(":")[1] if ":" in business_key else ""
    return year if year.isascii() and year.isdigit() and len(year) == 4 else ""


def _require_inspector(actor: Actor) -> None:
    if not access.may_inspect(actor):
        raise Forbidden("Halaman Pemeriksaan dibuka oleh auditor dan admin.")


def _chosen(session: Session, selection: Selection) -> Select[Instance, Definition]:
    query = select(Instance, Definition).join(Definition, Instance.definition_id == Definition.id)
    if selection.key:
        query = query.where(Instance.key == selection.key)
    if selection.year:
        prefix = Instance.key + ":" + selection.year
        query = query.where(or_(Instance.business_key == prefix, Instance.business_key.startswith(prefix + ":")))
    if selection.state:
        query = query.where(Instance.state == selection.state)
    if selection.search:
        query = query.where(Instance.title.ilike(_like(selection.search), escape="\\"))
    if selection.unit:
        query = query.where(_some_task(Task.item == selection.unit))
    if selection.person:
        query = query.where(_worked_on_by(selection.person))
    if selection.late:
        query = query.where(_some_task(_is_late(session)))
    if selection.returned:
        query = query.where(_some_task(or_(and_(Task.round > 1, Task.state != "cancelled"), Task.state == "returned")))
    if selection.paper:
        query = query.where(_some_task(_is_paper()))
    return query


def _newest(query: Select[Instance, Definition]) -> Select[Instance, Definition]:
    return query.order_by(Instance.started_at.desc(), Instance.id.desc())


def _some_task(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Task.instance_id == Instance.id, condition)


def _worked_on_by(name: str) -> ColumnElement[bool]:
    """Started it, or took, finished or recorded a step of it."""
    people = select(User.id).where(or_(User.name.ilike(_like(name), escape="\\"), User.username == name.lower()))
    did = or_(Task.completed_by.in_(people), Task.recorded_by.in_(people), Task.claimed_by.in_(people))
    return or_(Instance.started_by.in_(people), _some_task(did))


def _is_paper() -> ColumnElement[bool]:
    return and_(Task.recorded_by.is_not(None), Task.item.is_(None))


def _is_late(session: Session) -> ColumnElement[bool]:
    """The same as ``deviations.is_late``, for counting and choosing in the database."""
    in_app = and_(Task.happened_on.is_(None), Task.completed_at > Task.due_at)
    outside = Task.happened_on > _wib_date(session, Task.due_at)
    waiting = and_(Task.state == "open", Task.due_at < clock.now(), Instance.state == "running")
    first = and_(Task.item.is_not(None), Task.round == 1)
    return and_(first, or_(waiting, and_(Task.state.in_(SENT), or_(in_app, outside))))


def _wib_date(session: Session, moment: InstrumentedAttribute[datetime | None]) -> ColumnElement[date]:
    """The day of a moment at the office. SQLite keeps moments as text in UTC."""
    if session.get_bind().dialect.name == "sqlite":
        return func.date(moment, "+7 hours", type_=Date)
    return cast(func.timezone("Asia/Jakarta", moment), Date)


def _is_missing() -> ColumnElement[bool]:
    """Closed without an answer, and no later row of the same OPD in the same step."""
    later = aliased(Task)
    again = exists().where(
        later.instance_id == Task.instance_id, later.element == Task.element, later.item == Task.item, later.opened_at > Task.opened_at
    )
    return and_(Task.state == "closed", ~again)


def _with_marks(session: Session, cases: Sequence[tuple[Instance, Definition]]) -> list[InspectedCase]:
    ids = [instance.id for instance, _definition in cases]
    counted = (
        select(
            Task.instance_id,
            func.count(Task.id).filter(_is_late(session)),
            func.count(Task.id).filter(_is_paper()),
            func.count(Task.id).filter(_is_missing()),
        )
        .join(Instance, Task.instance_id == Instance.id)
        .where(Task.instance_id.in_(ids))
        .group_by(Task.instance_id)
    )
    marks = {id: (late, paper, missing) for id, late, paper, missing in session.execute(counted)} if ids else {}
    returned = _times_returned(session, cases) if ids else {}
    found = []
    for instance, definition in cases:
        late, paper, missing = marks.get(instance.id, (0, 0, 0))
        found.append(InspectedCase(instance, definition, late, returned.get(instance.id, 0), paper, missing))
    return found


def _times_returned(session: Session, cases: Iterable[tuple[Instance, Definition]]) -> dict[int, int]:
    """Ways back taken and papers of OPD sent back, by case; what was taken back does not count. One statement."""
    back = {instance.id: returns_of(definitions.spec_of(definition).drawing) for instance, definition in cases}
    kinds = ("step", "returned", "recalled")
    rows = session.scalars(select(Event).where(Event.instance_id.in_(back), Event.kind.in_(kinds)).order_by(Event.instance_id, Event.seq))
    by_case: dict[int, list[Event]] = {}
    for row in rows:
        by_case.setdefault(row.instance_id, []).append(row)
    found = {}
    for id, events in by_case.items():
        told = read_events(events)
        undone = {seq for event in told for seq in event.data.get("undone", ())}
        ways = sum(flow in back[id] for event in told if event.seq not in undone for flow in event.data.get("flows", ()))
        found[id] = ways + sum(event.kind == "returned" for event in told)
    return found


def _like(text: str) -> str:
    """What a person types is text, not a pattern."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
