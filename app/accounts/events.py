"""The trail of accounts: who did what to whose account, and when. Rows are only added."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app import clock
from app.access import Actor
from app.models import AccountEvent, User

Deed = Literal[
    "added", "changed", "enabled", "disabled", "code_made", "code_used", "password_chosen", "sessions_ended", "token_made",
    "token_revoked", "tokens_ended",
]  # fmt: skip
# Deeds that change what the form of a person shows.
_CHANGES: tuple[Deed, ...] = ("added", "changed", "enabled", "disabled")
SHOWN = 100


@dataclass(frozen=True)
class Told:
    """by: the name of who did it; None for a command on the server."""

    event: AccountEvent
    by: str | None


def record(session: Session, actor: Actor | None, user: User, deed: Deed, detail: str = "") -> None:
    """actor: None for a command on the server."""
    by = actor.id if actor else None
    session.add(AccountEvent(at=clock.now(), actor_id=by, user_id=user.id, deed=deed, detail=detail))


def events_of(session: Session, user_id: int) -> Sequence[Told]:
    """The newest first, at most ``SHOWN``."""
    by = aliased(User)
    rows = session.execute(
        select(AccountEvent, by.name)
        .outerjoin(by, by.id == AccountEvent.actor_id)
        .where(AccountEvent.user_id == user_id)
        .order_by(AccountEvent.id.desc())
        .limit(SHOWN)
    )
    return [Told(event, name) for event, name in rows]


def edition_of(session: Session, user_id: int) -> int:
    """Changes when the person's data change: a form that was opened before is then out of date."""
    query = select(func.max(AccountEvent.id)).where(AccountEvent.user_id == user_id, AccountEvent.deed.in_(_CHANGES))
    return session.scalar(query) or 0
