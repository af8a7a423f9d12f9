"""Versions of SOPs: drawings and their forms."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.models.base import Base


class Definition(Base):
    """One immutable version of an SOP: the drawing; its forms stand in ``definition_forms``.

    digest: sha256 over the drawing and its forms. The bytes are loaded only when the engine has no spec of this digest yet.
    source: what it came through ("Camunda Modeler", say). composed: the drawing with what it calls in it, as it runs; calls: what that is,
    [{"key", "version", "digest"}]. Both None where it calls nothing.
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
    composed: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    calls: Mapped[list[Any] | None] = deferred(mapped_column(JSON(none_as_null=True)))
    note: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(100), default="")
    is_suspended: Mapped[bool] = mapped_column(default=False)
    deployed_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    deployed_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("key", "version"),)


class DefinitionForm(Base):
    __tablename__ = "definition_forms"
    definition_id: Mapped[int] = mapped_column(ForeignKey("definitions.id"), primary_key=True)
    form_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    content: Mapped[bytes]


class DefinitionEvent(Base):
    """One deed about a version of an SOP; rows are only added. deed: deployed | suspended | resumed. actor_id: None for a command."""

    __tablename__ = "definition_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    definition_id: Mapped[int] = mapped_column(ForeignKey("definitions.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    deed: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text, default="")


class DrawingDraft(Base):
    """A *rancangan*: a drawing somebody works on, not deployed. Its forms stand in ``form_drafts``.

    key: its process id, "" while the drawing cannot be read. revision: +1 with every save of the drawing, so that two analysts never
    overwrite each other. based_on: the version it began as.
    """

    __tablename__ = "drawing_drafts"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(300))
    file: Mapped[str] = mapped_column(String(200))
    bpmn: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    revision: Mapped[int] = mapped_column(default=1)
    based_on: Mapped[int | None] = mapped_column(ForeignKey("definitions.id"))
    created_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    saved_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    saved_at: Mapped[datetime]


class FormDraft(Base):
    """A form of a *rancangan*, with a revision of its own."""

    __tablename__ = "form_drafts"
    draft_id: Mapped[int] = mapped_column(ForeignKey("drawing_drafts.id"), primary_key=True)
    form_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    content: Mapped[bytes]
    revision: Mapped[int] = mapped_column(default=1)
    saved_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    saved_at: Mapped[datetime]
