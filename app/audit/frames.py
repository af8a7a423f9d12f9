"""The replay of a case: its recorded events as frames, one for every deed and what followed from it by itself.

Made of drawing, events and rows alone: the engine's state is never touched, and nothing is guessed. A fan-out is one frame, its
lines folded into it. What was taken back is told where it was done, and again, as undone, where it was taken back.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.audit.path import Path, proposals_of, returns_of
from app.audit.telling import Cast, Deed, Item, named, office, quoted, tell_deed, tell_items
from app.audit.tokens import Tokens
from app.diagram import Drawing, Element
from app.models import Event, Task

Told = Mapping[str, Any]  # the data of an event
# What an event says of one line of a fan-out, as a state of it.
ITEM_STATES = {
    "item": "done",
    "submitted": "submitted",
    "accepted": "done",
    "late": "done",  # after the fan-out was over
    "returned": "returned",
    "recalled": "open",
    "withdrawn": "withdrawn",
    "deadline": "",  # leaves it as it was
    "replaced": "",
}


@dataclass(frozen=True)
class Part:
    """One completed element with the flows it left by."""

    element: str
    round: int
    flows: tuple[str, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return self.element, *self.flows


@dataclass(frozen=True)
class Frame:
    """seq: the last event it tells of. parts: what was completed, in order; undone: what from now on no longer counts.

    current: user tasks that wait after it. items: the lines of a fan-out. on_paper: decided on paper, recorded by somebody else.
    """

    seq: int
    at: datetime
    text: str
    element: Element | None
    round: int = 1
    parts: tuple[Part, ...] = ()
    undone: tuple[Part, ...] = ()
    current: frozenset[str] = frozenset()
    items: tuple[Item, ...] = ()
    on_paper: bool = False

    @property
    def flows(self) -> tuple[str, ...]:
        return tuple(flow for part in self.parts for flow in part.flows)


def read_frames(
    drawing: Drawing, events: Sequence[Event], tasks: Sequence[Task], cast: Cast, round: int | None = None
) -> tuple[Frame, ...]:
    """events: of one instance, in order. tasks: all its rows. round: only what was completed in that round, None for all."""
    reel = _Reel(drawing, tasks, cast)
    for event in events:
        reel.add(event, json.loads(event.data))
    frames = reel.cut()
    return frames if round is None else tuple(_in_round(frames, round))


def path_after(drawing: Drawing, frames: Sequence[Frame]) -> Path:
    """What stands marked on the drawing when the last of these frames has happened."""
    counts: Counter[str] = Counter()
    for frame in frames:
        counts.update(id for part in frame.parts for id in part.ids)
        counts.subtract(id for part in frame.undone for id in part.ids)
    counts = +counts
    return Path(
        done=frozenset(counts),
        current=frames[-1].current if frames else frozenset(),
        returned=frozenset(counts.keys() & returns_of(drawing)),
        proposals=proposals_of(drawing),
        counts=counts,
    )


def _in_round(frames: Iterable[Frame], round: int) -> Iterator[Frame]:
    for frame in frames:
        parts, undone = (tuple(part for part in found if part.round == round) for found in (frame.parts, frame.undone))
        if parts or undone:
            yield replace(frame, parts=parts, undone=undone)


@dataclass
class _Gathering:
    """A fan-out while it goes on. seq, at: its last event. closed: the sentence of its closing."""

    seq: int = 0
    at: datetime | None = None
    round: int = 1
    closed: str = ""
    tasks: set[UUID] = field(default_factory=set)
    items: dict[str, Item] = field(default_factory=dict)


class _Reel:
    """Turns one event after the other into frames."""

    def __init__(self, drawing: Drawing, tasks: Sequence[Task], cast: Cast) -> None:
        self.drawing = drawing
        self.cast = cast
        self.rows = {row.id: row for row in tasks}
        self.asked: dict[UUID, list[str]] = {}
        for row in tasks:
            if row.item is not None:
                self.asked.setdefault(row.engine_task, []).append(row.item)
        self.frames: list[Frame] = []
        self.tokens = Tokens(drawing)
        self.parts: dict[int, tuple[Part, Counter[str]]] = {}
        self.gathering: dict[str, _Gathering] = {}
        self.before = ""  # the kind of the event before: steps that follow one another are one move

    def add(self, event: Event, data: Told) -> None:
        element = self.drawing.elements.get(data.get("element", ""))
        if event.kind == "step" and element is not None:
            self._step(event, data, element)
        elif event.kind == "timer" and element is not None:
            self._break_off([id for id in self.gathering if id in set(self.tokens.ended_by(element))])
            self._show(event, f"Aplikasi: waktu “{element.name or element.id}” tercapai", element)
        elif event.kind == "recalled" and data.get("undone") and element is not None:
            self._recall(event, data, element)
        elif event.kind == "restarted" and element is not None:
            self._restart(event, data, element)
        elif event.kind in ("cancelled", "finished"):
            self._end(event, data)
        elif event.kind == "closed" and element is not None:
            self._close(event, data, element)
        elif event.kind in ITEM_STATES and element is not None:
            self._line(event, data, element)
        else:
            return  # who took a task or looked at it moves nothing
        self.before = event.kind

    def cut(self) -> tuple[Frame, ...]:
        """The frames, the last of them what fan-outs have gathered that are not over."""
        self._break_off(list(self.gathering))
        return tuple(self.frames)

    def _break_off(self, ids: Sequence[str]) -> None:
        """Show how far these fan-outs have come: no step of theirs follows."""
        for id in ids:
            gathering = self.gathering.pop(id)
            items, element = self._items(gathering), self.drawing.elements[id]
            if gathering.at is not None and items:
                text = tell_items(items, is_over=False)
                frame = Frame(gathering.seq, gathering.at, text, element, gathering.round, current=self.tokens.current, items=items)
                self.frames.append(frame)

    def _step(self, event: Event, data: Told, element: Element) -> None:
        flows = tuple(id for id in data.get("flows", ()) if id in self.drawing.flows)
        part = Part(element.id, data["round"], flows)
        self.parts[event.seq] = (part, self.tokens.complete(element, flows))
        if data.get("task"):
            text = tell_deed(self.drawing, element, self._deed(data))
            self._show(event, text, element, data["round"], (part,), on_paper="decider" in data)
        elif element.multi_instance:
            gathering = self.gathering.pop(element.id, _Gathering())
            items = self._items(gathering)
            text = tell_items(items, is_over=True) + gathering.closed
            self._show(event, text, element, data["round"], (part,), items=items)
        elif self.before in ("step", "timer") and self.frames:
            last = self.frames[-1]
            self.frames[-1] = replace(last, seq=event.seq, parts=(*last.parts, part), current=self.tokens.current)
        else:
            self._show(event, f"Aplikasi: {element.name or 'langkah'} berjalan sendiri", element, data["round"], (part,))

    def _show(
        self,
        event: Event,
        text: str,
        element: Element | None,
        round: int = 1,
        parts: tuple[Part, ...] = (),
        items: tuple[Item, ...] = (),
        undone: tuple[Part, ...] = (),
        on_paper: bool = False,
    ) -> None:
        self.frames.append(Frame(event.seq, event.at, text, element, round, parts, undone, self.tokens.current, items, on_paper))

    def _recall(self, event: Event, data: Told, element: Element) -> None:
        undone = [self.parts[seq] for seq in reversed(data["undone"]) if seq in self.parts]
        self.tokens.take_back([change for _part, change in undone])
        text = f"{self._doer(event, data, element)}: ditarik kembali{quoted(data.get('reason', ''))}"
        self._show(event, text, element, data["round"], undone=tuple(part for part, _change in undone))

    def _restart(self, event: Event, data: Told, element: Element) -> None:
        self._break_off(list(self.gathering))
        self.tokens.begin_at(element)
        who = named(self.cast.person(event.actor_id)) or "Aplikasi"
        self._show(event, f"{who}: dimulai lagi dari langkah ini{quoted(data.get('reason', ''))}", element, data.get("round", 1))

    def _end(self, event: Event, data: Told) -> None:
        if event.kind == "cancelled":
            self._break_off(list(self.gathering))
        self.tokens.end()
        if event.kind == "cancelled":
            who = named(self.cast.person(event.actor_id)) or "Aplikasi"
            self._show(event, f"{who}: pelaksanaan dibatalkan{quoted(data.get('reason', ''))}", None)
        elif self.frames:
            last = self.frames[-1]
            self.frames[-1] = replace(last, seq=event.seq, text=f"{last.text}. Pelaksanaan berakhir.", current=frozenset())

    def _line(self, event: Event, data: Told, element: Element) -> None:
        """Something about one line of a fan-out, or (a replaced file) about a step that is done."""
        item = data.get("item")
        if item is None:
            if event.kind == "replaced":
                self._show(event, f"{self._doer(event, data, element)}: mengganti berkas", element, data.get("round", 1))
            return
        if event.kind == "late":
            self._follow_up(event, data, element)
            return
        gathering = self._gathering(event, data, element)
        before = gathering.items.get(item, Item(self.cast.units.get(item, item)))
        state, again = ITEM_STATES[event.kind] or before.state, before.sent_back + (event.kind == "returned")
        gathering.items[item] = replace(before, state=state, at=event.at, sent_back=again)

    def _follow_up(self, event: Event, data: Told, element: Element) -> None:
        """What came after the fan-out was over: one frame, however many came in a row."""
        line = Item(self.cast.units.get(data["item"], data["item"]), "done", event.at)
        last = self.frames[-1] if self.before == "late" and self.frames else None
        items = (*last.items, line) if last is not None and last.element is element else (line,)
        recorder = named(self.cast.person(event.actor_id))
        text = f"{len(items)} OPD menyusul setelah penerimaan ditutup, dicatat oleh {recorder}"
        if len(items) > 1:
            self.frames.pop()
        self._show(event, text, element, data.get("round", 1), items=items)

    def _close(self, event: Event, data: Told, element: Element) -> None:
        gathering = self._gathering(event, data, element)
        for item in data.get("items", ()):
            before = gathering.items.get(item, Item(self.cast.units.get(item, item)))
            gathering.items[item] = replace(before, state="closed", at=event.at)
        gathering.closed = f". Penerimaan ditutup oleh {named(self.cast.person(event.actor_id))}{quoted(data.get('reason', ''))}"

    def _gathering(self, event: Event, data: Told, element: Element) -> _Gathering:
        found = self.gathering.setdefault(element.id, _Gathering(round=data.get("round", 1)))
        found.seq, found.at = event.seq, event.at
        if data.get("task"):
            found.tasks.add(UUID(data["task"]))
        return found

    def _items(self, gathering: _Gathering) -> tuple[Item, ...]:
        """Every OPD that was asked, heard of or not, by name."""
        engine_tasks = {self.rows[id].engine_task for id in gathering.tasks if id in self.rows}
        asked = {item for engine_task in engine_tasks for item in self.asked.get(engine_task, ())}
        found = {item: Item(self.cast.units.get(item, item)) for item in asked} | gathering.items
        return tuple(sorted(found.values(), key=lambda item: item.name))

    def _deed(self, data: Told) -> Deed:
        return self.cast.deeds.get(UUID(data["task"]), Deed())

    def _doer(self, event: Event, data: Told, element: Element) -> str:
        """Who recorded a decision for somebody else is not of that office."""
        person = self.cast.person(event.actor_id)
        return named(person) if self._deed(data).recorder.name else office(self.drawing, element, person)
