"""Register Dokumen OPD: which OPD has sent which kind of document, by year. "Pencatatan dan Pendataan" of the SOPs.

A kind is what a fan-out of a drawing calls itself (property ``register``, "LAKIP" say); the year is the second part of the business key
of a case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import groupby

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app import access, clock, definitions, instances
from app.access import Actor
from app.diagram import Drawing
from app.errors import NotFound
from app.instances import Gathered
from app.models import Attachment, Definition, Instance, OrgUnit, Task
from app.words import long_date

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Cell:
    """One document of one OPD. on: the day it was accepted, or came outside the app; None while it is not here."""

    gathered: Gathered
    instance: Instance
    files: tuple[Attachment, ...]

    @property
    def state(self) -> str:
        return self.gathered.state

    @property
    def on(self) -> date | None:
        task = self.gathered.task
        if task.happened_on is not None:
            return task.happened_on
        came = self.state in ("dikirim", "diterima") and task.completed_at is not None
        return task.completed_at.astimezone(clock.WIB).date() if came and task.completed_at else None


@dataclass(frozen=True)
class Register:
    """columns: kinds of one year, or (kind being chosen) years. cells: {(OPD id, column): cell}; without one, nobody was asked.

    years, kinds: what there is to choose from; year, kind: what is chosen, one of them "".
    """

    columns: Sequence[str]
    units: Sequence[OrgUnit]
    cells: Mapping[tuple[str, str], Cell]
    years: Sequence[str]
    kinds: Sequence[str]
    year: str
    kind: str

    def totals(self, column: str) -> tuple[int, int]:
        """(accepted, asked) of a column."""
        found = [cell.state for (_unit, where), cell in self.cells.items() if where == column and cell.state not in ("ditarik", "batal")]
        return found.count("diterima"), len(found)


def register(session: Session, actor: Actor, year: str = "", kind: str = "") -> Register:
    """kind: that one over the years; else all kinds of a year, the latest without a choice.

    Raises NotFound for those who see no case of an SOP with a register.
    """
    drawn = [found for found in session.scalars(select(Definition).order_by(Definition.code, Definition.version)) if _sees(actor, found)]
    kinds = list(dict.fromkeys(name for found in drawn for name in _kinds_of(found).values()))
    if not kinds and not actor.sees_every_case:
        raise NotFound
    cases = _cases(session, drawn)
    years = sorted({instances.year_of(case.business_key) for case in cases} - {""}, reverse=True)
    kind = kind if kind in kinds else ""
    year = "" if kind else year if year in years else next(iter(years), str(clock.today().year - 1))
    shown = [case for case in cases if kind or instances.year_of(case.business_key) == year]
    cells = {
        (unit, instances.year_of(cell.instance.business_key) if kind else name): cell
        for unit, name, cell in _cells(session, drawn, shown)
        if kind in ("", name)
    }
    columns = years if kind else kinds
    return Register(columns, _units(session, {unit for unit, _column in cells}), cells, years, kinds, year, kind)


def as_workbook(found: Register, words: Mapping[str, str]) -> bytes:
    """The same table as xlsx. words: {state: how it is called}. A text that a spreadsheet would take for a formula is defused."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 - a new workbook has one
    sheet.title = "Register"
    sheet.append([defused(f"Register Dokumen OPD {found.kind or found.year}")])
    sheet.append([f"Keadaan {long_date(clock.today())}"])
    sheet.append([])
    sheet.append(["No.", "OPD", *(defused(f"{column}{tail}") for column in found.columns for tail in ("", ": tanggal", ": berkas"))])
    for number, unit in enumerate(found.units, start=1):
        row: list[object] = [number, defused(unit.name)]
        for column in found.columns:
            cell = found.cells.get((unit.id, column))
            row += (
                [words.get(cell.state, ""), cell.on, defused(", ".join(file.filename for file in cell.files))] if cell else ["", None, ""]
            )
        sheet.append(row)
    totals = [found.totals(column) for column in found.columns]
    sheet.append(["", "Diterima", *(text for got, asked in totals for text in (f"{got} dari {asked}", "", ""))])
    for box in (sheet["A1"], *sheet[4], *sheet[sheet.max_row]):
        box.font = Font(bold=True)
    for boxes in sheet.iter_rows(min_row=5, min_col=2):
        boxes[0].alignment = Alignment(wrap_text=True, vertical="top")
        for box in boxes[1:]:
            if isinstance(box.value, date):
                box.number_format = "DD/MM/YYYY"
    for number in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(number)].width = {1: 6, 2: 48}.get(number, 20)
    sheet.freeze_panes = "C5"
    sheet.print_title_rows = "4:4"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    output = BytesIO()
    book.save(output)
    return output.getvalue()


