"""The duties of the office, and its calendar at a given day."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, update

from app import duties
from app.duties import Standing
from app.models import Duty
from tests.support.office import SOP, Office

# As somebody types them: 31 March of the year after.
TYPED: dict[str, str] = {
    "nama": "Laporan tahunan", "dasar": "Perpres 29/2014", "catatan": "", "setiap": "1", "dari_tahun": "2025", "hari_sebelum": "90",
    "sejak": "2025-01-01", "kelompok": "kabag_organisasi", "periode_1": "", "hari_1": "31", "bulan_1": "3", "tahun_1": "1",
}  # fmt: skip
AFTER_EVENT = {"peristiwa": "DPA disahkan", "bulan_sesudah": "1", "hari_sesudah": "0"}


def seed(office: Office, since: date = date(2026, 1, 1)) -> None:
    """The shipped ones, counted from that day on."""
    with office.database.transaction() as session:
        assert duties.seed_duties(session) == []
        session.execute(update(Duty).values(since=since))


def add(office: Office, key: str = SOP, rule: str = "dates", **texts: Any) -> int:
    with office.database.transaction() as session:
        return duties.add_duty(session, office.actor("admin"), key, rule, {**TYPED, **{name: str(text) for name, text in texts.items()}}).id


def duty_of(office: Office, origin: str) -> Duty:
    with office.database.reading() as session:
        return session.scalars(select(Duty).where(Duty.origin == origin)).one()


def agenda(office: Office, year: int, by: str = "tu") -> list[Standing]:
    with office.database.reading() as session:
        return duties.agenda_for(session, office.actor(by), year)


def reminders(office: Office, by: str = "tu") -> list[Standing]:
    with office.database.reading() as session:
        return duties.reminders_for(session, office.actor(by))
