"""Cases and their events, told in words, a few cases at a time however many are asked for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import definitions, offices
from app.audit.event_words import EventWords, tell_event
from app.audit.evidence import Names, people_of
from app.audit.inspecting import year_of
from app.audit.told import Told, read_events
from app.models import Definition, Event, Instance, Task

TOGETHER = 25  # cases whose events are loaded with one statement

Opened = dict[str, datetime]


@dataclass(frozen=True)
class Entry:
    """One event. opened_at: when the task it finished was opened; None for what is no task."""

    event: Told
    words: EventWords
    opened_at: datetime | None


@dataclass(frozen=True)
class Trace:
    """One case with all its events, in order. started_by: a name. year: "" where its business key has none."""

    instance: Instance
    definition: Definition
    started_by: str
    year: str
    entries: Sequence[Entry]


def traces_of(session: Session, cases: Iterable[tuple[Instance, Definition]]) -> Iterator[Trace]:
    """In the order given. Five statements for every 25 cases; the first statement of the next ones waits until these are used."""
    every = iter(cases)
    while few := list(islice(every, TOGETHER)):
        ids = [instance.id for instance, _definition in few]
        rows = session.scalars(select(Event).where(Event.instance_id.in_(ids)).order_by(Event.instance_id, Event.seq)).all()
        events = {id: read_events(group) for id, group in groupby(rows, key=lambda row: row.instance_id)}
        opened = {str(id): at for id, at in session.execute(select(Task.id, Task.opened_at).where(Task.instance_id.in_(ids)))}
        people = people_of(session, _people(events.values()) | {instance.started_by for instance, _definition in few})
        units = offices.names_of_cases(session, ids)
        for instance, definition in few:
            yield _trace(instance, definition, events.get(instance.id, ()), Names(people, units[instance.id]), opened)


def _trace(instance: Instance, definition: Definition, events: Sequence[Told], names: Names, opened: Opened) -> Trace:
    drawing = definitions.spec_of(definition).drawing
    entries = [Entry(event, tell_event(drawing, names, event), opened.get(event.task_id)) for event in events]
    return Trace(instance, definition, names.person(instance.started_by), year_of(instance.business_key), entries)


def _people(events: Iterable[Sequence[Told]]) -> set[int | None]:
    """Also those that events name besides who did them."""
    every = [event for group in events for event in group]
    return {event.actor_id for event in every} | {
        id for event in every for id in (event.data.get("recorded_by"), event.data.get("decider")) if isinstance(id, int)
    }