def defused(text: str) -> str:
    """A text for a cell: what begins like a formula gets the apostrophe that makes a spreadsheet read it as text."""
    clean = "".join(letter for letter in text if letter.isprintable())
    return f"'{clean}" if text.startswith(FORMULA) or clean.startswith(FORMULA) else clean


def _sees(actor: Actor, definition: Definition) -> bool:
    return bool(_kinds_of(definition)) and access.may_see_case(actor, _drawing(definition))


def _kinds_of(definition: Definition) -> dict[str, str]:
    """{element: kind} of its fan-outs."""
    found = {task.id: task.properties.get("register", "").strip() for task in _drawing(definition).tasks() if task.multi_instance}
    return {element: kind for element, kind in found.items() if kind}


def _cases(session: Session, drawn: Iterable[Definition]) -> Sequence[Instance]:
    """Not the cancelled ones; the older first, so that a later case of the same year takes its place."""
    ids = [found.id for found in drawn]
    query = select(Instance).where(Instance.definition_id.in_(ids), Instance.state != "cancelled")
    return session.scalars(query.order_by(Instance.started_at, Instance.id)).all()


def _cells(session: Session, drawn: Iterable[Definition], cases: Sequence[Instance]) -> list[tuple[str, str, Cell]]:
    """(OPD id, kind, cell), case by case."""
    by_id, kinds = {case.id: case for case in cases}, {found.id: _kinds_of(found) for found in drawn}
    elements = {element for named in kinds.values() for element in named}
    rows = session.scalars(
        select(Task)
        .where(Task.instance_id.in_(by_id), Task.element.in_(elements), Task.item.is_not(None))
        .options(defer(Task.answers))
        .order_by(Task.instance_id, Task.element)
    ).all()
    files = _files(session, by_id)
    place = {case.id: number for number, case in enumerate(cases)}
    found: list[tuple[str, str, Cell]] = []
    for (case_id, element), group in groupby(sorted(rows, key=lambda row: (place[row.instance_id], row.element)), key=_visit):
        kind = kinds[by_id[case_id].definition_id].get(element, "")
        lines = instances.latest_rows(group) if kind else []
        found += [(line.task.item or "", kind, Cell(line, by_id[case_id], tuple(files.get(line.task.id, ())))) for line in lines]
    return found


def _visit(task: Task) -> tuple[int, str]:
    return task.instance_id, task.element


def _files(session: Session, cases: Iterable[int]) -> dict[object, list[Attachment]]:
    found: dict[object, list[Attachment]] = {}
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.instance_id.in_(cases), Attachment.task_id.is_not(None))
        .order_by(Attachment.uploaded_at, Attachment.filename)
    )
    for row in rows:
        found.setdefault(row.task_id, []).append(row)
    return found


def _units(session: Session, named: set[str]) -> list[OrgUnit]:
    """Today's OPD, then those of old that sent something."""
    today = access.org_units_on(session, clock.today())
    gone = named - {unit.id for unit in today}
    return [*today, *session.scalars(select(OrgUnit).where(OrgUnit.id.in_(gone)).order_by(OrgUnit.name))]


def _drawing(definition: Definition) -> Drawing:
    return definitions.spec_of(definition).drawing
