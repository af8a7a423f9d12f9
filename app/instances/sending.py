"""What a drawing sends by itself: one row of the outbox for every office it names, shown to its people until one of them has read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.access import Actor
from app.diagram import Drawing
from app.engine import Step
from app.errors import NotFound
from app.models import Instance, Outbox

SHOWN = 20


@dataclass(frozen=True)
class Notice:
    sent: Outbox
    title: str


def sent_by(drawing: Drawing, instance: Instance, steps: tuple[Step, ...], at: datetime) -> Iterator[Outbox]:
    for step in steps:
        element = drawing.elements[step.element]
        for group in element.addressees if element.sends else ():
            yield Outbox(
                instance_id=instance.id, element=element.id, round=step.round, group_key=group,
                name=element.name or element.id, text=element.penjelasan or element.uraian, sent_at=at,
            )  # fmt: skip


def notices_for(session: Session, actor: Actor) -> list[Notice]:
    """Unread by the person's groups, the newest first."""
    found = (
        select(Outbox, Instance.title)
        .join(Instance, Instance.id == Outbox.instance_id)
        .where(Outbox.group_key.in_(list(actor.groups)), Outbox.read_at.is_(None))
        .order_by(Outbox.sent_at.desc(), Outbox.id.desc())
        .limit(SHOWN)
    )
    return [Notice(sent, title) for sent, title in session.execute(found)]


def mark_read(session: Session, actor: Actor, notice_id: int) -> Outbox:
    """For the whole group. Raises NotFound, also for a notice to others. Again is as good as once."""
    found = session.scalar(select(Outbox).where(Outbox.id == notice_id, Outbox.group_key.in_(list(actor.groups))).with_for_update())
    if found is None:
        raise NotFound
    if found.read_at is None:
        found.read_by, found.read_at = actor.id, clock.now()
    return found
