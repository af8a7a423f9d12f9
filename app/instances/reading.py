"""What the lists and pages read: tasks and instances, never the engine's state."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, Subquery, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from app import access, definitions
from app.access import Actor
from app.errors import NotFound
from app.instances.finishing import WAITING_ITEMS
from app.models import Candidate, Definition, Group, Instance, Task, table_of

Box = Literal["saya", "kelompok", "dikembalikan", "naskah"]
BOXES: tuple[Box, ...] = get_args(Box)
PAGE_SIZE = 50


class InboxRow(NamedTuple):
    """One open task as the inbox shows it, with the title of its case and the code, short name and digest of its version."""

    id: UUID
    element: str
    name: str
    lane: str
    round: int
    opened_at: datetime
    opened_from: str
    due_at: datetime | None
    due_from: datetime | None
    claimed_by: int | None
    title: str
    code: str
    short_name: str
    digest: str


@dataclass(frozen=True)
class CaseRow:
    """One case as the list shows it. open: how many tasks wait; where: the names of their lanes."""

    instance: Instance
    code: str
    short_name: str
    version: int
    open: int
    where: tuple[str, ...]


def inbox_for(
    session: Session, actor: Actor, box: Box, search: str = "", page: int = 1, total: int | None = None
) -> tuple[list[InboxRow], int]:
    """Open tasks of one box, oldest deadline first, and how many there are in all. One statement; a page beyond the last is empty.

    total: of the whole box where it is known, so that it is not counted again; not of what is searched for.
    """
    query = _IN_BOX[box, total is None]
    if search:
        pattern = f"%{_escaped(search)}%"
        query = query.where(or_(_TASK.c.name.ilike(pattern, escape="\\"), table_of(Instance).c.title.ilike(pattern, escape="\\")))
    asked = {**_asked_by(actor), "first": (page - 1) * PAGE_SIZE, "most": PAGE_SIZE}
    rows = session.connection().execute(query, asked).all()
    if total is not None:
        return [InboxRow._make(row) for row in rows], total
    if not rows and page > 1:
        return [], inbox_for(session, actor, box, search)[1]
    return [InboxRow._make(row[:-1]) for row in rows], rows[0][-1] if rows else 0


def inbox_counts(session: Session, actor: Actor) -> dict[Box, int]:
    """{box: open tasks} for the tabs and the header, in one statement."""
    if not actor.groups:
        return dict.fromkeys(BOXES, 0)
    return dict(zip(BOXES, session.connection().execute(_COUNTS, _asked_by(actor)).one(), strict=True))


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
        query = query.where(Instance.title.ilike(f"%{_escaped(search)}%", escape="\\"))
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


def _asked_by(actor: Actor) -> dict[str, object]:
    """The parameters of the statements of boxes, which are built once: every page begins with one."""
    every = [*actor.candidate_keys(), *actor.recorder_keys()]
    return {"every": every, "own_unit": f"{access.OPD_GROUP}:{actor.org_unit_id}", "asks": actor.id}


def _reachable() -> Subquery:
    """One line a task that waits for one of the person's keys, and through which: an office of theirs alone (a jabatan, their own OPD),
    any key of their own work, one of recording for others.

    Candidates leave with their task, so these are few, and every box is a look at the same lines.
    """
    key, group = table_of(Candidate).c.group_key, table_of(Group).c
    recorder = key.startswith(access.RECORDS, autoescape=True)
    office = or_(key == bindparam("own_unit"), key.in_(select(group.key).where(group.kind == "jabatan")))
    through = {"office": office, "candidate": ~recorder, "recorder": recorder}
    flags = (func.max(case((found, 1), else_=0)).label(name) for name, found in through.items())
    task_id = table_of(Candidate).c.task_id
    return select(task_id, *flags).where(key.in_(bindparam("every", expanding=True))).group_by(task_id).subquery("reachable")


_REACHABLE = _reachable()
_TASK = table_of(Task)
_OPEN = _REACHABLE.join(_TASK, _TASK.c.id == _REACHABLE.c.task_id)


def _box(box: Box) -> ColumnElement[bool]:
    """saya: taken by me, or waiting for an office only I hold (a jabatan, my own OPD). kelompok: the rest of what I may take.

    naskah: decided by others, on paper, and recorded by me; never work of my own.
    """
    if box == "naskah":
        return _REACHABLE.c.recorder == 1
    candidate = _REACHABLE.c.candidate == 1
    taken_by = func.coalesce(_TASK.c.claimed_by, 0)  # NULL would make the negation below neither true nor false
    mine = or_(taken_by == bindparam("asks"), and_(taken_by == 0, _REACHABLE.c.office == 1))
    if box == "saya":
        return and_(candidate, mine)
    return and_(candidate, ~mine if box == "kelompok" else _TASK.c.round > 1)


def _in_box(box: Box, counted: bool) -> Select[*tuple[Any, ...]]:
    """The columns of InboxRow, and the total if it is to be counted. Of tables, not of entities: half a page's cost was making rows."""
    task, owner, version = _TASK, table_of(Instance), table_of(Definition)
    of_task = ("id", "element", "name", "lane", "round", "opened_at", "opened_from", "due_at", "due_from", "claimed_by")
    shown = (*(task.c[name] for name in of_task), owner.c.title, version.c.code, version.c.short_name, version.c.digest)
    joined = _OPEN.join(owner, task.c.instance_id == owner.c.id).join(version, owner.c.definition_id == version.c.id)
    found = select(*shown, *([func.count().over()] if counted else [])).select_from(joined).where(task.c.state == "open", _box(box))
    in_order = (task.c.due_at.is_(None), task.c.due_at, task.c.opened_at, task.c.id)
    return found.order_by(*in_order).limit(bindparam("most", type_=Integer)).offset(bindparam("first", type_=Integer))


_IN_BOX = {(box, counted): _in_box(box, counted) for box in BOXES for counted in (True, False)}
_COUNTS = select(*(func.count().filter(_box(box)) for box in BOXES)).select_from(_OPEN).where(_TASK.c.state == "open")


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


def _escaped(text: str) -> str:
    """For LIKE: what a person types is text, not a pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
