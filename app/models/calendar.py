"""What decrees change in the office's working time: hours, Ramadan, days off. What no row speaks of is as `app/worktime.py` has it."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base


class OfficeHours(Base):
    """Hours from a day on. ordinary, friday: spans as text, "07:30-12:00 13:00-16:00". decree: by what."""

    __tablename__ = "office_hours"
    id: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(unique=True)
    ordinary: Mapped[str] = mapped_column(String(40))
    friday: Mapped[str] = mapped_column(String(40))
    decree: Mapped[str] = mapped_column(String(200))


class Ramadan(Base):
    """One Ramadan with its hours; periods do not overlap. Spans and decree as of ``OfficeHours``."""

    __tablename__ = "ramadans"
    id: Mapped[int] = mapped_column(primary_key=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    ordinary: Mapped[str] = mapped_column(String(40))
    friday: Mapped[str] = mapped_column(String(40))
    decree: Mapped[str] = mapped_column(String(200))


class CalendarDay(Base):
    """One day off, or worked after all. kind: ``libur-nasional``, ``cuti-bersama``, ``libur-daerah`` or ``masuk-kerja``."""

    __tablename__ = "calendar_days"
    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    decree: Mapped[str] = mapped_column(String(200))
