"""Ringkasan Pemeriksaan: one sheet with the facts of a case and its deviations, each with where to see it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from app import worktime
from app.access import Actor
from app.audit.deviations import Found, Place, find_deviations, last_lines
from app.audit.evidence import Evidence, load_evidence
from app.audit.inspecting import case_to_inspect_for
from app.audit.timing import passes_of, total_of
from app.clock import WIB
from app.diagram import Norm, NormTotal, norm_total
from app.models import Definition, Instance
from app.web.inspection.timeline_page import EVENTS_A_PAGE


@dataclass(frozen=True)
class Collected:
    """One step for every OPD. asked: those it counts on; received, missing, withdrawn, waiting: of them (withdrawn: besides)."""

    name: str
    row: str
    asked: int
    received: int
    missing: int
    withdrawn: int
    waiting: int


@dataclass(frozen=True)
class SummaryPage:
    """norm: the sum of the SOP; used: what its rows took, all passes; days: working days from start to end, or until now.

    seen_at: the moment all this was read. cancelled: why, "" unless it was.
    """

    instance: Instance
    definition: Definition
    seen_at: datetime
    identity: str
    started_by: str
    collected: Sequence[Collected]
    norm: NormTotal
    used: Norm
    days: int
    found: Sequence[Found]
    warnings: Sequence[str]
    cancelled: str


def summary_page(session: Session, actor: Actor, instance_id: int) -> SummaryPage:
    """Raises Forbidden, NotFound."""
    instance, definition = case_to_inspect_for(session, actor, instance_id)
    evidence = load_evidence(session, instance, definition)
    end = instance.finished_at or evidence.now
    return SummaryPage(
        instance=instance,
        definition=definition,
        seen_at=evidence.now,
        identity=evidence.drawing.identity.get("nomor", ""),
        started_by=evidence.names.person(instance.started_by),
        collected=list(_collected(evidence)),
        norm=norm_total(evidence.drawing),
        used=total_of(passes_of(evidence)),
        days=worktime.working_days_between(instance.started_at, end, evidence.calendar),
        found=find_deviations(evidence),
        warnings=worktime.warnings(instance.started_at.astimezone(WIB).date(), end.astimezone(WIB).date(), evidence.calendar),
        cancelled=next((str(event.data.get("reason", "")) for event in evidence.events if event.kind == "cancelled"), ""),
    )


def place_of(place: Place) -> tuple[str, dict[str, object]]:
    """(endpoint, values of its address) of where a deviation can be seen."""
    if place.tab == "events":
        page = (int(place.key) - 1) // EVENTS_A_PAGE + 1
        return "inspection.timeline", {"hal": page if page > 1 else None, "_anchor": f"p-{place.key}"}
    if place.tab == "files":
        return "inspection.files", {"_anchor": f"langkah-{place.key}"}
    return "inspection.rows", {"_anchor": f"baris-{place.key}" if place.key else None}


def _collected(evidence: Evidence) -> Iterator[Collected]:
    lines = sorted(last_lines(evidence.tasks), key=lambda task: task.element)
    for element, group in groupby(lines, key=lambda task: task.element):
        counts = Counter(task.state for task in group)
        drawn = evidence.drawing.elements[element]
        yield Collected(
            name=drawn.name,
            row=drawn.row,
            asked=sum(counts[state] for state in ("open", "submitted", "done", "closed")),
            received=counts["done"],
            missing=counts["closed"],
            withdrawn=counts["withdrawn"],
            waiting=counts["open"] + counts["submitted"],
        )
