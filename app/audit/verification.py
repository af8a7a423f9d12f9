"""Can anybody have altered it? The chain, the answers it vouches for, and the rows that must agree with the engine."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine
from app.audit.chain import answers_digest, seal_holds
from app.db import keys_of
from app.engine.state import Place
from app.models import Definition, Event, Instance, InstanceState, Task

ANSWERED = ("done", "submitted", "returned", "recalled")


@dataclass(frozen=True)
class Verdict:
    """problems: sentences, the first broken event first; () when everything holds. events: how many were verified."""

    instance_id: int
    events: int
    problems: tuple[str, ...]


def verify_instance(session: Session, instance: Instance) -> Verdict:
    events = session.scalars(select(Event).where(Event.instance_id == instance.id).order_by(Event.seq)).all()
    problems = (*_chain(session, instance, events), *_answers(session, instance, events), *_engine(session, instance))
    return Verdict(instance.id, len(events), problems)


def _chain(session: Session, instance: Instance, events: Sequence[Event]) -> Iterator[str]:
    keys, previous = keys_of(session), b""
    for expected, event in enumerate(events, start=1):
        if event.seq != expected:
            yield f"Peristiwa ke-{expected} hilang."
            return
        if not seal_holds(event, previous, keys):
            yield f"Peristiwa ke-{event.seq} ({event.kind}) tidak cocok dengan segelnya."
            return
        previous = event.mac
    if (len(events), previous) != (instance.event_seq, instance.event_mac):
        yield f"Rantai peristiwa berakhir pada ke-{len(events)}, seharusnya ke-{instance.event_seq}."


def _answers(session: Session, instance: Instance, events: Sequence[Event]) -> Iterator[str]:
    """The newest event that vouches for a task's answers (a replaced file makes a newer one) must still be right."""
    tasks = {str(task.id): task for task in session.scalars(select(Task).where(Task.instance_id == instance.id))}
    vouched: dict[str, tuple[int, str, str]] = {}
    for event in events:
        data = json.loads(event.data)
        if "answers" in data:
            vouched[data["task"]] = (event.seq, data["element"], data["answers"])
    for id, (seq, element, digest) in vouched.items():
        task = tasks.get(id)
        if task is None or answers_digest(task.answers or {}, task.answers_salt or b"") != digest:
            yield f"Isian pada peristiwa ke-{seq} ({element}) telah berubah."
    for id, task in tasks.items():
        if task.state in ANSWERED and id not in vouched:
            yield f"Tugas {task.element} tercatat selesai tanpa peristiwa."


def _engine(session: Session, instance: Instance) -> Iterator[str]:
    """A row without its engine task, or the other way round, is a silent dead end."""
    if instance.state != "running":
        return
    definition = session.get_one(Definition, instance.definition_id)
    state = session.get_one(InstanceState, instance.id)
    try:
        payload = engine.unseal(state.blob, Place(instance.id, definition.digest, state.sequence), keys_of(session))
    except engine.StateRejected as error:
        yield str(error)
        return
    waiting = select(Task.engine_task).where(Task.instance_id == instance.id, Task.state.in_(("open", "submitted")))
    rows = set(session.scalars(waiting))
    if rows != engine.open_tasks(definition, payload):
        yield "Tugas yang terbuka tidak sama dengan yang ditunggu mesin."
