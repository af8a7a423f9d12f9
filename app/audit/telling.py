"""Sentences of a replay: who, from which office, did what. Of answers only the decision and its note are told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from app.diagram import Drawing, Element
from app.words import long_date

# One OPD of a fan-out, as the events leave it.
ITEM_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "done": "diterima",
        "submitted": "menunggu diterima",
        "returned": "diminta memperbaiki",
        "open": "belum menyampaikan",
        "closed": "tidak menyampaikan",
        "withdrawn": "ditarik",
    }
)


@dataclass(frozen=True)
class Person:
    name: str
    position: str = ""


NOBODY = Person("")


@dataclass(frozen=True)
class Deed:
    """What a row of work says: who did it, "ya", "tidak" or "", the note. recorder, happened_on: of a decision made on paper."""

    who: Person = NOBODY
    decision: str = ""
    note: str = ""
    recorder: Person = NOBODY
    happened_on: date | None = None


@dataclass(frozen=True)
class Item:
    """One OPD of a fan-out. state: a key of ITEM_WORDS. at: of its last event, None where none told of it. sent_back: how often."""

    name: str
    state: str = "open"
    at: datetime | None = None
    sent_back: int = 0

    @property
    def words(self) -> str:
        return ITEM_WORDS[self.state]


@dataclass(frozen=True)
class Cast:
    """Who and what the events name by id: {user id: person}, {task id: deed}, {OPD id: name}."""

    people: Mapping[int, Person] = field(default_factory=dict)
    deeds: Mapping[UUID, Deed] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def person(self, user_id: int | None) -> Person:
        return self.people.get(user_id or 0, NOBODY)


def tell_deed(drawing: Drawing, element: Element, deed: Deed) -> str:
    """ "Kabag Organisasi, Dra. …: dikembalikan: “…”"; on paper the one who decided comes first, the recorder after."""
    if element.tag == "startEvent":
        return f"{office(drawing, element, deed.who)}: memulai pelaksanaan"
    text = f"{office(drawing, element, deed.who)}: {_decided(deed)}"
    if not deed.recorder.name:
        return text + quoted(deed.note)
    day = f" {long_date(deed.happened_on)}" if deed.happened_on else ""
    return f"{text} pada naskah fisik{day}, dicatat oleh {named(deed.recorder)}{quoted(deed.note)}"


def tell_items(items: Sequence[Item], is_over: bool) -> str:
    """ "39 OPD: 28 diterima, 1 ditarik"; while it goes on, "39 OPD sejauh ini: …"."""
    counts = Counter(item.state for item in items)
    told = ", ".join(f"{counts[state]} {word}" for state, word in ITEM_WORDS.items() if counts[state])
    return f"{len(items)} OPD{'' if is_over else ' sejauh ini'}: {told}"


def office(drawing: Drawing, element: Element, who: Person) -> str:
    """ "Kabag Organisasi, Dra. …"; in a lane whose people never sign in, the office of whoever did it for them."""
    lane = drawing.lane_of(element.id)
    place = who.position if lane is None or lane.external else lane.name
    return ", ".join(dict.fromkeys(part for part in (place, who.name) if part)) or "Aplikasi"


def named(person: Person) -> str:
    return ", ".join(dict.fromkeys(part for part in (person.name, person.position) if part))


def quoted(text: str) -> str:
    return f": “{text}”" if text else ""


def _decided(deed: Deed) -> str:
    return {"ya": "disetujui", "tidak": "dikembalikan"}.get(deed.decision, "selesai")
