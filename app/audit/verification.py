"""Can anybody have altered it? The chain, the answers it vouches for, their files, the version it runs, and the rows that must agree
with the engine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.chain import answers_digest, seal_holds
from app.audit.state_check import state_problems
from app.audit.told import Told, kind_words, read_events
from app.checking.bundle import digest_of
from app.db import keys_of
from app.models import Attachment, Definition, DefinitionForm, Event, Instance, Task
from app.storage import Storage
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


def verify_instance(session: Session, instance: Instance, storage: Storage | None = None) -> Verdict:
    """storage: to read the bytes of its files again too."""
    events = session.scalars(select(Event).where(Event.instance_id == instance.id).order_by(Event.seq)).all()
    tasks = session.scalars(select(Task).where(Task.instance_id == instance.id)).all()
    told = read_events(events)
    problems = [
        *_chain(session, instance, events),
        *_answers(tasks, told),
        *_files(session, instance, tasks, storage),
        *_version(session, instance, told),
        *_engine(session, instance),
    ]
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


def _answers(rows: Sequence[Task], events: Sequence[Told]) -> Iterator[_Problem]:
    """The newest event that vouches for a task's answers (a replaced file makes a newer one) must still be right."""
    tasks = {str(task.id): task for task in rows}
    vouched: dict[str, tuple[int, str, str]] = {}
    for event in events:
        if "answers" in event.data:
            vouched[event.task_id] = (event.seq, event.element, event.data["answers"])
    for id, (seq, element, digest) in vouched.items():
        task = tasks.get(id)
        if task is None or answers_digest(task.answers or {}, task.answers_salt or b"") != digest:
            yield _Problem(f"Isian pada peristiwa ke-{seq} ({task.name if task else element}) telah berubah.", seq)
    for id, task in tasks.items():
        if task.state in ANSWERED and id not in vouched:
            yield _Problem(f"Tugas “{task.name}” tercatat selesai tanpa peristiwa.")


def _files(session: Session, instance: Instance, tasks: Sequence[Task], storage: Storage | None) -> Iterator[_Problem]:
    """The answers name each file with its digest, and the trail vouches for them: row and bytes must still be that file's."""
    rows = {str(row.id): row for row in session.scalars(select(Attachment).where(Attachment.instance_id == instance.id))}
    for task in tasks:
        for named in _named_files(task):
            row = rows.get(str(named["id"]))
            if row is None or row.task_id != task.id:
                yield _Problem(f"Berkas “{named.get('nama', '')}” pada “{task.name}” tidak ada lagi dalam daftar.")
            elif row.digest != named["sha256"]:
                yield _Problem(f"Berkas “{row.filename}” pada “{task.name}” bukan lagi berkas yang dikirim.")
    if storage is None:
        return
    for row in rows.values():
        if (found := storage.digest_of(row.storage_key)) != row.digest:
            yield _Problem(f"Isi berkas “{row.filename}” {'hilang' if found is None else 'telah berubah'}.")


def _named_files(task: Task) -> Iterator[Mapping[str, Any]]:
    for value in (task.answers or {}).values():
        yield from (one for one in value if isinstance(one, dict) and {"id", "sha256"} <= one.keys()) if isinstance(value, list) else ()


def _version(session: Session, instance: Instance, events: Sequence[Told]) -> Iterator[_Problem]:
    """The drawing and forms it began with are the ones that are kept, to the byte."""
    definition = session.get_one(Definition, instance.definition_id)
    forms = session.scalars(select(DefinitionForm).where(DefinitionForm.definition_id == definition.id))
    kept = digest_of(definition.bpmn, definition.composed, {form.form_id: form.content for form in forms})
    began = next((str(event.data.get("definition", "")) for event in events if event.kind == "started"), "")
    if not began == definition.digest == kept:
        yield _Problem(f"Diagram atau formulir {definition.name} versi {definition.version} telah berubah sejak dipasang.")


def _engine(session: Session, instance: Instance) -> Iterator[_Problem]:
    yield from (_Problem(sentence) for sentence in state_problems(session, instance))
