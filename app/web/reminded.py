"""The reminders that were made, told for people: on Pantauan and in the story of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import instances
from app.instances import Reminder
from app.models import User
from app.web.story import Chapter
from app.words import long_date

ABOUT: Mapping[str, str] = {
    "surat": "surat sudah dikirim",
    "pengingat": "pengingat batas waktu",
    "belum": "yang belum menyampaikan",
    "dikembalikan": "kiriman dikembalikan",
}


@dataclass(frozen=True)
class Reminded:
    """One reminder and the name of who made it."""

    reminder: Reminder
    who: str

    @property
    def words(self) -> str:
        """ "9 Maret 2026, WhatsApp, oleh Siti Aminah"."""
        channel = "surat" if self.reminder.letter else "WhatsApp"
        return f"{long_date(self.reminder.at)}, {channel}, oleh {self.who}"

    @property
    def what(self) -> str:
        """ "yang belum menyampaikan; 11 OPD"."""
        about = "surat pengingat" if self.reminder.letter else ABOUT.get(self.reminder.message, "pesan")
        return f"{about}; {len(self.reminder.items)} OPD"


def reminded_of(session: Session, instance_ids: Sequence[int]) -> dict[tuple[int, str], list[Reminded]]:
    """{(case, element): reminders, the latest first}; two statements however many cases."""
    found = instances.reminders_of(session, instance_ids)
    ids = {one.actor_id for one in found if one.actor_id is not None}
    names = {user.id: user.name for user in session.scalars(select(User).where(User.id.in_(ids)))} if ids else {}
    told: dict[tuple[int, str], list[Reminded]] = {}
    for one in reversed(found):
        told.setdefault((one.instance_id, one.element), []).append(Reminded(one, names.get(one.actor_id or 0, "")))
    return told


def during(reminded: Mapping[tuple[int, str], Sequence[Reminded]], chapter: Chapter) -> list[Reminded]:
    """Those of one visit of a step for every OPD."""
    task, end = chapter.task, chapter.finished_at
    made = reminded.get((task.instance_id, task.element), ())
    return [one for one in made if task.opened_at <= one.reminder.at and (end is None or one.reminder.at <= end)]
