"""What drawings send: one row for every office that is told."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class Outbox(Base):
    """One send task (or thrown message), once, to one group. name, text: its words at that moment. read_by: who said it was read, for all
    of the group."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"), index=True)
    element: Mapped[str] = mapped_column(String(100))
    round: Mapped[int]
    group_key: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    read_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    read_at: Mapped[datetime | None]
    __table_args__ = (
        # Read notices leave the index: what is shown on every inbox page stays small.
        Index("ix_outbox_unread", "group_key", sqlite_where=sa.text("read_at is null"), postgresql_where=sa.text("read_at is null")),
    )
