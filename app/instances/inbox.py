"""The inbox: every box is a look at the same few lines, the tasks that wait for one of the person's keys."""

from datetime import datetime
from typing import Any, Literal, NamedTuple, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, Subquery, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from app import access
from app.access import Actor
from app.instances.reading import PAGE_SIZE, escaped
from app.models import Candidate, Definition, Group, Instance, Task, table_of

Box = Literal["saya", "kelompok", "dikembalikan", "naskah"]
BOXES: tuple[Box, ...] = get_args(Box)


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


def inbox_for(
    session: Session, actor: Actor, box: Box, search: str = "", page: int = 1, total: int | None = None
) -> tuple[list[InboxRow], int]:
    """Open tasks of one box, oldest deadline first, and how many there are in all. One statement; a page beyond the last is empty.

    total: of the whole box where it is known, so that it is not counted again; not of what is searched for.
    """
    query = _IN_BOX[box, total is None]
    if search:
        pattern = f"%{escaped(search)}%"
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
