"""Background work that is no timer of a drawing."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

_WAITING = sa.text("state = 'waiting'")


class Job(Base):
    """One piece of work. kind: see ``app/jobs/working.py``; subject: what it is about, "" for all.

    state: waiting | done | failed. due_at: when a worker may take it; moved ahead while one has it, so that it is due again should that
    worker die. claim: of the worker that has it. tries: since it last went well.
    """

    __tablename__ = "jobs"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(100), default="")
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    claim: Mapped[str] = mapped_column(String(32), default="")
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index("uq_jobs_waiting", "kind", "subject", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_jobs_due", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )
