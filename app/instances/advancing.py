"""What an Advance of the engine does to our rows: state, tasks, timers, events, the end of a case."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

import isodate
from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.orm import Session

from app import access, audit, clock, definitions, engine
from app import office_calendar as calendars
from app.audit import Fact
from app.db import keys_of, settings_of
from app.diagram import Drawing
from app.engine import Advance, Opened, WaitingTimer
from app.engine.state import Place
from app.errors import EngineFault
from app.instances.scheduling import schedule_reminder
from app.instances.sending import sent_by
from app.models import Candidate, Definition, Instance, InstanceState, Task, Timer, columns_of, table_of
from app.worktime import Calendar

# Core, built once: rows that are only put in or taken out need no unit of work.
_OPEN = insert(table_of(Task))
_OFFER = insert(table_of(Candidate))
_WITHDRAW = delete(table_of(Candidate)).where(table_of(Candidate).c.task_id == bindparam("task"))


def load_state(session: Session, instance: Instance, definition: Definition, state: InstanceState) -> bytes:
    """The engine's payload. Raises StateRejected (an incident that stops this one case) when its seal does not hold."""
    try:
        return engine.unseal(state.blob, Place(instance.id, definition.digest, state.sequence), keys_of(session))
    except engine.StateRejected as error:
        error.instance_id = instance.id
        raise


def apply_advance(
    session: Session,
    instance: Instance,
    definition: Definition,
    state: InstanceState,
    advance: Advance,
    *,
    actor_id: int | None,
    at: datetime,
    facts: Sequence[Fact] = (),
    closing: frozenset[UUID] = frozenset(),
    from_lane: str = "",
) -> None:
    """facts: what led to it, put before the steps. closing: engine tasks whose rows the caller has closed itself."""
    drawing = definitions.spec_of(definition).drawing
    _close_rows(session, advance.closed - closing)
    measured = any(calendars.is_measured(drawing, opened.element) and opened.due is None for opened in advance.opened)
    calendar = calendars.calendar_of(session) if measured else None
    tasks = [task for opened in advance.opened for task in _open(session, instance, drawing, opened, at, from_lane, calendar)]
    if tasks:
        session.connection().execute(_OPEN, [columns_of(task) for task in tasks])
        keys = [(key, task.id) for task in tasks for key in access.keys_to_open(drawing, task.element, task.item)]
        session.connection().execute(_OFFER, [{"group_key": key, "task_id": id} for key, id in keys])
    for opened in advance.opened:
        due_at = next((task.due_at for task in tasks if task.engine_task == opened.task), None)
        schedule_reminder(session, drawing.elements[opened.element], opened.task, due_at)
    session.add_all(_timer(session, instance, waiting, at) for waiting in advance.timers)
    session.add_all(sent_by(drawing, instance, advance.steps, at))
    state.sequence += 1
    state.blob = engine.seal(advance.state, Place(instance.id, definition.digest, state.sequence), keys_of(session))
    instance.revision += 1
    if advance.finished:
        instance.state, instance.finished_at = "finished", at
    ended = [Fact("finished", {})] if advance.finished else []
    audit.record(session, instance, actor_id, at, [*_merged(facts, advance), *ended])


def close_task(session: Session, task: Task, state: str, at: datetime) -> None:
    """Its candidates leave with it, so that the inbox holds open work only."""
    task.state = state
    if task.completed_at is None:
        task.completed_at = at
    session.connection().execute(_WITHDRAW, {"task": task.id})


def answers_fact(task: Task, kind: str, data: Mapping[str, Any]) -> Fact:
    """The event that vouches for a task's answers, by a digest salted with a value kept beside them."""
    task.answers_salt = secrets.token_bytes(16)
    vouched = audit.answers_digest(task.answers or {}, task.answers_salt)
    return Fact(kind, {"element": task.element, "task": str(task.id), "round": task.round, "answers": vouched, **data})


def deadline(text: str, closing_time: str) -> datetime:
    """ISO date -> closing time of that day (WIB); ISO date and time as it stands, WIB where it names no zone.

    Raises ValueError.
    """
    if len(text) == 10:
        hour, minute = closing_time.split(".")
        return datetime.combine(isodate.parse_date(text), time(int(hour), int(minute)), clock.WIB)
    found: datetime = isodate.parse_datetime(text)
    return found if found.tzinfo else found.replace(tzinfo=clock.WIB)


def _merged(facts: Sequence[Fact], advance: Advance) -> Iterator[Fact]:
    """The step of a completed task takes the place of the caller's "step" fact, flows added; the rest follow as they happened."""
    by_element = {fact.data.get("engine_task"): fact for fact in facts if fact.kind == "step"}
    yield from (fact for fact in facts if fact.kind != "step")
    for step in advance.steps:
        told = by_element.get(str(step.task))
        data = {key: value for key, value in told.data.items() if key != "engine_task"} if told else {}
        yield Fact("step", {**data, "element": step.element, "round": step.round, "flows": list(step.flows)})


def _open(
    session: Session, instance: Instance, drawing: Drawing, opened: Opened, at: datetime, from_lane: str, calendar: Calendar | None
) -> Iterator[Task]:
    """calendar: None where no norm is measured."""
    element, lane = drawing.elements[opened.element], drawing.lane_of(opened.element)
    due, by_norm = None, None
    if opened.due is not None:
        due = _due(session, opened, instance)
    elif calendar is not None:
        due = by_norm = calendars.due_by_norm(drawing, element.id, at, calendar)
    for item in opened.items or (opened.within,):
        yield Task(
            id=opened.task if opened.items is None else uuid5(opened.task, str(item)),
            instance_id=instance.id,
            engine_task=opened.task,
            element=element.id,
            name=f"Catat bahwa {element.name} telah diterima"[:300] if element.is_receipt else element.name,
            lane=lane.name if lane else "",
            row=element.row,
            form_id=definitions.form_id_of(element),
            item=item,
            round=opened.round,
            state="open",
            opened_at=at,
            opened_from=from_lane,
            due_at=due,
            due_from=at if by_norm else None,
        )


def _due(session: Session, opened: Opened, instance: Instance) -> datetime:
    try:
        return deadline(str(opened.due), settings_of(session).closing_time)
    except (ValueError, isodate.ISO8601Error) as error:
        raise EngineFault(f"Batas waktu “{opened.due}” bukan tanggal.", opened.element, instance.id) from error


def _timer(session: Session, instance: Instance, waiting: WaitingTimer, at: datetime) -> Timer:
    try:
        if waiting.value is None:
            raise ValueError("kosong")
        if waiting.kind == "duration":
            duration = isodate.parse_duration(waiting.value)
            due = at + (duration if isinstance(duration, timedelta) else duration.totimedelta(start=at))
        else:
            due = deadline(waiting.value, settings_of(session).closing_time)
    except (ValueError, OverflowError, isodate.ISO8601Error) as error:
        raise EngineFault(f"Waktu “{waiting.value}” tidak dapat dibaca.", waiting.element, instance.id) from error
    return Timer(id=waiting.task, instance_id=instance.id, element=waiting.element, due_at=due, state="waiting")


def _close_rows(session: Session, closed: frozenset[UUID]) -> None:
    """Tasks and timers that the engine no longer waits for (a boundary event interrupted them, a case ended)."""
    if not closed:
        return
    cancelled = update(Task).where(Task.engine_task.in_(closed), Task.state == "open").values(state="cancelled")
    rows = list(session.scalars(cancelled.returning(Task.id)))
    if rows:
        session.execute(delete(Candidate).where(Candidate.task_id.in_(rows)))
    session.execute(update(Timer).where(Timer.id.in_(closed), Timer.state == "waiting").values(state="stopped"))
