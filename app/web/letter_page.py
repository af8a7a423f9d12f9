"""The reminder letter on paper: what it says was fixed when it was made; only its number is written in before printing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import access, clock, definitions, instances, offices
from app.access import Actor
from app.instances import Collection, Reminder
from app.models import Group, Membership, Task, User

LISTED = 5  # addressees that fit under "Yth."; more go on a page of their own


@dataclass(frozen=True)
class Sent:
    """The letter that the case sent out, as far as its forms say (property ``surat``); "" and None for what is unknown."""

    number: str
    day: date | None
    subject: str


@dataclass(frozen=True)
class LetterPage:
    """sheets: the names of the OPD each letter goes to. passed: the deadline was over when the letter was made. who: made it.

    office: of who signs, with "Plh." or "Plt."; signer: their name, "" where nobody or several hold the office.
    """

    reminder: Reminder
    collection: Collection
    sheets: Sequence[Sequence[str]]
    day: date
    due: datetime | None
    passed: bool
    sent: Sent
    office: str
    signer: str
    who: str
    listed: int = LISTED


def letter_page(session: Session, actor: Actor, instance_id: int, element: str, seq: int) -> LetterPage:
    """Raises NotFound, Forbidden."""
    reminder, found = instances.reminder_letter_for(session, actor, instance_id, element, seq)
    letter = reminder.letter
    assert letter is not None  # noqa: S101 - reminder_letter_for gives letters only
    names = [name for id, name in offices.names_of_case(session, reminder.instance_id).items() if id in reminder.items]
    due = datetime.fromisoformat(letter.due) if letter.due else None
    day = reminder.at.astimezone(clock.WIB).date()
    office, signer = _signer(session, letter.signer, day)
    maker = session.get(User, reminder.actor_id) if reminder.actor_id else None
    return LetterPage(
        reminder=reminder,
        collection=found,
        sheets=[[name] for name in names] if letter.each else [names],
        day=day,
        due=due,
        passed=due is not None and due < reminder.at,
        sent=_sent(session, found, reminder),
        office=office,
        signer=signer,
        who=maker.name if maker else "",
    )


def _sent(session: Session, found: Collection, reminder: Reminder) -> Sent:
    """The newest answers of this case to the questions that are marked as parts of the letter it sends."""
    told: dict[str, str] = {}
    rows = select(Task).where(Task.instance_id == reminder.instance_id, Task.state == "done", Task.item.is_(None))
    for row in session.scalars(rows.where(Task.completed_at <= reminder.at).order_by(Task.completed_at)):
        told |= _parts(session, found, row)
    day = told.get("tanggal", "")[:10]
    return Sent(told.get("nomor", ""), date.fromisoformat(day) if day else None, told.get("hal", ""))


def _parts(session: Session, found: Collection, row: Task) -> Mapping[str, str]:
    answers = row.answers or {}
    if not row.form_id or not answers:
        return {}
    form = definitions.form_of(session, found.definition, row.form_id)
    marked = {field.key: field.properties["surat"] for field in form.fields if "surat" in field.properties}
    return {part: str(answers[key]) for key, part in marked.items() if answers.get(key)}


def _signer(session: Session, group_key: str, day: date) -> tuple[str, str]:
    """(office, name) on that day: who acts for the holder signs before the holder."""
    group = session.get(Group, group_key)
    held = session.execute(
        select(User.name, Membership.acting)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.group_key == group_key, access.valid_on(day), User.is_active)
    ).all()
    chosen = [row for row in held if row.acting] or held
    name, acting = chosen[0] if len(chosen) == 1 else ("", "")
    return f"{acting} {group.name if group else group_key}".strip(), name
