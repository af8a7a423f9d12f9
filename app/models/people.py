"""People, offices and their sessions."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class OrgUnit(Base):
    """An OPD. Its id is a word (``dinas_kesehatan``) for ever: it is what the drawing's collection holds. name: today's; see CaseUnit.

    successor_id: the OPD that took over its duties when it ended.
    """

    __tablename__ = "org_units"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    successor_id: Mapped[str | None] = mapped_column(ForeignKey("org_units.id"))


class Group(Base):
    """A lane's ``grup``. kind: ``jabatan`` (one office holder), ``unit`` (several colleagues), ``tim`` (colleagues by decree),
    ``opd`` (everybody's own OPD).
    """

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
    by_code: Mapped[bool] = mapped_column(default=False)  # then nothing but choosing a password is open


class SignInFailure(Base):
    """One wrong password. subject: ``akun:<username>`` or ``alamat:<address>``."""

    __tablename__ = "sign_in_failures"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    __table_args__ = (Index(None, "subject", "at"),)


class SignInCode(Base):
    """A one-time code for a first sign-in or a forgotten password, handed over by phone; only its SHA-256 is kept.

    made_by: None for a command on the server.
    """

    __tablename__ = "sign_in_codes"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    code_hash: Mapped[bytes]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AccountEvent(Base):
    """One deed about an account; rows are only added. actor_id: None for a command on the server. deed: see `app/accounts/events.py`."""

    __tablename__ = "account_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    deed: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (Index(None, "user_id", "id"),)


class PersonalToken(Base):
    """A key for programs (Camunda Modeler, scripts), made by its owner, shown once, kept as its SHA-256.

    scope: ``baca`` (read) or ``terbit`` (read and deploy, start). It never can more than its owner.
    """

    __tablename__ = "personal_tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    scope: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
