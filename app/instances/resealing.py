"""After a rotation of keys: the states of all cases under the current one, case by case, each locked for a moment."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import engine
from app.db import keys_of
from app.engine.state import Place
from app.errors import NotFound
from app.instances.loading import lock_instance
from app.models import Definition, InstanceState


@dataclass(frozen=True)
class Resealed:
    """changed: it had another key. problem: why it was left as it is, "" where nothing is wrong."""

    title: str
    changed: bool
    problem: str


def cases_with_state(session: Session) -> list[int]:
    return list(session.scalars(select(InstanceState.instance_id).order_by(InstanceState.instance_id)))


def reseal_state(session: Session, instance_id: int) -> Resealed:
    """The state and the one before it. What no listed key has sealed for this very place is left for an admin to look at."""
    try:
        instance, state = lock_instance(session, instance_id)
    except NotFound:
        return Resealed("", False, "Keadaan mesin tidak ada.")
    definition, keys = session.get_one(Definition, instance.definition_id), keys_of(session)
    try:
        blob = engine.reseal(state.blob, Place(instance.id, definition.digest, state.sequence), keys)
        before = state.previous_blob
        if before is not None:
            before = engine.reseal(before, Place(instance.id, definition.digest, state.previous_sequence or 0), keys)
    except engine.StateRejected as error:
        return Resealed(instance.title, False, str(error))
    changed = (blob, before) != (state.blob, state.previous_blob)
    state.blob, state.previous_blob = blob, before
    return Resealed(instance.title, changed, "")
