""" "Pengingat dibuat": which OPD were reminded, how and by whom, each time one event of the trail. Sending stays with the person."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, definitions
from app.access import Actor
from app.audit import Fact, record
from app.diagram import Drawing
from app.errors import Conflict, Forbidden, InvalidAnswers, InvalidInput, NotFound
from app.instances.gathering import Collection, collection_for
from app.instances.loading import lock_instance
from app.models import Definition, Event, Group

KIND = "reminded"
LETTER, WHATSAPP = "surat", "whatsapp"
MESSAGES = ("surat", "pengingat", "belum", "dikembalikan")  # what a message is about: the letter is out, soon due, missing, sent back
ONLY_COLLECTORS = "Hanya pengumpul (Tata Usaha) yang dapat membuat pengingat."


@dataclass(frozen=True)
class Letter:
    """What a letter said, and says again when printed again. each: one for every OPD. signer: group key. due: ISO, or ""."""

    each: bool
    signer: str
    due: str


@dataclass(frozen=True)
class Reminder:
    """One event. channel: surat or whatsapp. message: one of MESSAGES, "" for a letter. items: the OPD it was for."""

    instance_id: int
    seq: int
    at: datetime
    actor_id: int | None
    element: str
    channel: str
    message: str
    items: tuple[str, ...]
    letter: Letter | None


def remind(session: Session, actor: Actor, instance_id: int, element: str, message: str, items: Sequence[str], token: str) -> Reminder:
    """A message was copied or opened in WhatsApp: message and items are what its page said. The same token twice is one reminder.

    Raises NotFound, Forbidden, Conflict, InvalidInput.
    """
    found, items = _collection(session, actor, instance_id, element), tuple(dict.fromkeys(items))
    asked = {line.task.item for line in found.lines}
    if message not in MESSAGES or not items or not set(items) <= asked:
        raise InvalidInput("Pengingat ini tidak dapat dicatat. Muat ulang halaman Pantauan.")
    return _told(session, actor, found, WHATSAPP, message, items, token, None)


def remind_by_letter(
    session: Session, actor: Actor, instance_id: int, element: str, chosen: Iterable[UUID] | None, each: bool, signer: str, token: str
) -> Reminder:
    """ "Buat surat pengingat" to those of the chosen lines that are still waited for; chosen: None for all of them.

    Raises NotFound, Forbidden, Conflict, InvalidAnswers({"pilih", "penanda_tangan"}).
    """
    found = _collection(session, actor, instance_id, element)
    wanted = None if chosen is None else set(chosen)
    lines = [line.task for line in found.lines if line.task.state == "open" and (wanted is None or line.task.id in wanted)]
    problems = {} if lines else {"pilih": "Centang lebih dahulu OPD yang belum menyampaikan dan akan diingatkan."}
    if signer not in {group.key for group in signers_of(session, definitions.spec_of(found.definition).drawing)}:
        problems["penanda_tangan"] = "Penanda tangan belum dipilih."
    if problems:
        raise InvalidAnswers(problems)
    due = min((line.due_at for line in lines if line.due_at), default=None)
    letter = Letter(each, signer, due.isoformat() if due else "")
    return _told(session, actor, found, LETTER, "", tuple(line.item or "" for line in lines), token, letter)


def reminder_letter_for(session: Session, actor: Actor, instance_id: int, element: str, seq: int) -> tuple[Reminder, Collection]:
    """A letter that was made, to be printed (again). Raises NotFound, Forbidden."""
    found = collection_for(session, actor, instance_id, element)
    event = session.get(Event, (instance_id, seq))
    if event is None or event.kind != KIND:
        raise NotFound
    reminder = _read(event)
    if reminder.element != element or reminder.letter is None:
        raise NotFound
    if not found.mine:
        raise Forbidden(ONLY_COLLECTORS)
    return reminder, found


def reminders_of(session: Session, instance_ids: Sequence[int]) -> list[Reminder]:
    """Of these cases, the earliest first; one statement."""
    if not instance_ids:
        return []
    events = select(Event).where(Event.instance_id.in_(instance_ids), Event.kind == KIND)
    return [_read(event) for event in session.scalars(events.order_by(Event.at, Event.instance_id, Event.seq))]


def signers_of(session: Session, drawing: Drawing) -> list[Group]:
    """The offices of one holder that work in the drawing, in the order of its rows."""
    keys = list(dict.fromkeys(key for task in drawing.tasks() for key in drawing.groups_of(task.id)))
    offices = {group.key: group for group in session.scalars(select(Group).where(Group.key.in_(keys), Group.kind == "jabatan"))}
    return [offices[key] for key in keys if key in offices]


def head_of_office(session: Session, definition: Definition, offices: Sequence[Group]) -> str:
    """Who signs for the office itself: the first of the offices that decides something and is no leader (whose paper others record)."""
    drawing = definitions.spec_of(definition).drawing
    keys = [office.key for office in offices]
    for task in drawing.tasks():
        own = [key for key in drawing.groups_of(task.id) if key in keys]
        if own and task.form and not task.is_leaders and definitions.form_of(session, definition, task.form).decision:
            return own[0]
    return keys[0] if keys else ""


def _collection(session: Session, actor: Actor, instance_id: int, element: str) -> Collection:
    """Locked, for those who collect, while there is something to wait for."""
    lock_instance(session, instance_id)
    found = collection_for(session, actor, instance_id, element)
    if not found.mine:
        raise Forbidden(ONLY_COLLECTORS)
    if found.instance.state != "running" or not found.is_open:
        raise Conflict("Penerimaan ini sudah selesai, jadi tidak ada yang perlu diingatkan.")
    return found


def _told(
    session: Session, actor: Actor, found: Collection, channel: str, message: str, items: tuple[str, ...], token: str, letter: Letter | None
) -> Reminder:
    instance = found.instance
    told = {"element": found.element.id, "channel": channel, "message": message, "items": list(items), "token": token}
    before = session.scalars(select(Event).where(Event.instance_id == instance.id, Event.kind == KIND))
    again = next((event for event in before if json.loads(event.data)["token"] == token and event.actor_id == actor.id), None)
    if again is not None:
        return _read(again)
    instance.revision += 1
    now = clock.now()
    record(session, instance, actor.id, now, [Fact(KIND, {**told, "letter": asdict(letter) if letter else None})])
    return Reminder(instance.id, instance.event_seq, now, actor.id, found.element.id, channel, message, items, letter)


def _read(event: Event) -> Reminder:
    data: Mapping[str, Any] = json.loads(event.data)
    return Reminder(
        instance_id=event.instance_id,
        seq=event.seq,
        at=event.at,
        actor_id=event.actor_id,
        element=data["element"],
        channel=data["channel"],
        message=data["message"],
        items=tuple(data["items"]),
        letter=Letter(**data["letter"]) if data["letter"] else None,
    )
