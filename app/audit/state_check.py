"""Does the engine's memory of a case open, and does it wait for what the rows wait for? A row without its engine task, or the other way
round, is a silent dead end: no list shows it."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine
from app.db import keys_of
from app.engine.state import Place
from app.errors import InvalidBundle
from app.models import Definition, Instance, InstanceState, Task, Timer

WITH_STATE = ("running", "suspended", "incident")


def state_problems(session: Session, instance: Instance, any_engine: bool = False) -> Iterator[str]:
    """Sentences for the admin; none for a case that has ended. any_engine: also read what another version of the library wrote."""
    if instance.state not in WITH_STATE:
        return
    definition = session.get_one(Definition, instance.definition_id)
    state = session.get(InstanceState, instance.id, populate_existing=True)
    if state is None:
        yield "Keadaan mesin tidak ada."
        return
    try:
        place = Place(instance.id, definition.digest, state.sequence)
        payload = engine.unseal(state.blob, place, keys_of(session), any_engine=any_engine)
        tasks, timers = engine.open_tasks(definition, payload), engine.waiting_timers(definition, payload)
    except (engine.StateRejected, InvalidBundle) as error:
        yield str(error)
        return
    yield from _differences(session, instance, tasks, timers)


def _differences(session: Session, instance: Instance, tasks: frozenset[UUID], timers: frozenset[UUID]) -> Iterator[str]:
    waiting = select(Task.engine_task).where(Task.instance_id == instance.id, Task.state.in_(("open", "submitted")))
    if set(session.scalars(waiting)) != tasks:
        yield "Tugas yang terbuka tidak sama dengan yang ditunggu mesin."
    rows = session.execute(select(Timer.id, Timer.state).where(Timer.instance_id == instance.id)).all()
    missing = timers - {id for id, state in rows if state in ("waiting", "stopped")}  # stopped: it failed, and its incident says so
    if missing or {id for id, state in rows if state == "waiting"} - timers:
        yield "Penghitung waktu yang menunggu tidak sama dengan yang ditunggu mesin."
    if not tasks and not timers:
        yield "Mesin tidak menunggu apa pun, padahal pelaksanaan belum selesai."
