"""Deeds of admins and what held a case up, told for people: on the page of the case and beside its tasks."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.event_words import EventWords, tell_event
from app.audit.evidence import names_of
from app.audit.told import REPAIRS, Told, read_events
from app.diagram import Drawing
from app.models import Event

BY_OTHERS = ("withdrawn", "closed")  # but where an admin did it in their place
KINDS = (*REPAIRS, "faulted", *BY_OTHERS)


@dataclass(frozen=True)
class Repaired:
    event: Told
    words: EventWords


def repairs_of(session: Session, drawing: Drawing, instance_id: int) -> Sequence[Repaired]:
    """The latest first. One statement where there are none, three else."""
    query = select(Event).where(Event.instance_id == instance_id, Event.kind.in_(KINDS)).order_by(Event.seq.desc())
    found = [
        event for event in read_events(session.scalars(query)) if event.kind not in ("withdrawn", "closed") or event.data.get("repair")
    ]
    if not found:
        return ()
    names = names_of(session, {event.actor_id for event in found}, instance_id)
    return [Repaired(event, tell_event(drawing, names, event)) for event in found]
