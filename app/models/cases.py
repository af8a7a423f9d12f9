"""Cases: small rows that lists read, the engine's memory, the trail, timers, incidents."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.definitions import Definition


class Instance(Base):
    """One *pelaksanaan*. Small and hot: lists read it, every completion locks it.

    state: running | finished | cancelled | suspended | incident. revision: +1 with every change.
    event_seq, event_mac: the head of its chain of events.
    """

    __tablename__ = "instances"
    id: Mapped[int] = mapped_column(primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey("definitions.id"))
    key: Mapped[str] = mapped_column(String(100))
    business_key: Mapped[str] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(12))
    revision: Mapped[int] = mapped_column(default=0)
    event_seq: Mapped[int] = mapped_column(default=0)
    event_mac: Mapped[bytes] = mapped_column(default=b"")
    token: Mapped[str | None] = mapped_column(String(64), unique=True)
    started_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    definition: Mapped[Definition] = relationship(lazy="raise")
    __table_args__ = (
        # A second case of the same SOP and year may not run beside the first; finished ones may repeat (a correction).
        Index(
            "uq_instances_running_business_key",
            "business_key",
            unique=True,
            sqlite_where=sa.text("state in ('running', 'suspended', 'incident')"),
            postgresql_where=sa.text("state in ('running', 'suspended', 'incident')"),
        ),
        Index(None, "business_key"),  # starting asks for finished ones too, and so do duties
        Index(None, "key", "started_at"),
    )


class InstanceState(Base):
    """The engine's memory of one instance, sealed. Opaque outside app/engine; no list or page may read it.

    previous_*: the state before the last completion and the task that made it, so that its performer may recall it.
    """

    __tablename__ = "instance_states"
    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"), primary_key=True)
    sequence: Mapped[int]
    blob: Mapped[bytes]
    previous_sequence: Mapped[int | None]
    previous_blob: Mapped[bytes | None]
    previous_task_id: Mapped[UUID | None]


class Event(Base):
    """The trail: append-only, gap-free per instance, each event sealed over the one before.

    data: canonical JSON text (sorted keys, no spaces); never the answers themselves, only their salted digest.
    """

    __tablename__ = "events"
    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    data: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str] = mapped_column(String(20))
    mac: Mapped[bytes]


class Timer(Base):
    """A waiting timer event. state: waiting | fired | stopped."""

    __tablename__ = "timers"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"), index=True)
    element: Mapped[str] = mapped_column(String(100))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    tries: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        Index("ix_timers_due", "due_at", sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")),
    )


class Incident(Base):
    """A fault of the engine or the data, recorded after the rollback. Its id makes the person's reference number (K-<1000 + id>).

    resolved_at: when it was handled; resolved_by: by whom, None where the app saw it itself; resolution: with what words.
    """

    __tablename__ = "incidents"
    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("instances.id"), index=True)
    element: Mapped[str] = mapped_column(String(100), default="")
    message: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    resolution: Mapped[str] = mapped_column(Text, default="")
