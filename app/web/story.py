"""What happened in a case, told for people: who did which step, when, what they decided, noted and attached."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import definitions, forms, offices
from app.errors import NotFound
from app.forms import JSON, Choices, Field, Form, ShownTable
from app.instances.choosing import choices_for
from app.instances.finishing import WAITING_ITEMS
from app.models import Attachment, Definition, Event, Task, User
from app.words import long_date, moment


@dataclass(frozen=True)
class Answered:
    """A table somebody filled in. Its words are made when a page asks for them: most stay links or behind a fold."""

    field: Field
    rows: Sequence[JSON]
    choices: Choices

    @property
    def label(self) -> str:
        return self.field.name

    @cached_property
    def shown(self) -> ShownTable:
        return forms.shown_table(self.field, self.rows, self.choices)


@dataclass(frozen=True)
class Said:
    """What a form was answered with; see ``Line``."""

    decision: str = ""
    decision_label: str = ""
    notes: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    tables: tuple[Answered, ...] = ()


NOTHING_SAID = Said()


@dataclass(frozen=True)
class Line:
    """One row of work. decision: "ya", "tidak" or ""; notes, answers: [(label, text)], notes being what was written freely.

    tables: those that were filled in, row by row.
    what: the name of the OPD for a line of a fan-out, else "". recorder: (name, position) of who typed it in for the one whose deed it is.
    files: those that count; a file that was replaced is among the step's versions only.
    """

    task: Task
    who: str
    position: str
    what: str
    decision: str
    decision_label: str
    notes: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]
    files: tuple[Attachment, ...]
    recorder: tuple[str, str] = ("", "")
    tables: tuple[Answered, ...] = ()

    @property
    def has_answers(self) -> bool:
        return bool(self.answers or self.tables)

    @property
    def paper(self) -> str:
        """ "Disetujui Bupati pada naskah fisik 12 Maret 2026, dicatat oleh …": who decided first, who wrote it down after."""
        task = self.task
        if not self.recorder[0] or task.happened_on is None or task.completed_at is None or not self.decision:
            return ""
        deed = "Dikembalikan" if self.sent_back else "Disetujui"
        recorder = ", ".join(dict.fromkeys(part for part in self.recorder if part))
        return f"{deed} {task.lane} pada naskah fisik {long_date(task.happened_on)}, dicatat oleh {recorder}, {moment(task.completed_at)}"

    @property
    def sent_back(self) -> bool:
        return self.decision == "tidak"

    @property
    def note(self) -> str:
        return " ".join(text for _label, text in self.notes)


@dataclass(frozen=True)
class SentBack:
    """Why work is here again. office: whose decision it was; who: the person's name, for those who may know it."""

    office: str
    who: str
    note: str
    at: datetime


