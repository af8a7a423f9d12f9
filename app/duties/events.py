"""The trail of duties: who did what to which, and when. Rows are only added."""

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.access import Actor
from app.models import Duty, DutyEvent, User

Deed = Literal["added", "changed", "enabled", "disabled", "dated"]
# Deeds that change what the form of a duty shows.
_CHANGES: tuple[Deed, ...] = ("added", "changed", "enabled", "disabled")
SHOWN = 100


def record(session: Session, actor: Actor | None, duty: Duty, deed: Deed, detail: str = "") -> None:
    """actor: None for a command on the server."""
    by = actor.id if actor else None
    session.add(DutyEvent(duty_id=duty.id, at=clock.now(), actor_id=by, deed=deed, detail=detail))


def events_of(session: Session, duty_id: int) -> Sequence[tuple[DutyEvent, str | None]]:
    """With the name of who did it (None for a command on the server), the newest first, at most ``SHOWN``."""
    rows = session.execute(
        select(DutyEvent, User.name)
        .outerjoin(User, User.id == DutyEvent.actor_id)
        .where(DutyEvent.duty_id == duty_id)
        .order_by(DutyEvent.id.desc())
        .limit(SHOWN)
    )
    return [(event, name) for event, name in rows]


def edition_of(session: Session, duty_id: int) -> int:
    """Changes when the duty does: a form that was opened before is then out of date."""
    query = select(func.max(DutyEvent.id)).where(DutyEvent.duty_id == duty_id, DutyEvent.deed.in_(_CHANGES))
    return session.scalar(query) or 0
