"""What somebody typed and has not sent, kept on the server: shared PCs keep nothing, and an ended session loses nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import clock
from app.access import Actor
from app.errors import InvalidInput
from app.models import Draft

MAX_TEXT = 200_000  # letters in one draft


def subject_of(task_id: UUID | None, key: str = "") -> str:
    """Of a task, or of starting an SOP."""
    return str(task_id) if task_id else f"mulai:{key}"


def save_draft(session: Session, actor: Actor, subject: str, texts: Mapping[str, Sequence[str]], token: str) -> datetime:
    """When it was saved. The caller has authorised the subject. Raises InvalidInput when it is far too long."""
    kept = {key: list(values) for key, values in texts.items() if any(values)}
    if sum(len(text) for values in kept.values() for text in values) > MAX_TEXT:
        raise InvalidInput("Isian terlalu panjang untuk disimpan sementara.")
    draft = session.get(Draft, (actor.id, subject))
    if draft is None:
        draft = Draft(user_id=actor.id, subject=subject)
        session.add(draft)
    draft.texts, draft.token, draft.saved_at = dict(kept), token, clock.now()
    return draft.saved_at


def draft_of(session: Session, actor: Actor, subject: str) -> Draft | None:
    return session.get(Draft, (actor.id, subject))


def drafted_tasks(session: Session, task_ids: Sequence[UUID]) -> set[str]:
    """Of these tasks, the ids that somebody has begun to fill in."""
    return set(session.scalars(select(Draft.subject).where(Draft.subject.in_([str(id) for id in task_ids]))))


def drop_draft(session: Session, actor: Actor, subject: str) -> None:
    session.execute(delete(Draft).where(Draft.user_id == actor.id, Draft.subject == subject))
