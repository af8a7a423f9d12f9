"""Rekap waktu: norm against actual of every row of one case, leaders' rows too, for the head of the office that works by this SOP."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import access, definitions, instances
from app.access import Actor
from app.audit.evidence import load_evidence
from app.audit.timing import Pass, passes_of
from app.diagram import Drawing, Norm
from app.errors import Forbidden
from app.models import Definition, Instance


@dataclass(frozen=True)
class RecapRow:
    """One row of the sheet that has been worked on, pass by pass. lanes: who did."""

    row: str
    uraian: str
    lanes: Sequence[str]
    norm: Norm
    passes: Sequence[Pass]


@dataclass(frozen=True)
class RecapPage:
    instance: Instance
    definition: Definition
    rows: Sequence[RecapRow]


def may_recap(session: Session, actor: Actor, definition: Definition) -> bool:
    """The head of the office, and who inspects anyway."""
    if access.may_inspect(actor):
        return True
    drawing = definitions.spec_of(definition).drawing
    return instances.head_of_office(session, definition, instances.signers_of(session, drawing)) in actor.groups


def recap_page(session: Session, actor: Actor, instance_id: int) -> RecapPage:
    """Raises NotFound, Forbidden."""
    instance, definition = instances.instance_for(session, actor, instance_id)
    if not may_recap(session, actor, definition):
        raise Forbidden("Rekap waktu ini untuk kepala bagian yang menjalankan SOP ini.")
    evidence = load_evidence(session, instance, definition)
    passes = passes_of(evidence)
    return RecapPage(instance, definition, [_row(evidence.drawing, row, passes) for row in dict.fromkeys(one.row for one in passes)])


def _row(drawing: Drawing, row: str, passes: Sequence[Pass]) -> RecapRow:
    own = [one for one in passes if one.row == row]
    tasks = [task for task in drawing.tasks() if task.row == row]
    lanes = list(dict.fromkeys(task.lane for one in own for task in one.tasks))
    return RecapRow(row, next((task.uraian for task in tasks if task.uraian), tasks[0].name), lanes, own[0].norm, own)
