"""Baris SOP: what happened at each row of the sheet, pass by pass, with what each correction changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import definitions, forms
from app.access import Actor
from app.audit.deviations import seat_of
from app.audit.evidence import Evidence, load_evidence
from app.audit.inspecting import case_to_inspect_for
from app.audit.timing import Pass, passes_of
from app.diagram import OPD_GROUP, Element, Norm, row_norms
from app.diagram.norms import row_key
from app.errors import NotFound
from app.forms import Change, Form
from app.instances.choosing import choices_for
from app.models import Definition, Instance, Task
from app.web.story import Line, tell


@dataclass(frozen=True)
class Work:
    """One row of work. office: lane, with Plh. or Plt. before it where the person stood in. claimer: who took it, "" where nobody did.

    changes: against the answers before; None where there are none, and of decisions, which correct nothing.
    """

    line: Line
    element: Element
    office: str
    claimer: str
    changes: Sequence[Change] | None

    @property
    def task(self) -> Task:
        return self.line.task


@dataclass(frozen=True)
class SopRow:
    """One row of the sheet. uraian: the SOP's own words. norm: None where the SOP gives none.

    is_for_units: what it measures each OPD does for itself. is_fan_out: some of it is done for every OPD.
    undrawn: elements of this row that the SOP does not draw.
    """

    row: str
    uraian: str
    lanes: Sequence[str]
    norm: Norm | None
    passes: Sequence[Pass]
    works: Sequence[Work]
    is_for_units: bool
    is_fan_out: bool
    undrawn: Sequence[str]

    @property
    def units(self) -> int:
        return len({work.task.item for work in self.works if work.task.item})


@dataclass(frozen=True)
class RowsPage:
    instance: Instance
    definition: Definition
    rows: Sequence[SopRow]


def rows_page(session: Session, actor: Actor, instance_id: int) -> RowsPage:
    """Raises Forbidden, NotFound. The number of statements follows the number of forms, never of tasks."""
    instance, definition = case_to_inspect_for(session, actor, instance_id)
    evidence = load_evidence(session, instance, definition)
    works = list(_works(session, evidence))
    passes = passes_of(evidence)
    norms = row_norms(evidence.drawing)
    drawn = sorted(dict.fromkeys(element.row for element in evidence.drawing.elements.values() if _does_work(element)), key=row_key)
    rows = [_row(evidence, row, norms.get(row), [one for one in passes if one.row == row], works) for row in drawn]
    return RowsPage(instance, definition, rows)


def _row(evidence: Evidence, row: str, norm: Norm | None, passes: Sequence[Pass], works: Sequence[Work]) -> SopRow:
    elements = [element for element in evidence.drawing.elements.values() if element.row == row]
    own = [element for element in elements if _does_work(element)]
    lanes = [lane.name for element in own if (lane := evidence.drawing.lane_of(element.id))]
    return SopRow(
        row=row,
        uraian=next((element.uraian for element in own if element.uraian), own[0].name if own else ""),
        lanes=list(dict.fromkeys(lanes)),
        norm=norm if norm and (norm.days or norm.minutes) else None,
        passes=passes,
        works=[work for work in works if work.element.row == row],
        is_for_units=any(_is_of_opd(evidence, element) for element in [e for e in own if e.norm] or own),
        is_fan_out=any(element.multi_instance for element in own),
        undrawn=[element.name for element in elements if element.asal == "usulan" and element.name],
    )


def _is_of_opd(evidence: Evidence, element: Element) -> bool:
    return element.multi_instance and OPD_GROUP in evidence.drawing.groups_of(element.id)


def _does_work(element: Element) -> bool:
    return element.is_task or element.tag == "startEvent"


def _works(session: Session, evidence: Evidence) -> Iterator[Work]:
    """In the order they were opened; each compared with the round of the same step (and OPD) before it."""
    compared = _Forms(session, evidence)
    before: dict[tuple[str, str | None], Task] = {}
    for chapter in tell(session, evidence.definition, evidence.tasks):
        for line in sorted(chapter.lines, key=lambda line: (line.what, line.task.opened_at)):
            task = line.task
            element = evidence.drawing.elements.get(task.element)
            if element is None or task.state == "cancelled":
                continue
            earlier = before.get((task.element, task.item))
            changes = compared.changes(earlier, task) if earlier else None
            if task.answers:
                before[task.element, task.item] = task
            claimer = evidence.names.person(task.claimed_by)
            yield Work(line, element, _office(evidence, task), claimer, changes)


def _office(evidence: Evidence, task: Task) -> str:
    starter = evidence.names.people.get(task.completed_by or 0)
    if starter and evidence.drawing.start and task.element == evidence.drawing.start.id:
        return starter.position  # its lane is that of the letter's sender, where nobody signs in
    seat = seat_of(evidence, task) if task.recorded_by is None else None
    return f"{seat.acting} {task.lane}" if seat and seat.acting else task.lane


class _Forms:
    """The forms of a version with their options, each looked up once."""

    def __init__(self, session: Session, evidence: Evidence) -> None:
        self._session, self._definition, self._instance_id = session, evidence.definition, evidence.instance.id
        self._found: dict[str, tuple[Form, Mapping[str, list[tuple[str, str]]]] | None] = {}

    def changes(self, before: Task, after: Task) -> list[Change] | None:
        found = self._of(after.form_id or "") if before.answers and after.answers else None
        if found is None or found[0].decision is not None:
            return None
        return forms.changes(found[0], before.answers or {}, after.answers or {}, found[1])

    def _of(self, form_id: str) -> tuple[Form, Mapping[str, list[tuple[str, str]]]] | None:
        if form_id not in self._found:
            try:
                form = definitions.form_of(self._session, self._definition, form_id)
                self._found[form_id] = (form, choices_for(self._session, form, self._instance_id))
            except NotFound:
                self._found[form_id] = None
        return self._found[form_id]
