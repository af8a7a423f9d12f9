"""Reaching a file: only through a case or a task that the person may see."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import access, definitions
from app.access import Actor
from app.errors import NotFound
from app.instances.loading import task_seen_by
from app.models import Attachment, Definition, Instance, Task


def attachment_for(session: Session, actor: Actor, attachment_id: UUID) -> Attachment:
    """Raises NotFound for absent and for a file of a case the person may not see, alike.

    An OPD reads its own files, and those of the step just before the one it is asked to do: the letter it answers.
    """
    found = session.get(Attachment, attachment_id)
    if found is None:
        raise NotFound
    if found.task_id is None:
        if found.uploaded_by == actor.id:
            return found
        raise NotFound
    try:
        task_seen_by(session, actor, found.task_id)
    except NotFound:
        if found.id not in {file.id for file in letters_for(session, actor, found.instance_id)}:
            raise
    return found


def letters_for(session: Session, actor: Actor, instance_id: int | None) -> list[Attachment]:
    """Files of the steps drawn just before the OPD's own, in a case in which it has a task."""
    own = session.scalars(select(Task).where(Task.instance_id == instance_id, Task.item == actor.org_unit_id)).all()
    if not own or access.OPD_GROUP not in actor.groups:
        return []
    definition = session.scalars(select(Definition).join(Instance).where(Instance.id == instance_id)).one()
    drawing = definitions.spec_of(definition).drawing
    before = {flow.source for task in own for flow in drawing.incoming(task.element)}
    steps = [id for id in before if drawing.elements[id].is_task]
    done = select(Task).where(Task.instance_id == instance_id, Task.element.in_(steps), Task.state == "done")
    latest = session.scalars(done.order_by(Task.round.desc()).limit(1)).first()
    if latest is None:
        return []
    return list(session.scalars(select(Attachment).where(Attachment.task_id == latest.id)))
