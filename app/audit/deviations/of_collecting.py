"""What was asked of the OPD and what came."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from app.audit.deviations.finding import Deviation, Place, event_or_row, is_late, last_lines, listed, step_name
from app.audit.evidence import Evidence
from app.audit.told import Told
from app.models import Task


def not_asked(evidence: Evidence) -> Iterator[Deviation]:
    """OPD on the list of the case that no round of a step for every OPD ever asked."""
    for element, tasks in _by_element(task for task in evidence.tasks if task.item):
        asked = {task.item for task in tasks}
        missing = [name for id, name in evidence.asked_of if id not in asked]
        if missing:
            text = (
                f"{len(missing)} dari {len(missing) + len(asked)} OPD tidak diminta pada {step_name(evidence, element)}: {listed(missing)}"
            )
            yield Deviation(text, Place("rows", tasks[0].row), len(missing))


def skipped(evidence: Evidence) -> Iterator[Deviation]:
    """OPD whose last word in a step is that nothing came, or that they were taken out."""
    words = {"closed": "tidak menyampaikan sampai penerimaan ditutup", "withdrawn": "ditarik"}
    skipped = [task for task in last_lines(evidence.tasks) if task.state in words]
    for (_element, state, reason), group in groupby(sorted(skipped, key=_why), key=_why):
        tasks = list(group)
        names = listed(evidence.names.unit(task.item) for task in tasks)
        seq = evidence.event_of(tasks[0], "withdrawn") if state == "withdrawn" else _closed_by(evidence, tasks[0])
        place = Place("events", str(seq)) if seq else Place("rows", tasks[0].row)
        yield Deviation(f"{len(tasks)} OPD {words[state]}: {names}. Alasan: “{reason or '-'}”", place, len(tasks))


def outside(evidence: Evidence) -> Iterator[Deviation]:
    """What OPD handed over outside the app, by channel."""
    taken = sorted((task for task in evidence.tasks if task.item and task.recorded_by), key=lambda task: task.channel)
    for channel, group in groupby(taken, key=lambda task: task.channel):
        tasks = list(group)
        names = listed(evidence.names.unit(task.item) for task in tasks)
        recorders = ", ".join(sorted({evidence.names.person(task.recorded_by) for task in tasks}))
        text = f"{len(tasks)} OPD lewat {channel or 'saluran lain'}, dicatat {recorders}: {names}"
        yield Deviation(text, event_or_row(evidence, tasks[0], "item", "late"), len(tasks))


def received_late(evidence: Evidence) -> Iterator[Deviation]:
    """What an OPD first sent after its deadline, or has not sent yet."""
    late = [task for task in evidence.tasks if is_late(evidence, task)]
    for (_element, waiting), group in groupby(sorted(late, key=lambda task: (task.element, task.state == "open")), key=_waits):
        tasks = list(group)
        names = listed(evidence.names.unit(task.item) for task in tasks)
        words = "belum menyampaikan walau batas waktu lewat" if waiting else "menyampaikan sesudah batas waktu"
        place = Place("rows", tasks[0].row) if waiting else event_or_row(evidence, tasks[0], "submitted", "item", "late")
        yield Deviation(f"{len(tasks)} OPD {words}: {names}", place, len(tasks))


def extended(evidence: Evidence) -> Iterator[Deviation]:
    moved = sorted((event for event in evidence.events if event.kind == "deadline"), key=_reason)
    for reason, group in groupby(moved, key=_reason):
        events = list(group)
        names = listed({evidence.names.unit(event.data.get("item")) for event in events})
        yield Deviation(f"Batas waktu diperpanjang: {names}. Alasan: “{reason}”", Place("events", str(events[-1].seq)), len(events))


def _by_element(tasks: Iterable[Task]) -> Iterator[tuple[str, list[Task]]]:
    for element, group in groupby(sorted(tasks, key=lambda task: task.element), key=lambda task: task.element):
        yield element, list(group)


def _closed_by(evidence: Evidence, task: Task) -> int | None:
    closed = [event for event in evidence.events if event.kind == "closed" and task.item in event.data.get("items", ())]
    return next((event.seq for event in reversed(closed) if event.element == task.element), None)


def _why(task: Task) -> tuple[str, str, str]:
    return task.element, task.state, task.reason


def _waits(task: Task) -> tuple[str, bool]:
    return task.element, task.state == "open"


def _reason(event: Told) -> str:
    return str(event.data.get("reason", ""))