@dataclass(frozen=True)
class Chapter:
    """One visit of one step: a single line, or one line for every OPD of a fan-out."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        return self.lines[0]

    @property
    def task(self) -> Task:
        return self.lines[0].task

    @property
    def is_fan_out(self) -> bool:
        return self.task.item is not None

    @property
    def is_open(self) -> bool:
        return any(line.task.state in WAITING_ITEMS for line in self.lines)

    @property
    def opd(self) -> int:
        """How many OPD its lines are about; one whose paper was sent back has several."""
        return len({line.task.item for line in self.lines})

    @property
    def finished_at(self) -> datetime | None:
        ends = [line.task.completed_at for line in self.lines]
        return None if self.is_open else max((end for end in ends if end), default=None)

    @cached_property
    def counts(self) -> Counter[str]:
        """{state: lines}; a line sent back or taken back has another one after it."""
        return Counter(line.task.state for line in self.lines)

    @property
    def asked(self) -> int:
        """How many OPD are still asked to send, or have."""
        return sum(self.counts[state] for state in ("open", "submitted", "done", "closed"))


def tell(session: Session, definition: Definition, tasks: Sequence[Task]) -> list[Chapter]:
    """In the order the steps were opened; three statements however many rows there are."""
    people = _people(session, tasks)
    files = _files(session, tasks)
    units = _units(session, tasks)
    told = _Forms(session, definition, tasks[0].instance_id if tasks else None)
    lines = (_line(task, told, people, files, units) for task in tasks)
    return [Chapter(tuple(group)) for _engine_task, group in groupby(sorted(lines, key=_order), key=lambda line: line.task.engine_task)]


def _order(line: Line) -> tuple[datetime, bool, str, str]:
    """Rows of one fan-out stay together. The opening row shares its moment with the step it opened, and comes first."""
    task = line.task
    return task.opened_at, task.completed_at != task.opened_at, str(task.engine_task), line.what


def finished_last(chapters: Iterable[Chapter]) -> list[Chapter]:
    """Only what is over, the latest first."""
    over = [(chapter.finished_at, chapter) for chapter in chapters if chapter.finished_at is not None]
    return [chapter for _at, chapter in sorted(over, key=lambda pair: pair[0], reverse=True)]


def return_before(session: Session, chapters: Iterable[Chapter], task: Task, rows: Sequence[Task]) -> SentBack | None:
    """What sent the work back to this task: those who collect, else the last "tidak" that was given before it was opened again.

    rows: of the case, or those that the reader may see.
    """
    if task.round < 2:
        return None
    before = [row for row in rows if (row.engine_task, row.item, row.state) == (task.engine_task, task.item, "returned")]
    if task.item is not None and before:
        return _by_collectors(session, max(before, key=lambda row: row.opened_at))
    earlier = [chapter for chapter in finished_last(chapters) if chapter.finished_at and chapter.finished_at <= task.opened_at]
    found = next((line for chapter in earlier for line in chapter.lines if line.sent_back), None)
    return SentBack(found.task.lane, found.who, found.note, found.task.completed_at) if found and found.task.completed_at else None


def _by_collectors(session: Session, row: Task) -> SentBack | None:
    """The row keeps the note; who wrote it, and when, stands in the trail."""
    events = select(Event).where(Event.instance_id == row.instance_id, Event.kind == "returned").order_by(Event.seq.desc())
    event = next((one for one in session.scalars(events) if json.loads(one.data)["task"] == str(row.id)), None)
    if event is None:
        return None
    person = session.get(User, event.actor_id)
    return SentBack((person and person.position) or "pengumpul", person.name if person else "", row.reason, event.at)


class _Forms:
    """The forms of a version, each with its options looked up once."""

    def __init__(self, session: Session, definition: Definition, instance_id: int | None) -> None:
        self._session = session
        self._definition = definition
        self._instance_id = instance_id
        self._found: dict[str, tuple[Form, dict[str, list[tuple[str, str]]]] | None] = {}

    def of(self, task: Task) -> tuple[Form, dict[str, list[tuple[str, str]]]] | None:
        if task.form_id is None or not task.answers:
            return None
        if task.form_id not in self._found:
            self._found[task.form_id] = self._load(task.form_id)
        return self._found[task.form_id]

    def _load(self, form_id: str) -> tuple[Form, dict[str, list[tuple[str, str]]]] | None:
        try:
            form = definitions.form_of(self._session, self._definition, form_id)
        except NotFound:
            return None
        return form, choices_for(self._session, form, self._instance_id)


def _line(task: Task, told: _Forms, people: Mapping[int, User], files: Mapping[UUID, list[Attachment]], units: Mapping[str, str]) -> Line:
    person, recorder = people.get(task.completed_by or 0), people.get(task.recorded_by or 0)
    found = told.of(task)
    said = _said(*found, task) if found else NOTHING_SAID
    return Line(
        task=task,
        who=person.name if person else "",
        position=person.position if person else "",
        what=units.get(task.item, task.item) if task.item else "",
        decision=said.decision,
        decision_label=said.decision_label,
        notes=said.notes,
        answers=said.answers,
        tables=said.tables,
        files=tuple(_counting(task, files.get(task.id, ()))),
        recorder=(recorder.name, recorder.position) if recorder else ("", ""),
    )


def _counting(task: Task, files: Sequence[Attachment]) -> list[Attachment]:
    """Of a field that the answers name, the files they name; what comes beside the form (the proof of a paper decision) counts as it is."""
    named = {key: {str(one.get("id")) for one in value} for key, value in (task.answers or {}).items() if _is_files(value)}
    return [file for file in files if file.field not in named or str(file.id) in named[file.field]]


def _is_files(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


def _said(form: Form, choices: Mapping[str, list[tuple[str, str]]], task: Task) -> Said:
    answers = task.answers or {}
    decision = str(answers.get(form.decision.key, "")) if form.decision else ""
    label = forms.shown(form.decision, decision) if form.decision and decision else ""
    notes: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    tables: list[Answered] = []
    for field in form.fields:
        value = answers.get(field.key)
        if value is None or field.is_file or field.is_decision:
            continue
        if field.is_table:
            tables.append(Answered(field, value if isinstance(value, list) else (), choices))
            continue
        (notes if field.type == "textarea" else others).append((field.name, forms.shown(field, value, choices)))
    return Said(decision, label, tuple(notes), tuple(others), tuple(tables))


def _people(session: Session, tasks: Sequence[Task]) -> dict[int, User]:
    ids = {id for task in tasks for id in (task.completed_by, task.claimed_by, task.recorded_by) if id is not None}
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(ids)))} if ids else {}


def _files(session: Session, tasks: Sequence[Task]) -> dict[UUID, list[Attachment]]:
    """By case, not by task: a thousand ids in one statement are more than a database likes."""
    cases, wanted = {task.instance_id for task in tasks}, {task.id for task in tasks}
    found: dict[UUID, list[Attachment]] = {}
    rows = session.scalars(
        select(Attachment).where(Attachment.instance_id.in_(cases)).order_by(Attachment.uploaded_at, Attachment.filename)
    )
    for row in rows:
        if row.task_id in wanted and row.task_id is not None:
            found.setdefault(row.task_id, []).append(row)
    return found


def _units(session: Session, tasks: Sequence[Task]) -> dict[str, str]:
    if not any(task.item for task in tasks):
        return {}
    return offices.names_of_case(session, tasks[0].instance_id)
