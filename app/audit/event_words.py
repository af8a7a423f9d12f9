"""Every kind of event in words: for the timeline, and for tables that leave the app."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.audit.evidence import Names
from app.audit.told import Told, kind_words
from app.diagram import Drawing, Element
from app.words import long_date, moment


@dataclass(frozen=True)
class EventWords:
    """kind: what kind of thing; what: the step, gateway or event it is about, "" for the case as a whole; more: sentences."""

    kind: str
    what: str
    lane: str
    row: str
    unit: str
    actor: str
    more: tuple[str, ...]


def tell_event(drawing: Drawing, names: Names, event: Told) -> EventWords:
    element = drawing.elements.get(event.element)
    lane = drawing.lane_of(event.element)
    return EventWords(
        kind=_kind(event, element),
        what=_what(element) if element else event.element,
        lane=lane.name if lane else "",
        row=element.row if element else "",
        unit=names.unit(event.data.get("item")),
        actor=names.person(event.actor_id) or "aplikasi",
        more=tuple(_more(drawing, names, event)),
    )


def _kind(event: Told, element: Element | None) -> str:
    """A paper that somebody recorded is told as that: its recorder did not decide."""
    if "recorded_by" in event.data and event.kind in ("step", "item"):
        return "Keputusan dicatat dari naskah fisik" if event.kind == "step" else "Diterima di luar aplikasi"
    if event.kind == "step" and element is not None and not element.is_task:
        return "Percabangan dilalui" if "ateway" in element.tag else "Kejadian dilalui"
    return kind_words(event.kind)


def _what(element: Element) -> str:
    return element.name or ("Percabangan" if "ateway" in element.tag else "Kejadian")


def _more(drawing: Drawing, names: Names, event: Told) -> list[str]:
    """The round and the ways out, what is peculiar to the kind, who recorded it, the reason."""
    data = event.data
    found = [f"perbaikan ke-{data['round'] - 1}"] if isinstance(data.get("round"), int) and data["round"] > 1 else []
    found += _ways_out(drawing, event)
    tell = _OF_KIND.get(event.kind)
    found += tell(names, data) if tell else []
    found += ["tindakan admin"] if data.get("repair") else []
    found += _recorded(names, data) if "recorded_by" in data else []
    found += [f"diterima dari {data['sender']}"] if data.get("sender") else []
    found += [f"alasan: “{data['reason']}”"] if data.get("reason") else []
    return found


def _ways_out(drawing: Drawing, event: Told) -> list[str]:
    flows = [drawing.flows[id] for id in event.data.get("flows", ()) if id in drawing.flows]
    named = [(flow, drawing.elements.get(flow.target)) for flow in flows if flow.name]
    return [f"{flow.name}: ke {_what(target)}" if target else flow.name for flow, target in named]


def _recorded(names: Names, data: Mapping[str, Any]) -> list[str]:
    decider, channel = names.person(data.get("decider")), data.get("channel")
    happened = f"terjadi {_day(data.get('happened_on'))}" + (f", diputuskan {decider}" if decider else "")
    return [happened, f"dicatat {names.person(data['recorded_by'])}" + (f", lewat {channel}" if channel else "")]


def _closed(names: Names, data: Mapping[str, Any]) -> list[str]:
    items = data.get("items", ())
    return [f"{len(items)} OPD tidak menyampaikan: {', '.join(names.unit(item) for item in items)}"]


def _deadline(_names: Names, data: Mapping[str, Any]) -> list[str]:
    return [f"dari {_moment(data.get('from'))} menjadi {_moment(data.get('to'))}"]


def _recalled(_names: Names, data: Mapping[str, Any]) -> list[str]:
    undone = data.get("undone", ())
    return [f"peristiwa {', '.join(f'ke-{seq}' for seq in undone)} tidak lagi dihitung"] if undone else []


_OF_KIND: Mapping[str, Callable[[Names, Mapping[str, Any]], list[str]]] = {
    "closed": _closed,
    "deadline": _deadline,
    "faulted": lambda _names, data: [f"kendala K-{1000 + data['incident']}"] if "incident" in data else [],
    "recalled": _recalled,
    "replaced": lambda _names, data: [f"isian {str(data.get('field', '')).replace('_', ' ')}"],
    "started": lambda _names, data: [f"SOP versi {data.get('version', '')}"],
}


def _day(text: object) -> str:
    try:
        return long_date(date.fromisoformat(str(text)))
    except ValueError:
        return str(text)


def _moment(text: object) -> str:
    try:
        return moment(datetime.fromisoformat(str(text)))
    except ValueError:
        return "tanpa batas waktu" if text is None else str(text)
