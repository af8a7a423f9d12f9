"""Who did what: on paper, in whose place, taken back."""

from collections.abc import Iterator
from itertools import groupby

from app.audit.deviations.finding import Deviation, Place, event_or_row, is_paper, seat_of, step_name
from app.audit.evidence import Evidence
from app.audit.told import REPAIRS, kind_words
from app.models import Task
from app.words import long_date, moment
from app.worktime import working_days_between

DECISION_WORDS = {"ya": "Disetujui", "tidak": "Dikembalikan"}


def without_decree(evidence: Evidence) -> Iterator[Deviation]:
    """Teams with a lane in the drawing whose decree was not in force when the case started."""
    start = evidence.drawing.start
    for told in evidence.undecreed:
        yield Deviation(f"Saat pelaksanaan dimulai: {told}", Place("rows", start.row if start else ""))


def on_paper(evidence: Evidence) -> Iterator[Deviation]:
    """Who decided, who recorded it, and when each."""
    for task in evidence.tasks:
        if not is_paper(task) or task.happened_on is None or task.completed_at is None:
            continue
        decided = f"{evidence.names.person(task.completed_by)}, {task.lane}" if task.completed_by else task.lane
        recorder = evidence.names.person(task.recorded_by)
        deed = DECISION_WORDS.get(_decision(evidence, task), "Diputuskan")
        text = (
            f"{deed} {decided} pada naskah fisik {long_date(task.happened_on)}, dicatat {recorder} {moment(task.completed_at)}: {task.name}"
        )
        yield Deviation(text, event_or_row(evidence, task, "step"))


def recorded_late(evidence: Evidence) -> Iterator[Deviation]:
    """More than a working day between the day of the deed and its recording."""
    for task in evidence.tasks:
        if task.recorded_by is None or task.happened_on is None or task.completed_at is None:
            continue
        days = working_days_between(task.happened_on, task.completed_at, evidence.calendar)
        if days > 1:
            who = evidence.names.unit(task.item) if task.item else task.lane
            recorded = f"dicatat {days} hari kerja kemudian, {moment(task.completed_at)}"
            text = f"{task.name} ({who}): terjadi {long_date(task.happened_on)}, {recorded}"
            yield Deviation(text, event_or_row(evidence, task, "step", "item", "late"))


def two_offices(evidence: Evidence) -> Iterator[Deviation]:
    """One person did steps that no single office may do."""
    for person, tasks in _by_person(evidence).items():
        offices = [set(evidence.drawing.groups_of(task.element)) for task in tasks]
        if not set.intersection(*offices):
            lanes = list(dict.fromkeys(task.lane for task in tasks))
            text = f"{evidence.names.person(person)} mengerjakan langkah {' dan '.join(lanes)}"
            yield Deviation(text, event_or_row(evidence, tasks[-1], "step"))


def acting(evidence: Evidence) -> Iterator[Deviation]:
    """Steps done by somebody who held the office for another (Plh., Plt.) on that day."""
    for person, tasks in _by_person(evidence).items():
        for lane, group in groupby(sorted(tasks, key=lambda task: task.lane), key=lambda task: task.lane):
            acted = [(task, seat.acting) for task in group if (seat := seat_of(evidence, task)) and seat.acting]
            if acted:
                task, acting = acted[0]
                steps = f"{len(acted)} langkah" if len(acted) > 1 else f"“{task.name}”"
                yield Deviation(
                    f"{evidence.names.person(person)} sebagai {acting} {lane}: {steps}", event_or_row(evidence, task, "step"), len(acted)
                )


def recalled(evidence: Evidence) -> Iterator[Deviation]:
    for event in evidence.events:
        if event.kind == "recalled":
            who, what = evidence.names.person(event.actor_id), step_name(evidence, event.element)
            text = f"{who} menarik kembali {what} {moment(event.at)}. Alasan: “{event.data.get('reason', '')}”"
            yield Deviation(text, Place("events", str(event.seq)))


def repaired(evidence: Evidence) -> Iterator[Deviation]:
    """What an admin did in the place of those whose case it is."""
    for event in evidence.events:
        if event.kind in REPAIRS or event.data.get("repair"):
            what = f": {step_name(evidence, event.element)}" if event.element else ""
            unit = f", {evidence.names.unit(event.data['item'])}" if event.data.get("item") else ""
            reason = f". Alasan: “{event.data['reason']}”" if event.data.get("reason") else ""
            text = f"{kind_words(event.kind)}{what}{unit}, oleh {evidence.names.person(event.actor_id)}, {moment(event.at)}{reason}"
            yield Deviation(text, Place("events", str(event.seq)))


def replaced(evidence: Evidence) -> Iterator[Deviation]:
    for event in evidence.events:
        if event.kind == "replaced":
            text = f"{evidence.names.person(event.actor_id)} mengganti berkas pada {step_name(evidence, event.element)} {moment(event.at)}"
            yield Deviation(text, Place("files", event.task_id))


def _by_person(evidence: Evidence) -> dict[int, list[Task]]:
    """Steps that somebody finished in person; the opening row is nobody's lane."""
    found: dict[int, list[Task]] = {}
    for task in evidence.tasks:
        element = evidence.element_of(task)
        own = task.completed_by is not None and task.recorded_by is None and task.state in ("done", "submitted", "returned")
        if own and task.completed_by is not None and element is not None and element.is_task:
            found.setdefault(task.completed_by, []).append(task)
    return found


def _decision(evidence: Evidence, task: Task) -> str:
    """What the way out of the gateway behind it says; the answers themselves may have been erased."""
    answers = task.answers or {}
    flows = [flow for out in evidence.drawing.outgoing(task.element) for flow in evidence.drawing.outgoing(out.target)]
    read = {name for flow in flows for name in answers if flow.condition and name in flow.condition}
    return next((str(answers[name]) for name in sorted(read)), "")
