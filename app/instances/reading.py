"""What the lists and pages read: tasks and instances, never the engine's state."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from app import access, definitions
from app.access import Actor
from app.errors import NotFound
from app.instances.finishing import WAITING_ITEMS
from app.models import Candidate, Definition, Group, Instance, Task

PAGE_SIZE = 50


@dataclass(frozen=True)
class CaseRow:
    """One case as the list shows it. open: how many tasks wait; where: the names of their lanes."""

    instance: Instance
    code: str
    short_name: str
    version: int
    open: int
    where: tuple[str, ...]


def only_decides(session: Session, actor: Actor) -> bool:
    """A leader at work: an office of one holder, and everything that waits for it is a decision that paper could carry as well."""
    decisions = select(Candidate.task_id).where(Candidate.group_key.startswith(access.RECORDS, autoescape=True))
    offices = select(Candidate.task_id).join(Group, Group.key == Candidate.group_key).where(Group.kind == "jabatan")
    mine = Task.id.in_(_candidate_ids(actor))
    is_decision = and_(Task.id.in_(decisions), Task.id.in_(offices.where(Group.key.in_(list(actor.groups)))))
    counted = select(func.count(Task.id), func.count(Task.id).filter(is_decision)).where(Task.state == "open", mine)
    waiting, decided = session.execute(counted).one()
    return 0 < waiting == decided


def next_task_for(session: Session, actor: Actor, after: Task) -> Task | None:
    """The person's next work: of the same case first, then the most urgent of all."""
    return session.scalar(
        select(Task)
        .where(Task.state == "open", Task.id.in_(_candidate_ids(actor)), or_(Task.claimed_by.is_(None), Task.claimed_by == actor.id))
        .order_by(Task.instance_id != after.instance_id, Task.due_at.is_(None), Task.due_at, Task.opened_at)
        .limit(1)
    )


def cases_for(session: Session, actor: Actor, state: str = "", search: str = "", page: int = 1) -> tuple[list[CaseRow], int]:
    """Cases the person may see, newest first, and how many there are in all."""
    query = select(Instance, Definition).join(Definition, Instance.definition_id == Definition.id)
    if not actor.sees_every_case:
        query = query.where(Definition.id.in_(definitions_seen_by(session, actor)))
    if state:
        query = query.where(Instance.state == state)
    if search:
        query = query.where(Instance.title.ilike(f"%{escaped(search)}%", escape="\\"))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(Instance.started_at.desc(), Instance.id.desc())
    rows = session.execute(newest.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    waiting = _open_lanes(session, [instance.id for instance, _definition in rows])
    return [
        CaseRow(instance, found.code, found.short_name, found.version, sum(lanes.values()), tuple(lanes))
        for instance, found in rows
        for lanes in [waiting.get(instance.id, {})]
    ], total


def instance_for(session: Session, actor: Actor, instance_id: int) -> tuple[Instance, Definition]:
    """Raises NotFound for absent and for a case the person may not see, alike."""
    row = session.execute(
        select(Instance, Definition).join(Definition, Instance.definition_id == Definition.id).where(Instance.id == instance_id)
    ).one_or_none()
    if row is None or not access.may_see_case(actor, definitions.spec_of(row[1]).drawing):
        raise NotFound
    return row[0], row[1]


def tasks_of(session: Session, instance_id: int) -> Sequence[Task]:
    """Every task row of a case, in the order they were opened."""
    return session.scalars(select(Task).where(Task.instance_id == instance_id).order_by(Task.opened_at, Task.element, Task.item)).all()


def tasks_of_visits(session: Session, instance_id: int, visits: Collection[tuple[str, int]]) -> Sequence[Task]:
    """Rows of these visits, (element, round), and of what is still open with all its lines; in the order they were opened."""
    of_case = Task.instance_id == instance_id
    going = select(Task.engine_task).where(of_case, Task.state.in_(WAITING_ITEMS))
    elements, rounds = {element for element, _round in visits}, {round for _element, round in visits}
    wanted = or_(Task.engine_task.in_(going), and_(Task.element.in_(elements), Task.round.in_(rounds)))
    rows = session.scalars(select(Task).where(of_case, wanted).order_by(Task.opened_at, Task.element, Task.item)).all()
    waiting = {row.engine_task for row in rows if row.state in WAITING_ITEMS}
    return [row for row in rows if row.engine_task in waiting or (row.element, row.round) in visits]


def open_tasks_of(session: Session, instance_id: int) -> Sequence[Task]:
    return session.scalars(
        select(Task).where(Task.instance_id == instance_id, Task.state == "open").order_by(Task.opened_at, Task.item)
    ).all()


def _candidate_ids(actor: Actor) -> Select[UUID]:
    return found_under(actor.candidate_keys())


def found_under(keys: Sequence[str]) -> Select[UUID]:
    return select(Candidate.task_id).where(Candidate.group_key.in_(keys))


def definitions_seen_by(session: Session, actor: Actor) -> list[int]:
    """Versions in whose drawing the person's office has a lane; their specs are cached."""
    found = session.scalars(select(Definition).where(Definition.id.in_(select(Instance.definition_id).distinct())))
    return [definition.id for definition in found if access.may_see_case(actor, definitions.spec_of(definition).drawing)]


def _open_lanes(session: Session, instance_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    counted = select(Task.instance_id, Task.lane, func.count()).where(Task.instance_id.in_(instance_ids), Task.state == "open")
    found: dict[int, dict[str, int]] = {}
    for instance_id, lane, count in session.execute(counted.group_by(Task.instance_id, Task.lane).order_by(Task.lane)):
        found.setdefault(instance_id, {})[lane] = count
    return found


def open_steps(session: Session, instance_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """{case: [(lane, step)] that wait, each once however many OPD are asked}."""
    query = select(Task.instance_id, Task.lane, Task.name).where(Task.instance_id.in_(instance_ids), Task.state == "open").distinct()
    found: dict[int, list[tuple[str, str]]] = {}
    for instance_id, lane, name in session.execute(query.order_by(Task.instance_id, Task.lane, Task.name)) if instance_ids else ():
        found.setdefault(instance_id, []).append((lane, name))
    return found


def escaped(text: str) -> str:
    """For LIKE: what a person types is text, not a pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
