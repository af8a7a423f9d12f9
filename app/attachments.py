"""Files of a form: received before the transaction (``app/storage.py``), named by rows, reached only through a case one may see.

A received file is a *draft* of the form (its token) until the form is accepted; so a form that comes back with problems still has it.
"""

import logging
import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app import clock
from app.access import Actor
from app.db import settings_of
from app.errors import InvalidAnswers
from app.forms import Form
from app.models import Attachment, Draft, Upload, User
from app.storage import CHUNK, Received, Storage

log = logging.getLogger("alur.attachments")
DRAFTS_KEPT = timedelta(days=2)
FEW = 20
_KEY = re.compile(r"[0-9a-f]{32}(\.[0-9a-f.]+)?")
UNNAMED_KEPT = timedelta(days=1)  # far longer than a row can stay behind its bytes


def add_drafts(session: Session, actor: Actor, token: str, received: list[Received]) -> None:
    """Keep what was uploaded with a form until it is accepted; a second file for the same field takes the first one's place.

    Raises InvalidAnswers when the person's quota is used up.
    """
    fields = {file.field for file in received}
    lock_quota(session, actor)
    refuse_over_quota(session, actor, fields, sum(file.size for file in received))
    session.execute(
        update(Attachment)
        .where(Attachment.draft_token == token, Attachment.uploaded_by == actor.id, Attachment.field.in_(fields))
        .values(draft_token="")  # swept with other abandoned drafts
    )
    session.add_all(
        Attachment(
            id=uuid4(), draft_token=token, field=file.field, filename=file.filename, media_type=file.media_type, size=file.size,
            digest=file.digest, storage_key=file.storage_key, uploaded_by=actor.id, uploaded_at=clock.now(),
        )
        for file in received
    )  # fmt: skip


def lock_quota(session: Session, actor: Actor) -> None:
    """Of two files at once, each would fit alone: the second waits here for the first one's commit."""
    session.execute(select(User.id).where(User.id == actor.id).with_for_update(key_share=True))


def refuse_over_quota(session: Session, actor: Actor, fields: Collection[str], size: int) -> None:
    """Counts what the person keeps and what is announced and still on its way. Raises InvalidAnswers for each of the fields."""
    kept = select(func.coalesce(func.sum(Attachment.size), 0)).where(Attachment.uploaded_by == actor.id)
    coming = select(func.coalesce(func.sum(Upload.size), 0)).where(Upload.user_id == actor.id, is_coming())
    used = (session.scalar(kept) or 0) + (session.scalar(coming) or 0)
    if used + size > settings_of(session).quota_mb * CHUNK:
        raise InvalidAnswers(dict.fromkeys(fields, "Jatah penyimpanan Anda sudah penuh. Hubungi admin."))


def drafts(session: Session, actor: Actor, token: str) -> dict[str, list[dict[str, Any]]]:
    """{field: [{"id", "nama", "ukuran", "sha256"}]} of the files uploaded with a form: what ``forms.parse`` takes."""
    rows = session.scalars(
        select(Attachment).where(Attachment.draft_token == token, Attachment.uploaded_by == actor.id).order_by(Attachment.uploaded_at)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.field, []).append({"id": str(row.id), "nama": row.filename, "ukuran": row.size, "sha256": row.digest})
    return found


def keep(session: Session, actor: Actor, token: str, instance_id: int, task_id: UUID) -> None:
    """The form was accepted: its files now belong to the task."""
    session.execute(
        update(Attachment)
        .where(Attachment.draft_token == token, Attachment.uploaded_by == actor.id)
        .values(draft_token=None, instance_id=instance_id, task_id=task_id)
    )


def is_coming() -> ColumnElement[bool]:
    """Of an upload in pieces: it has not become a file yet."""
    return or_(Upload.received < Upload.size, Upload.pieces > 0)


def sweep(session: Session) -> int:
    """Forget drafts nobody sent within two days; how many. Those of a form that somebody saved stay with it.

    One statement: a draft that is sent at this moment is no draft any more when its row is looked at. Only rows: the bytes go with
    ``remove_unnamed``, after the commit, so that a crash in between costs nothing.
    """
    saved = select(Draft.token).where(Draft.token == Attachment.draft_token).exists()
    old = (Attachment.draft_token.is_not(None), Attachment.uploaded_at < clock.now() - DRAFTS_KEPT, ~saved)
    return len(session.scalars(delete(Attachment).where(*old).returning(Attachment.id)).all())


def remove_unnamed(session: Session, storage: Storage) -> int:
    """Remove bytes older than a day that no row names: what a crash or ``sweep`` left behind, pieces too; how many.

    The storage is listed before the rows are read: what is named in between is never taken for nobody's. Only keys of our own making.
    """
    keys = [key for key in storage.list_keys() if _KEY.fullmatch(key)]
    named = set(session.scalars(select(Attachment.storage_key)))
    coming = {id.hex for id in session.scalars(select(Upload.id).where(is_coming()))}
    before = clock.now() - UNNAMED_KEPT
    unnamed = [key for key in keys if key not in named and key.split(".")[0] not in coming]
    old = [key for key in unnamed if (written := storage.written_at(key)) is not None and written < before]
    whole = [key for key in old if "." not in key]  # pieces are nobody's loss, and of one upload more than a new office has files
    if len(whole) > max(FEW, len(keys) // 2):
        log.error("%d of %d files have no row: is this the database that belongs to them? Nothing was removed.", len(whole), len(keys))
        return 0
    for key in old:
        storage.remove(key)
    return len(old)


def file_fields(form: Form) -> dict[str, str]:
    """{key: label} of the fields that take files."""
    return {field.key: field.label for field in form.file_fields}
