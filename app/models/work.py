"""What people do in a case: tasks, who may take them, files, drafts."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.cases import Instance

_SUBMITTED = sa.text("state = 'submitted'")


class Task(Base):
    """One user task ever opened (one row per item of a fan-out), never reused: every round is a row of its own.

    id: the engine's task id; for an item uuid5(engine task, item); for one opened again uuid5 of that and a count.
    state: open | done | cancelled, and besides: submitted (an OPD's paper waits to be accepted), returned (was sent back; a new row
    is open), withdrawn (the OPD was taken out), closed (nothing came in time), recalled (its performer took it back).
    completed_by: whose deed it is; recorded_by: who typed it in for them; happened_on: the day it happened on paper.
    channel: how a paper came that was received outside the app.
    answers: {field key: JSON value}; dates ISO 8601. answers_salt: of their digest in the trail. completed_at: when it was recorded.
    token: the form's one-time token that completed it, so that the same press twice gives the same page.
    due_at: the deadline. due_from: from when its norm runs, where the deadline comes from that; None where it was set by somebody.
    opened_from: lane of the step before. seen_by, seen_at: which performer opened its page first, as far as scripts ran there.
    """

    __tablename__ = "tasks"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"))
    engine_task: Mapped[UUID]
    element: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(300))
    lane: Mapped[str] = mapped_column(String(200))
    row: Mapped[str] = mapped_column(String(10), default="")
    form_id: Mapped[str | None] = mapped_column(String(100))
    item: Mapped[str | None] = mapped_column(String(64))
    round: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    opened_at: Mapped[datetime]
    opened_from: Mapped[str] = mapped_column(String(200), default="")
    due_at: Mapped[datetime | None]
    due_from: Mapped[datetime | None]
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    seen_at: Mapped[datetime | None]
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    claimed_at: Mapped[datetime | None]
    completed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    completed_at: Mapped[datetime | None]
    answers: Mapped[dict[str, Any] | None]
    answers_salt: Mapped[bytes | None]
    token: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    happened_on: Mapped[date | None]
    channel: Mapped[str] = mapped_column(String(40), default="")
    instance: Mapped[Instance] = relationship(lazy="raise")
    __table_args__ = (
        Index(None, "instance_id", "opened_at"),
        Index(None, "engine_task", "state"),
        Index("ix_tasks_submitted", "instance_id", sqlite_where=_SUBMITTED, postgresql_where=_SUBMITTED),
        Index("ix_tasks_claimed", "claimed_by", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")),
    )


class Candidate(Base):
    """Who may take an open task: a group key, or ``opd:<org unit id>``; ``catat:<group>`` may record its decision from paper.

    Rows leave with the task, so the inbox stays flat.
    """

    __tablename__ = "candidates"
    group_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True, index=True)


class Attachment(Base):
    """A file of a task: the bytes lie outside the database under ``storage_key``; ``digest`` is their sha256.

    draft_token: the token of the form it was uploaded with, until that form is accepted; then instance and task are set instead.
    """

    __tablename__ = "attachments"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("instances.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("tasks.id"), index=True)
    draft_token: Mapped[str | None] = mapped_column(String(64), index=True)
    field: Mapped[str] = mapped_column(String(100))
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(100), unique=True)
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    uploaded_at: Mapped[datetime]


class Upload(Base):
    """A large file on its way in pieces, so that a broken line costs one piece. The pieces lie in the storage beside the files.

    id: a seal over who, which form and which file, so that the same file chosen again is the same upload. draft_token: of its form, as
    last shown. size: what the sender announced; received: bytes that have arrived; pieces: how many of them lie in the storage, 0 again
    once it has become a file.
    """

    __tablename__ = "uploads"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    draft_token: Mapped[str] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(100))
    filename: Mapped[str] = mapped_column(String(200))
    size: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    pieces: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Draft(Base):
    """What somebody typed and has not sent. subject: task id, or ``mulai:<definition key>``. texts: {field: [raw text]} as posted.

    token: of the form, so that files uploaded with it are found again.
    """

    __tablename__ = "drafts"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), primary_key=True, index=True)
    texts: Mapped[dict[str, Any]]
    token: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime]
