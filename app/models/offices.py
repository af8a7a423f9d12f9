"""What the office keeps about its OPD and teams: the list of a case's day, units of service, decrees, who changed what."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class CaseUnit(Base):
    """One OPD as a case knows it: on the list of the day the case was started, under its name of that day. Never changed."""

    __tablename__ = "case_units"
    instance_id: Mapped[int] = mapped_column(ForeignKey("instances.id"), primary_key=True)
    org_unit_id: Mapped[str] = mapped_column(ForeignKey("org_units.id"), primary_key=True)
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))


class ServiceUnit(Base):
    """A unit of an OPD that serves the public. service: what it does ("Rawat jalan"), "" where the unit says it all."""

    __tablename__ = "service_units"
    id: Mapped[int] = mapped_column(primary_key=True)
    org_unit_id: Mapped[str] = mapped_column(ForeignKey("org_units.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    service: Mapped[str] = mapped_column(String(80), default="")
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class TeamDecree(Base):
    """SK Tim: who makes up a group of kind ``tim``, and until when. kept_at: where the paper lies."""

    __tablename__ = "team_decrees"
    id: Mapped[int] = mapped_column(primary_key=True)
    group_key: Mapped[str] = mapped_column(ForeignKey("groups.key"), index=True)
    number: Mapped[str] = mapped_column(String(100))
    dated: Mapped[date]
    title: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    kept_at: Mapped[str] = mapped_column(String(300), default="")


class TeamMember(Base):
    """role: ``ketua``, ``sekretaris`` or ``anggota``. user_id: the account, where the person has one."""

    __tablename__ = "team_members"
    decree_id: Mapped[int] = mapped_column(ForeignKey("team_decrees.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class OfficeEvent(Base):
    """One deed about an OPD (``opd:<id>``), a decree (``sk:<id>``) or the calendar (``kalender``).

    Rows are only added. deed: see `app/offices/events.py`.
    """

    __tablename__ = "office_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    subject: Mapped[str] = mapped_column(String(80))
    deed: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (Index(None, "subject", "id"),)
