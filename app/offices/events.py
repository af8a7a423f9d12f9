"""The trail of OPD, decrees and the calendar: who did what, and when. Rows are only added."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.access import Actor
from app.errors import Conflict
from app.models import OfficeEvent, User

Deed = Literal["added", "renamed", "changed", "ended", "reopened", "unit_added", "unit_changed", "removed"]
SHOWN = 100


@dataclass(frozen=True)
class Told:
    """by: the name of who did it."""

    event: OfficeEvent
    by: str | None


def of_unit(unit_id: str) -> str:
    return f"opd:{unit_id}"


def of_decree(decree_id: int) -> str:
    return f"sk:{decree_id}"


def record(session: Session, actor: Actor, subject: str, deed: Deed, detail: str = "") -> None:
    session.add(OfficeEvent(at=clock.now(), actor_id=actor.id, subject=subject, deed=deed, detail=detail))


def events_of(session: Session, subject: str) -> Sequence[Told]:
    """The newest first, at most ``SHOWN``."""
    rows = session.execute(
        select(OfficeEvent, User.name)
        .outerjoin(User, User.id == OfficeEvent.actor_id)
        .where(OfficeEvent.subject == subject)
        .order_by(OfficeEvent.id.desc())
        .limit(SHOWN)
    )
    return [Told(event, name) for event, name in rows]


def edition_of(session: Session, subject: str) -> int:
    """Changes with every deed: a form that was opened before is then out of date."""
    return session.scalar(select(func.max(OfficeEvent.id)).where(OfficeEvent.subject == subject)) or 0


def refuse_outdated(session: Session, subject: str, edition: int, what: str) -> None:
    """edition: of when the form was opened. Raises Conflict."""
    if edition_of(session, subject) != edition:
        raise Conflict(f"{what} diubah orang lain setelah Anda membuka formulir ini. Buka lagi, lalu ulangi perubahan Anda.")
