"""What a rule finds, and what several rules ask of the evidence."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app import clock
from app.audit.evidence import Evidence
from app.diagram import Flow
from app.models import Membership, Task

SENT = ("submitted", "done", "returned")
NAMED = 8  # OPD named in one sentence; the rest are counted


@dataclass(frozen=True)
class Place:
    """Where it can be seen. tab: events (key: its number), rows (key: row of the SOP), files (key: task id)."""

    tab: Literal["events", "rows", "files"]
    key: str


@dataclass(frozen=True)
class Deviation:
    """count: how many facts the sentence holds (12 OPD, say)."""

    text: str
    place: Place
    count: int = 1


@dataclass(frozen=True)
class Rule:
    """title: how the group is called on the sheet."""

    key: str
    title: str
    find: Callable[[Evidence], Iterator[Deviation]]


@dataclass(frozen=True)
class Found:
    """The deviations of one rule; only rules that found something."""

    rule: Rule
    deviations: Sequence[Deviation]

    @property
    def count(self) -> int:
        return sum(one.count for one in self.deviations)


def is_paper(task: Task) -> bool:
    """A decision made on paper that somebody else recorded."""
    return task.recorded_by is not None and task.item is None


def is_late(evidence: Evidence, task: Task) -> bool:
    """The first sending of an OPD came after its deadline, or has not come although it has passed."""
    if not task.item or task.due_at is None or task.round > 1:
        return False
    if task.state == "open":
        return evidence.instance.state == "running" and evidence.now > task.due_at
    if task.state not in SENT or task.completed_at is None:
        return False
    if task.happened_on is not None:
        return task.happened_on > task.due_at.astimezone(clock.WIB).date()
    return task.completed_at > task.due_at


def last_lines(tasks: Sequence[Task]) -> list[Task]:
    """Of every OPD in every step the newest row."""
    newest: dict[tuple[str, str], Task] = {}
    for task in tasks:
        if task.item and task.state not in ("returned", "recalled"):
            newest[task.element, task.item] = task
    return list(newest.values())


def seat_of(evidence: Evidence, task: Task) -> Membership | None:
    """The office somebody did a step in, on that day; their own before one they held for another."""
    if task.completed_by is None or task.completed_at is None:
        return None
    day, groups = task.completed_at.astimezone(clock.WIB).date(), evidence.drawing.groups_of(task.element)
    held = [seat for seat in evidence.seats if seat.user_id == task.completed_by and seat.group_key in groups and _held_on(seat, day)]
    return min(held, key=lambda seat: seat.acting, default=None)


def ways_back_count(evidence: Evidence) -> int:
    """How often the case was sent back: ways back taken, and papers of OPD sent back."""
    return sum(len(seqs) for seqs in ways_back(evidence).values()) + sum(event.kind == "returned" for event in evidence.events)


def ways_back(evidence: Evidence) -> dict[Flow, list[int]]:
    found: dict[Flow, list[int]] = {}
    for step in evidence.path.steps:
        for flow in step.flows:
            if flow.id in evidence.path.returned and step.item is None:
                found.setdefault(flow, []).append(step.seq)
    return found


def event_or_row(evidence: Evidence, task: Task, *kinds: str) -> Place:
    seq = evidence.event_of(task, *kinds)
    return Place("events", str(seq)) if seq else Place("rows", task.row)


def step_name(evidence: Evidence, element: str) -> str:
    found = evidence.drawing.elements.get(element)
    return f"“{found.name}”" + (f" (baris {found.row})" if found.row else "") if found else element


def listed(names: Iterable[str]) -> str:
    every = sorted(names)
    return ", ".join(every[:NAMED]) + (f", dan {len(every) - NAMED} lagi" if len(every) > NAMED else "")


def _held_on(seat: Membership, day: date) -> bool:
    return seat.valid_from <= day and (seat.valid_to is None or seat.valid_to >= day)
