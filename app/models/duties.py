"""The calendar of duties: what the office owes by when, and what was done about it."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base


class Duty(Base):
    """A *kewajiban*: an SOP that must be carried through by a day, every year or once in several.

    key: of the SOP. origin: its name in the shipped file, None for one that an admin added.
    rule: ``dates`` (its terms say by when) | ``event`` (so many months and days after a day that a person types in for each year).
    every, from_year: the years that the SOP's cases are about, from_year and each ``every``-th after it.
    event: what happened on that day ("DPA disahkan"). lead_days: how long before the hard date it is offered.
    since: a hard date before this day is nobody's delay. group_key: who is responsible.
    """

    __tablename__ = "duties"
    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str | None] = mapped_column(String(64), unique=True)
    key: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(Text)
    rule: Mapped[str] = mapped_column(String(10))
    every: Mapped[int]
    from_year: Mapped[int]
    event: Mapped[str] = mapped_column(String(100))
    after_months: Mapped[int]
    after_days: Mapped[int]
    lead_days: Mapped[int]
    since: Mapped[date]
    group_key: Mapped[str] = mapped_column(ForeignKey("groups.key"))
    is_active: Mapped[bool]
    terms: Mapped[list["DutyTerm"]] = relationship(lazy="selectin", cascade="all, delete-orphan", order_by="DutyTerm.position")
    __table_args__ = (UniqueConstraint("key", "name"),)


class DutyTerm(Base):
    """One hard date of a duty. period: as the SOP's opening form names it, "" where any case of the year will do.

    shift: in which calendar year the date lies, counted from the year the case is about: -1 | 0 | 1.
    """

    __tablename__ = "duty_terms"
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(String(100))
    day: Mapped[int]
    month: Mapped[int]
    shift: Mapped[int]


class DutyDate(Base):
    """When the event of a duty happened. year: the one that the case is about, whatever the day."""

    __tablename__ = "duty_dates"
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    happened_on: Mapped[date]


class DutyEvent(Base):
    """One deed about a duty; rows are only added. deed: added | changed | enabled | disabled | dated. actor_id: None for a command."""

    __tablename__ = "duty_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duties.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    deed: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text, default="")
