"""The register as a table: rows OPD, columns kinds of a year, or years of one kind.

The year is the second part of a case's business key, what comes after it the period.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app import access, clock, definitions, instances
from app.access import Actor
from app.errors import NotFound
from app.instances import Gathered
from app.models import Attachment, CaseUnit, Definition, Instance, OrgUnit, Task
from app.registers.kinds import Collected, collected_by, in_order, newest

CAME = ("submitted", "done")
ABSENT = "tanpa"  # the paper that came does not hold this kind


@dataclass(frozen=True)
class Entry:
    """One document of one OPD. is_absent: what was sent holds other kinds only."""

    gathered: Gathered
    instance: Instance
    files: tuple[Attachment, ...]
    is_absent: bool = False

    @property
    def state(self) -> str:
        return ABSENT if self.is_absent else self.gathered.state

    @property
    def on(self) -> date | None:
        """The day it was accepted, or came outside the app; None while it is not here."""
        task = self.gathered.task
        if self.is_absent:
            return None
        if task.happened_on is not None:
            return task.happened_on
        came = self.state in ("dikirim", "diterima") and task.completed_at is not None
        return task.completed_at.astimezone(clock.WIB).date() if came and task.completed_at else None

    @property
    def period(self) -> str:
        """What tells cases of one year apart: "Semester I"; "" where the year is all."""
        words = ", ".join(self.instance.business_key.split(":")[2:])
        return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class UnitLine:
    """An OPD under its name in the newest of the cases shown. valid_to: its last day, None while it goes on."""

    id: str
    name: str
    valid_to: date | None


@dataclass(frozen=True)
class Register:
    """columns: kinds of one year, or (kind being chosen) years. cells: {(OPD id, column): its documents}; without one, nobody was asked.

    years, kinds: what there is to choose from; year, kind: what is chosen, one of them "".
    """

    columns: Sequence[str]
    units: Sequence[UnitLine]
    cells: Mapping[tuple[str, str], tuple[Entry, ...]]
    years: Sequence[str]
    kinds: Sequence[str]
    year: str
    kind: str

    def totals(self, column: str) -> tuple[int, int]:
        """(accepted, asked) documents of a column."""
        entries = [entry for (_unit, where), found in self.cells.items() if where == column for entry in found]
        states = [entry.state for entry in entries if entry.state not in ("ditarik", "batal")]
        return states.count("diterima"), len(states)


def register(session: Session, actor: Actor, year: str = "", kind: str = "") -> Register:
    """kind: that one over the years; else all kinds of a year, without a choice the latest with papers.

    Raises NotFound for those who see no case of an SOP with a register.
    """
    drawn = [found for found in session.scalars(select(Definition).order_by(Definition.code, Definition.version)) if _sees(actor, found)]
    every = in_order(drawn)
    if not every and not actor.sees_every_case:
        raise NotFound
    cases = _cases(session, drawn)
    years = sorted({instances.year_of(case.business_key) for case in cases} - {""}, reverse=True)
    kind = kind if kind in every else ""
    year = "" if kind else year if year in years else _latest_year(session, drawn, cases, years)
    shown = [case for case in cases if kind or instances.year_of(case.business_key) == year]
    cells = _cells(session, drawn, shown, kind)
    present, current = {column for _unit, column in cells}, in_order(newest(drawn))
    kinds = [one for one in every if one in current or one in present or one == kind]
    return Register(years if kind else kinds, _units(session, shown, {unit for unit, _column in cells}), cells, years, kinds, year, kind)


def _sees(actor: Actor, definition: Definition) -> bool:
    return bool(collected_by(definition)) and access.may_see_case(actor, definitions.spec_of(definition).drawing)


def _cases(session: Session, drawn: Iterable[Definition]) -> Sequence[Instance]:
    """Not the cancelled ones; the older first, so that a later case about the same takes its place."""
    ids = [found.id for found in drawn]
    query = select(Instance).where(Instance.definition_id.in_(ids), Instance.state != "cancelled")
    return session.scalars(query.order_by(Instance.started_at, Instance.id)).all()


def _latest_year(session: Session, drawn: Iterable[Definition], cases: Iterable[Instance], years: Sequence[str]) -> str:
    """With papers of any kind, else with a case at all, else last year."""
    elements = {element for found in drawn for element in collected_by(found)}
    ids = [case.id for case in cases]
    came = select(Task.instance_id).where(
        Task.instance_id.in_(ids), Task.element.in_(elements), Task.item.is_not(None), Task.state.in_(CAME)
    )
    papers = set(session.scalars(came.distinct()))
    with_papers = sorted({instances.year_of(case.business_key) for case in cases if case.id in papers} - {""}, reverse=True)
    return next(iter([*with_papers, *years]), str(clock.today().year - 1))


def _cells(session: Session, drawn: Iterable[Definition], cases: Sequence[Instance], kind: str) -> dict[tuple[str, str], tuple[Entry, ...]]:
    """Case by case; of two about the same (year and period), the later one."""
    by_id, collected = {case.id: case for case in cases}, {found.id: collected_by(found) for found in drawn}
    elements = {element for named in collected.values() for element in named}
    rows = session.scalars(
        select(Task)
        .where(Task.instance_id.in_(by_id), Task.element.in_(elements), Task.item.is_not(None))
        .options(defer(Task.answers))
        .order_by(Task.instance_id, Task.element)
    ).all()
    files, answers = _files(session, by_id), _answers(session, by_id, collected)
    place = {case.id: number for number, case in enumerate(cases)}
    found: dict[tuple[str, str], dict[str, Entry]] = {}
    for (case_id, element), group in groupby(sorted(rows, key=lambda row: (place[row.instance_id], row.element)), key=_visit):
        case, what = by_id[case_id], collected[by_id[case_id].definition_id].get(element)
        for line in instances.latest_rows(group) if what else ():
            task = line.task
            held = what.held_in(answers.get(task.id)) if what and task.state in CAME else None
            for name in what.kinds if what else ():
                if kind not in ("", name):
                    continue
                absent = held is not None and name not in held
                entry = Entry(line, case, () if absent else tuple(files.get(task.id, ())), absent)
                column = instances.year_of(case.business_key) if kind else name
                found.setdefault((task.item or "", column), {})[case.business_key] = entry
    return {where: tuple(entries.values()) for where, entries in found.items()}


def _visit(task: Task) -> tuple[int, str]:
    return task.instance_id, task.element


def _files(session: Session, cases: Collection[int]) -> dict[UUID | None, list[Attachment]]:
    found: dict[UUID | None, list[Attachment]] = {}
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.instance_id.in_(cases), Attachment.task_id.is_not(None))
        .order_by(Attachment.uploaded_at, Attachment.filename)
    )
    for row in rows:
        found.setdefault(row.task_id, []).append(row)
    return found


def _answers(
    session: Session, cases: Mapping[int, Instance], collected: Mapping[int, Mapping[str, Collected]]
) -> dict[UUID, Mapping[str, object]]:
    """Only of steps whose answers say which kinds a paper holds."""
    told = {element for named in collected.values() for element, what in named.items() if what.table}
    if not told:
        return {}
    query = select(Task.id, Task.answers).where(Task.instance_id.in_(cases), Task.element.in_(told), Task.state.in_(CAME))
    return {row.id: row.answers or {} for row in session.execute(query)}


def _units(session: Session, cases: Sequence[Instance], named: set[str]) -> list[UnitLine]:
    """The list of the newest case shown, then those that only older ones know; without a case, today's list."""
    ends = {unit.id: unit.valid_to for unit in session.scalars(select(OrgUnit))}
    if not cases:
        return [UnitLine(unit.id, unit.name, unit.valid_to) for unit in access.org_units_on(session, clock.today())]
    last = cases[-1].id
    rank = {case.id: number for number, case in enumerate(cases)}
    rows = session.scalars(select(CaseUnit).where(CaseUnit.instance_id.in_(rank))).all()
    known = {row.org_unit_id: row for row in sorted(rows, key=lambda row: rank[row.instance_id])}
    lines = sorted(known.values(), key=lambda row: (row.instance_id != last, row.place if row.instance_id == last else 0, row.name))
    return [
        UnitLine(row.org_unit_id, row.name, ends[row.org_unit_id]) for row in lines if row.instance_id == last or row.org_unit_id in named
    ]
