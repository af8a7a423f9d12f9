"""What programs read: running cases and open tasks, only those the person may see, a slice at a time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.errors import NotFound
from app.instances.loading import task_seen_by
from app.instances.reading import definitions_seen_by, found_under, instance_for
from app.instances.starting import RUNNING
from app.models import Definition, Instance, Task, User

RunningCase = tuple[Instance, Definition]
OpenTask = tuple[Task, Instance, Definition, str | None]  # the last: username of who has taken it


def running_cases_for(
    session: Session,
    actor: Actor,
    first: int,
    limit: int,
    key: str | None = None,
    definition_id: int | None = None,
    business_key: str | None = None,
) -> tuple[Sequence[RunningCase], int]:
    """Not finished and not cancelled, the newest first, and how many there are in all."""
    query = select(Instance, Definition).join(Definition, Instance.definition_id == Definition.id).where(Instance.state.in_(RUNNING))
    if not actor.sees_every_case:
        query = query.where(Definition.id.in_(definitions_seen_by(session, actor)))
    if key is not None:
        query = query.where(Instance.key == key)
    if definition_id is not None:
        query = query.where(Instance.definition_id == definition_id)
    if business_key is not None:
        query = query.where(Instance.business_key == business_key)
    return _slice(session, query.order_by(Instance.started_at.desc(), Instance.id.desc()), first, limit)


def running_case_for(session: Session, actor: Actor, instance_id: int) -> RunningCase:
    """Raises NotFound for absent, ended, and for a case the person may not see, alike."""
    instance, definition = instance_for(session, actor, instance_id)
    if instance.state not in RUNNING:
        raise NotFound
    return instance, definition


def open_tasks_for(
    session: Session,
    actor: Actor,
    first: int,
    limit: int,
    instance_id: int | None = None,
    key: str | None = None,
    element: str | None = None,
    taken_by: str | None = None,
) -> tuple[Sequence[OpenTask], int]:
    """The oldest first, and how many there are in all. taken_by: a username."""
    query = _open_tasks()
    if not actor.sees_every_case:
        own = found_under([*actor.candidate_keys(), *actor.recorder_keys()])
        query = query.where(or_(Definition.id.in_(definitions_seen_by(session, actor)), Task.id.in_(own)))
    if instance_id is not None:
        query = query.where(Task.instance_id == instance_id)
    if key is not None:
        query = query.where(Instance.key == key)
    if element is not None:
        query = query.where(Task.element == element)
    if taken_by is not None:
        query = query.where(User.username == taken_by)
    return _slice(session, query.order_by(Task.opened_at, Task.id), first, limit)


def open_task_for(session: Session, actor: Actor, task_id: UUID) -> OpenTask:
    """Raises NotFound for absent, done, and for a task the person may not see, alike."""
    task_seen_by(session, actor, task_id)
    row = session.execute(_open_tasks().where(Task.id == task_id)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1], row[2], row[3]


def _open_tasks() -> Select[Task, Instance, Definition, str | None]:
    return (
        select(Task, Instance, Definition, User.username)
        .join(Instance, Task.instance_id == Instance.id)
        .join(Definition, Instance.definition_id == Definition.id)
        .outerjoin(User, User.id == Task.claimed_by)
        .where(Task.state == "open")
    )


def _slice(session: Session, query: Select[*tuple[Any, ...]], first: int, limit: int) -> tuple[list[Any], int]:
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    return [tuple(row) for row in session.execute(query.limit(limit).offset(first))] if limit else [], total
