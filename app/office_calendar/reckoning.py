"""When the norm of a step is used up, counted as the office counts; and again when the calendar changes."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import definitions, worktime
from app.diagram import Drawing
from app.models import Definition, Instance, Task
from app.worktime import Calendar


def is_measured(drawing: Drawing, element: str) -> bool:
    """A step whose norm makes a deadline. A leader's never does: nobody hurries them, and no page can give away what is not there."""
    return drawing.time_of(element) is not None and not drawing.elements[element].is_leaders


def due_by_norm(drawing: Drawing, element: str, since: datetime, calendar: Calendar) -> datetime | None:
    """None: not measured, or a norm of more than ten years, which is a slip of the pen."""
    norm = drawing.time_of(element)
    if norm is None or not is_measured(drawing, element):
        return None
    try:
        return worktime.due_at(since, norm, calendar)
    except ValueError:
        return None


def reckon_open_tasks(session: Session, calendar: Calendar) -> int:
    """The deadlines that come from norms, anew; how many moved. Those that somebody set stay.

    What was opened before norms made deadlines gets one now.
    """
    by_norm = or_(Task.due_from.is_not(None), Task.due_at.is_(None))
    rows = session.execute(
        select(Task, Definition)
        .join(Instance, Task.instance_id == Instance.id)
        .join(Definition, Instance.definition_id == Definition.id)
        .where(Task.state == "open", by_norm)
        .order_by(Task.id)
        .execution_options(populate_existing=True)
    )
    moved = 0
    for task, definition in rows:
        since = task.due_from or task.opened_at
        due = due_by_norm(definitions.spec_of(definition).drawing, task.element, since, calendar)
        if due is not None and due != task.due_at:
            task.due_from, task.due_at, moved = since, due, moved + 1
    return moved
