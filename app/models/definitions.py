"""Versions of SOPs: drawings and their forms."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.models.base import Base


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
