"""What the engine would hold, read back from the rows alone: for a case whose state is lost, or is to begin again at a step."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import definitions, forms
from app.diagram import Drawing, Element
from app.errors import NotFound
from app.forms import JSON, Component, Field, Form
from app.forms.schema import schema_of
from app.models import Definition, Event, Instance, Task

ASKED_ID = "nilai"


def recorded_variables(session: Session, instance: Instance, definition: Definition) -> dict[str, JSON]:
    """{variable the drawing reads: what was answered last}, steps in the order they were done; a name nobody answered is missing.

    Lines of a fan-out never enter the engine, what was taken back does not count.
    """
    reads = definitions.spec_of(definition).reads
    done = select(Task).where(Task.instance_id == instance.id, Task.state == "done", Task.item.is_(None), Task.form_id.is_not(None))
    found: dict[str, JSON] = {}
    for task in session.scalars(done.order_by(Task.completed_at, Task.round)):
        found |= forms.variables(definitions.form_of(session, definition, task.form_id), task.answers or {}, reads)
    return found


def recorded_visits(session: Session, instance: Instance, rows: Iterable[Task]) -> dict[str, int]:
    """{element: how often it was completed}, as the events tell it; where somebody has spoiled them, the rows."""
    found: dict[str, int] = {}
    for text in session.scalars(select(Event.data).where(Event.instance_id == instance.id, Event.kind == "step").order_by(Event.seq)):
        try:
            data = json.loads(text)
        except ValueError:
            continue
        element, round = (data.get("element"), data.get("round")) if isinstance(data, dict) else (None, None)
        if isinstance(element, str) and isinstance(round, int):
            found[element] = max(found.get(element, 0), round)
    for row in rows:
        if row.state in ("done", "closed", "returned"):
            found[row.element] = max(found.get(row.element, 0), row.round)
    return found


def variables_form(session: Session, definition: Definition) -> Form:
    """The questions behind the variables that the drawing reads, each as its own form asks it, none of them obligatory here."""
    spec = definitions.spec_of(definition)
    fields: dict[str, Field] = {}
    for element, form in _forms_of(session, definition, spec.drawing):
        for field in form.fields:
            if field.key in spec.reads and field.is_simple and not field.system_set:
                fields.setdefault(field.key, _optional(field, spec.drawing, element))
    every = tuple(fields.values())
    components = tuple(Component(id=field.id, type="field", field=field) for field in every)
    return Form(ASKED_ID, "Nilai yang dibaca diagram", components, every, schema_of(ASKED_ID, "", every), f"{ASKED_ID}.form")


def _forms_of(session: Session, definition: Definition, drawing: Drawing) -> Iterable[tuple[Element, Form]]:
    for element in drawing.elements.values():
        try:
            yield element, definitions.form_of(session, definition, element.form)
        except NotFound:
            continue


def _optional(field: Field, drawing: Drawing, element: Element) -> Field:
    """A decision is no button here, and nothing hangs on another answer. It is called after its step: many forms ask for a "Keputusan"."""
    properties: Mapping[str, str] = {key: value for key, value in field.properties.items() if key not in ("tombol", "otomatis")}
    lane = drawing.lane_of(element.id)
    free = replace(field, required=False, required_when=None, visible_when=None, default=None, prefill=None)
    return replace(free, label=f"{field.name}: {element.name}, {lane.name if lane else ''}".rstrip(", "), help="", properties=properties)
