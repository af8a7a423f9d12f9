"""Tables: columns, keys and indexes only. What they mean stands in docs/data.md; who writes them in the use-cases."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, MetaData, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware datetime in UTC on both databases (SQLite keeps no zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a plain class attribute
        datetime: Moment,
        dict[str, Any]: JSON().with_variant(JSONB(), "postgresql"),
        bytes: LargeBinary,
    }


class OrgUnit(Base):
    """An OPD. Its id is a word (``dinas_kesehatan``): it is what the drawing's collection holds."""

    __tablename__ = "org_units"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Group(Base):
    """A lane's ``grup``. kind: ``jabatan`` (one office holder), ``unit`` (several colleagues), ``opd`` (everybody's own OPD)."""

    __tablename__ = "groups"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200))
    org_unit_id: Mapped[str | None] = mapped_column(ForeignKey("org_units.id"))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_analyst: Mapped[bool] = mapped_column(default=False)
    is_auditor: Mapped[bool] = mapped_column(default=False)
    is_admin: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Membership(Base):
    """acting: "" for the holder, "Plh." or "Plt." for a mandate."""

    __tablename__ = "memberships"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    group_key: Mapped[str] = mapped_column(ForeignKey("groups.key"), primary_key=True, index=True)
    acting: Mapped[str] = mapped_column(String(8), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class SignIn(Base):
    """A session on the server: the cookie holds a token, this row its SHA-256. Gone row, dead cookie."""

    __tablename__ = "sign_ins"
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class SignInFailure(Base):
    """One wrong password. subject: ``akun:<username>`` or ``alamat:<address>``."""

    __tablename__ = "sign_in_failures"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    __table_args__ = (Index(None, "subject", "at"),)


class Definition(Base):
    """One immutable version of an SOP: the drawing; its forms stand in ``definition_forms``.

    digest: sha256 over the drawing and its forms. The bytes are loaded only when the engine has no spec of this digest yet.
    """

    __tablename__ = "definitions"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    code: Mapped[str] = mapped_column(String(20), default="")
    short_name: Mapped[str] = mapped_column(String(60), default="")
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    file: Mapped[str] = mapped_column(String(200))
    bpmn: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    findings: Mapped[list[Any]] = deferred(mapped_column(JSON))
    note: Mapped[str] = mapped_column(Text, default="")
    is_suspended: Mapped[bool] = mapped_column(default=False)
    deployed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    deployed_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("key", "version"),)


class DefinitionForm(Base):
    __tablename__ = "definition_forms"
    definition_id: Mapped[int] = mapped_column(ForeignKey("definitions.id"), primary_key=True)
    form_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    content: Mapped[bytes]


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
        Index(None, "key", "started_at"),
    )


class InstanceState(Base):
    """The engine's memory of one instance, sealed. Opaque outside app/engine; no list or page may read it."""

    __tablename__ = "instance_states"
    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"), primary_key=True)
    sequence: Mapped[int]
    blob: Mapped[bytes]


class Task(Base):
    """One user task ever opened (one row per item of a fan-out), never reused: every round is a row of its own.

    id: the engine's task id; for an item uuid5(engine task, item). state: open | done | withdrawn | cancelled.
    answers: {field key: JSON value}; dates ISO 8601. answers_salt: of their digest in the trail. completed_at: when it was recorded.
    token: the form's one-time token that completed it, so that the same press twice gives the same page.
    opened_from: lane of the step before.
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
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    claimed_at: Mapped[datetime | None]
    completed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    completed_at: Mapped[datetime | None]
    answers: Mapped[dict[str, Any] | None]
    answers_salt: Mapped[bytes | None]
    token: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text, default="")
    instance: Mapped[Instance] = relationship(lazy="raise")
    __table_args__ = (
        Index(None, "instance_id", "opened_at"),
        Index(None, "engine_task", "state"),
        Index("ix_tasks_claimed", "claimed_by", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")),
    )


class Candidate(Base):
    """Who may take an open task: a group key, or ``opd:<org unit id>``. Rows leave with the task, so the inbox stays flat."""

    __tablename__ = "candidates"
    group_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True, index=True)


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


class Incident(Base):
    """A fault of the engine or the data, recorded after the rollback. Its id is the person's reference number (K-<id>)."""

    __tablename__ = "incidents"
    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("instances.id"), index=True)
    element: Mapped[str] = mapped_column(String(100), default="")
    message: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
