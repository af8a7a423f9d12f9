"""Can anybody have altered it? The chain, the answers it vouches for, and the rows that must agree with the engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.chain import answers_digest, seal_holds
from app.audit.state_check import state_problems
from app.audit.told import kind_words, read_events
from app.db import keys_of
from app.models import Event, Instance, Task
from app.words import moment

ANSWERED = ("done", "submitted", "returned", "recalled")


@dataclass(frozen=True)
class Verdict:
    """problems: sentences, the first broken event first; () when everything holds. events: how many were verified.

    broken: number of the first event that is missing, altered or no longer borne out by the answers; None where no event is to blame.
    broken_at: its moment as it now stands, which may be what was altered.
    """

    instance_id: int
    events: int
    problems: tuple[str, ...]
    broken: int | None = None
    broken_at: datetime | None = None


@dataclass(frozen=True)
class _Problem:
    """seq: of the event it is about."""

    sentence: str
    seq: int | None = None


def verify_instance(session: Session, instance: Instance) -> Verdict:
    events = session.scalars(select(Event).where(Event.instance_id == instance.id).order_by(Event.seq)).all()
    problems = [*_chain(session, instance, events), *_answers(session, instance, events), *_engine(session, instance)]
    broken = next((problem.seq for problem in problems if problem.seq is not None), None)
    at = next((event.at for event in events if event.seq == broken), None)
    return Verdict(instance.id, len(events), tuple(problem.sentence for problem in problems), broken, at)


def _chain(session: Session, instance: Instance, events: Sequence[Event]) -> Iterator[_Problem]:
    keys, previous = keys_of(session), b""
    for expected, event in enumerate(events, start=1):
        if event.seq != expected:
            yield _Problem(f"Peristiwa ke-{expected} hilang.", expected)
            return
        if event.key_id not in keys.secrets:
            yield _Problem(f"Peristiwa ke-{event.seq} disegel dengan kunci {event.key_id}, yang tidak lagi terdaftar.", event.seq)
            return
        if not seal_holds(event, previous, keys):
            yield _Problem(
                f"Peristiwa ke-{event.seq} ({kind_words(event.kind)}, {moment(event.at)}) tidak cocok dengan segelnya.", event.seq
            )
            return
        previous = event.mac
    if len(events) < instance.event_seq:
        count, head = len(events), instance.event_seq
        yield _Problem(f"Rantai peristiwa berakhir pada ke-{count}, seharusnya ke-{head}: ke-{count + 1} dan sesudahnya hilang.", count + 1)
    elif (len(events), previous) != (instance.event_seq, instance.event_mac):
        yield _Problem(f"Rantai peristiwa berakhir pada ke-{len(events)}, tetapi ujung yang dicatat pelaksanaan ini lain.", len(events))


def _answers(session: Session, instance: Instance, events: Sequence[Event]) -> Iterator[_Problem]:
    """The newest event that vouches for a task's answers (a replaced file makes a newer one) must still be right."""
    tasks = {str(task.id): task for task in session.scalars(select(Task).where(Task.instance_id == instance.id))}
    vouched: dict[str, tuple[int, str, str]] = {}
    for event in read_events(events):
        if "answers" in event.data:
            vouched[event.task_id] = (event.seq, event.element, event.data["answers"])
    for id, (seq, element, digest) in vouched.items():
        task = tasks.get(id)
        if task is None or answers_digest(task.answers or {}, task.answers_salt or b"") != digest:
            yield _Problem(f"Isian pada peristiwa ke-{seq} ({task.name if task else element}) telah berubah.", seq)
    for id, task in tasks.items():
        if task.state in ANSWERED and id not in vouched:
            yield _Problem(f"Tugas “{task.name}” tercatat selesai tanpa peristiwa.")


def _engine(session: Session, instance: Instance) -> Iterator[_Problem]:
    yield from (_Problem(sentence) for sentence in state_problems(session, instance))
