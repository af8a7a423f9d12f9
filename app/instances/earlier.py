"""Last year's example: the same step in the latest finished case of the SOP that has answers for it."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app import definitions
from app.access import Actor
from app.instances.loading import TaskView, may_see
from app.models import Definition, Instance, Task


def earlier_step(session: Session, actor: Actor, key: str, element: str, form_id: str, item: str | None = None) -> TaskView | None:
    """key: of the SOP. The element may have another id in an older drawing: then the step with the same form. item: the OPD's own line.

    None where there is none, or where the person may not see it: nobody learns of it.
    """
    same_line = Task.item.is_(None) if item is None else Task.item == item
    row = session.execute(
        select(Task, Instance, Definition)
        .join(Instance, Task.instance_id == Instance.id)
        .join(Definition, Instance.definition_id == Definition.id)
        .where(Instance.key == key, Instance.state == "finished", Task.state == "done", same_line)
        .where(or_(Task.element == element, Task.form_id == form_id))
        .order_by(Instance.finished_at.desc(), Instance.id.desc(), Task.element != element, Task.opened_at.desc(), Task.round.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    task, instance, definition = row
    drawing = definitions.spec_of(definition).drawing
    view = TaskView(task, instance, definition, drawing, drawing.elements[task.element], mine=False)
    return view if may_see(actor, view) else None
