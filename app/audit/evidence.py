"""What a case has left behind, loaded once for the auditor's pages: events, tasks, files, people, faults. Never the engine's state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, definitions, office_calendar, offices
from app.audit.path import Path, read_path
from app.audit.told import Told, read_events
from app.diagram import Drawing, Element
from app.errors import NotFound
from app.forms import Form
from app.models import Attachment, Definition, Event, Incident, Instance, Membership, Task, User
from app.worktime import Calendar


@dataclass(frozen=True)
class Names:
    """Who and which OPD an id stands for."""

    people: Mapping[int, User]
    units: Mapping[str, str]

    def person(self, id: int | None) -> str:
        found = self.people.get(id or 0)
        return found.name if found else ""

    def unit(self, id: str | None) -> str:
        return self.units.get(id or "", id or "")


@dataclass(frozen=True)
class Evidence:
    """tasks: every row ever opened, in that order. opening: the form of the start event. seats: who held which office, ever.

    asked_of: the OPD on the list of the case: [(id, name)]. undecreed: teams that had no decree in force as it started, in words.
    """

    instance: Instance
    definition: Definition
    drawing: Drawing
    raw_events: Sequence[Event]
    events: Sequence[Told]
    tasks: Sequence[Task]
    files: Mapping[UUID, Sequence[Attachment]]
    names: Names
    seats: Sequence[Membership]
    incidents: Sequence[Incident]
    opening: Form | None
    asked_of: Sequence[tuple[str, str]]
    undecreed: Sequence[str]
    now: datetime
    calendar: Calendar

    @cached_property
    def path(self) -> Path:
        return read_path(self.drawing, self.events, [task for task in self.tasks if task.state == "open"])

    @cached_property
    def undone(self) -> frozenset[int]:
        """Numbers of the events that were taken back."""
        return frozenset(seq for event in self.events if event.kind == "recalled" for seq in event.data.get("undone", ()))

    def element_of(self, task: Task) -> Element | None:
        return self.drawing.elements.get(task.element)

    def event_of(self, task: Task, *kinds: str) -> int | None:
        """Number of the newest event of these kinds about a task."""
        found = self._by_task.get(str(task.id), {})
        return max((found[kind] for kind in kinds if kind in found), default=None)

    @cached_property
    def _by_task(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for event in self.events:
            found.setdefault(event.task_id, {})[event.kind] = event.seq
        return found


def load_evidence(session: Session, instance: Instance, definition: Definition) -> Evidence:
    """Twelve statements however long the case ran (and the opening form, once per process)."""
    drawing = definitions.spec_of(definition).drawing
    raw = session.scalars(select(Event).where(Event.instance_id == instance.id).order_by(Event.seq)).all()
    tasks = session.scalars(select(Task).where(Task.instance_id == instance.id).order_by(Task.opened_at, Task.element, Task.item)).all()
    files = session.scalars(
        select(Attachment)
        .where(Attachment.instance_id == instance.id, Attachment.task_id.is_not(None))
        .order_by(Attachment.uploaded_at, Attachment.filename)
    )
    by_task: dict[UUID, list[Attachment]] = {}
    for file in files:
        if file.task_id is not None:
            by_task.setdefault(file.task_id, []).append(file)
    people = {id for task in tasks for id in (task.completed_by, task.recorded_by, task.claimed_by)} | {event.actor_id for event in raw}
    people |= {file.uploaded_by for group in by_task.values() for file in group} | {instance.started_by}
    names = names_of(session, people, instance.id)
    seats = session.scalars(select(Membership).where(Membership.user_id.in_(names.people))).all()
    incidents = session.scalars(select(Incident).where(Incident.instance_id == instance.id).order_by(Incident.id)).all()
    return Evidence(
        instance, definition, drawing, raw, read_events(raw), tasks, by_task, names, seats, incidents,
        _opening_form(session, definition, drawing), offices.units_of_case(session, instance.id),
        offices.without_decree(session, drawing.lane_groups, instance.started_at.astimezone(clock.WIB).date()), clock.now(),
        office_calendar.calendar_of(session),
    )  # fmt: skip


def names_of(session: Session, people: Iterable[int | None], instance_id: int) -> Names:
    """OPD as this case knows them. Two statements."""
    return Names(people_of(session, people), offices.names_of_case(session, instance_id))


def people_of(session: Session, people: Iterable[int | None]) -> dict[int, User]:
    ids = {id for id in people if id is not None}
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(ids)))} if ids else {}


def _opening_form(session: Session, definition: Definition, drawing: Drawing) -> Form | None:
    try:
        return definitions.form_of(session, definition, drawing.start.form if drawing.start else None)
    except NotFound:
        return None
