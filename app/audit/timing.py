"""Norm against actual, row by row of the SOP and pass by pass: a row returned begins its norm again, and both passes are kept.

Counted is the time each step of the row was open; waiting for the steps of other rows is not. A norm belongs to its row: how a drawing
splits it over the row's steps is not judged. What every OPD does for itself has a deadline and no norm; what an office does for every OPD,
a round of visits, is one step from its first line to its last.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from app.audit.evidence import Evidence
from app.clock import WIB
from app.diagram import OPD_GROUP, Norm, row_norms
from app.models import Task
from app.worktime import working_days_between, working_minutes_between

COUNTED = ("open", "done", "recalled", "returned")


@dataclass(frozen=True)
class Pass:
    """One time through a row. number: 1 for the first. minutes, days: working time of its steps, in the units of the norm.

    at_least: a decision on paper has a day and no hour; what is sure is counted. is_leaders: a step of it may be decided on paper.
    """

    row: str
    number: int
    tasks: tuple[Task, ...]
    norm: Norm
    minutes: int
    days: int
    at_least: bool
    is_open: bool
    is_leaders: bool

    @property
    def is_over(self) -> bool:
        """Minutes on top of days may take up the day after them, but no more."""
        if self.norm.days:
            return self.days > self.norm.days + bool(self.norm.minutes)
        return bool(self.norm.minutes) and self.minutes > (self.norm.minutes or 0)

    @property
    def actual(self) -> Norm:
        """In the unit of the norm."""
        return Norm(days=self.days) if self.norm.days else Norm(minutes=self.minutes)


def passes_of(evidence: Evidence) -> list[Pass]:
    """Of the rows with a norm, in the order of the sheet."""
    found = []
    for row, norm in row_norms(evidence.drawing).items():
        tasks = [task for task in evidence.tasks if task.row == row and _is_counted(evidence, task)]
        if norm.days or norm.minutes:
            found += [_pass(evidence, row, number, group, norm) for number, group in enumerate(_split(tasks), start=1)]
    return found


def total_of(passes: Iterable[Pass]) -> Norm:
    """All passes added up, days and minutes apart."""
    every = list(passes)
    return Norm(minutes=sum(one.minutes for one in every if not one.norm.days), days=sum(one.days for one in every if one.norm.days))


def ended_at(task: Task, now: datetime) -> datetime:
    """The moment the norm is measured to: of a deed on paper the earliest it can have been, midnight of its day."""
    if task.completed_at is None or task.state == "open":
        return now
    if task.happened_on is None:
        return task.completed_at
    return min(task.completed_at, max(task.opened_at, datetime.combine(task.happened_on, time.min, WIB)))


def _pass(evidence: Evidence, row: str, number: int, tasks: Sequence[Task], norm: Norm) -> Pass:
    calendar = evidence.calendar
    spans = list(_spans(tasks, evidence.now))
    elements = [evidence.element_of(task) for task in tasks]
    return Pass(
        row=row,
        number=number,
        tasks=tuple(tasks),
        norm=norm,
        minutes=sum(working_minutes_between(start, end, calendar) for start, end in spans),
        days=sum(working_days_between(start, end, calendar) for start, end in spans),
        at_least=any(task.happened_on is not None for task in tasks),
        is_open=any(task.state == "open" for task in tasks),
        is_leaders=any(element and element.is_leaders for element in elements),
    )


def _spans(tasks: Sequence[Task], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Begin and end of each step; the lines of a fan-out are one."""
    lines: dict[UUID, list[Task]] = {}
    for task in tasks:
        lines.setdefault(task.id if task.item is None else task.engine_task, []).append(task)
    for group in lines.values():
        yield min(task.opened_at for task in group), max(ended_at(task, now) for task in group)


def _is_counted(evidence: Evidence, task: Task) -> bool:
    element = evidence.element_of(task)
    if element is None or not element.is_task or task.state not in COUNTED:
        return False
    return task.item is None or OPD_GROUP not in evidence.drawing.groups_of(element.id)


def _split(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """A step that opens again in another round begins the next pass; one that was taken back goes on in the same."""
    current: list[Task] = []
    for task in tasks:
        if any(task.element == earlier.element and task.round != earlier.round for earlier in current):
            yield current
            current = []
        current.append(task)
    if current:
        yield current
