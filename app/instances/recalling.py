""" "Tarik kembali" and "Ganti berkas": until the next performer has opened it, whoever did a step may take it back. Nothing is deleted."""

import json
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import access, attachments, clock, definitions
from app.access import Actor
from app.audit import Fact, record
from app.db import keys_of
from app.engine import StateRejected, renew, seal, unseal, waiting_timers
from app.engine.state import Place
from app.errors import Conflict, EngineFault, Forbidden, InvalidAnswers, NotFound
from app.instances.advancing import answers_fact, close_task
from app.instances.collecting import reopened
from app.instances.finishing import required_reason, tell
from app.instances.loading import TaskView, load_task, lock_instance_of, may_see
from app.models import Attachment, Candidate, Draft, Event, InstanceState, Task, Timer

BEGUN = "Langkah berikutnya sudah dibuka atau dikerjakan, jadi kiriman ini tidak dapat ditarik kembali."


def may_recall(session: Session, actor: Actor, view: TaskView) -> bool:
    """For the button; the deed asks again under the lock."""
    if actor.id not in (view.task.completed_by, view.task.recorded_by) or view.instance.state != "running":
        return False
    if view.task.state == "submitted":
        return True
    state = session.get(InstanceState, view.instance.id)
    return view.task.state == "done" and state is not None and state.previous_task_id == view.task.id and not _begun(session, view)


def recall_task(session: Session, actor: Actor, task_id: UUID, reason: str) -> Task:
    """The step is open again for its performer, with what was answered as a draft; the tasks it had opened are cancelled. The new row.

    Raises NotFound, Forbidden, Conflict (the next performer has opened it or begun), InvalidAnswers, EngineFault.
    """
    instance, state = lock_instance_of(session, task_id)
    view = _own(session, actor, task_id)
    reason = required_reason(reason)
    if instance.state != "running":
        raise Conflict("Pelaksanaan ini tidak sedang berjalan.")
    undone: list[int] = []
    if view.task.state == "done":
        if state.previous_task_id != view.task.id or _begun(session, view):
            raise Conflict(BEGUN)
        undone = _undone(session, view)
        _restore(session, view, state)
    elif view.task.state != "submitted":
        raise Conflict(BEGUN)
    view.task.state, view.task.reason = "recalled", reason
    again = reopened(session, view.task)
    session.add(again)
    session.flush()
    session.add_all(Candidate(group_key=key, task_id=again.id) for key in access.keys_to_open(view.drawing, again.element, again.item))
    told = {"element": view.task.element, "task": str(view.task.id), "item": view.task.item, "round": view.task.round, "reason": reason}
    instance.revision += 1
    record(session, instance, actor.id, clock.now(), [Fact("recalled", {**told, "undone": undone})])
    return again


def replace_file(session: Session, actor: Actor, task_id: UUID, field: str, token: str) -> Task:
    """ "Ganti berkas" in the same window: the new file was uploaded with the token; the old version stays with the task.

    Raises NotFound, Forbidden, Conflict, InvalidAnswers({field: …}).
    """
    lock_instance_of(session, task_id)
    view = _own(session, actor, task_id)
    if not may_recall(session, actor, view):
        raise Conflict(BEGUN)
    form = definitions.form_of(session, view.definition, view.task.form_id)
    if field not in {one.key for one in form.file_fields}:
        raise InvalidAnswers({field: "Isian berkas ini tidak ada pada formulirnya."})
    files = attachments.drafts(session, actor, token).get(field, [])
    if not files:
        raise InvalidAnswers({field: "Berkas pengganti belum dipilih."})
    attachments.keep(session, actor, token, view.instance.id, view.task.id)
    view.task.answers = {**(view.task.answers or {}), field: files}
    tell(session, view, actor, answers_fact(view.task, "replaced", {"field": field, "item": view.task.item}))
    return view.task


def versions_of(session: Session, task: Task) -> list[Attachment]:
    """Every file of a step of the case (of one OPD's line), through all its rounds, the newest of each field first."""
    same_line = Task.item.is_(None) if task.item is None else Task.item == task.item
    rows = session.scalars(
        select(Attachment)
        .join(Task, Task.id == Attachment.task_id)
        .where(Task.instance_id == task.instance_id, Task.element == task.element, same_line, Task.opened_at <= task.opened_at)
        .order_by(Attachment.field, Attachment.uploaded_at.desc())
    )
    return list(rows)


def _own(session: Session, actor: Actor, task_id: UUID) -> TaskView:
    view = load_task(session, actor, task_id)
    if actor.id not in (view.task.completed_by, view.task.recorded_by):
        if may_see(actor, view):
            raise Forbidden("Hanya yang menyelesaikan langkah ini yang dapat menariknya kembali.")
        raise NotFound
    return view


def _opened_after(session: Session, view: TaskView) -> list[Task]:
    """What the step opened: nothing else can have been opened since it was the last one done."""
    opened = select(Task).where(
        Task.instance_id == view.instance.id,
        Task.state != "cancelled",
        Task.opened_at >= view.task.completed_at,
        Task.engine_task != view.task.engine_task,
    )
    return list(session.scalars(opened))


def _begun(session: Session, view: TaskView) -> bool:
    """Somebody took one of the tasks it opened, finished one, has a draft of one, or (somebody else than its performer) opened its page."""
    opened = _opened_after(session, view)
    if any(task.state != "open" or task.claimed_by is not None for task in opened):
        return True
    if any(task.seen_by not in (None, view.task.completed_by, view.task.recorded_by) for task in opened):
        return True
    drafted = select(Draft.subject).where(Draft.subject.in_([str(task.id) for task in opened]))
    return session.scalar(drafted.limit(1)) is not None


def _undone(session: Session, view: TaskView) -> list[int]:
    """Numbers of the events that the path no longer counts: the step's own and what followed from it."""
    events = session.scalars(select(Event).where(Event.instance_id == view.instance.id, Event.kind == "step").order_by(Event.seq.desc()))
    found: list[int] = []
    for event in events:
        found.append(event.seq)
        if json.loads(event.data).get("task") == str(view.task.id):
            break
    return sorted(found)


def _restore(session: Session, view: TaskView, state: InstanceState) -> None:
    """The engine as it was before the step; what the step had opened is cancelled."""
    keys, place = keys_of(session), Place(view.instance.id, view.definition.digest, state.previous_sequence or 0)
    try:
        payload = unseal(state.previous_blob or b"", place, keys)
    except StateRejected as error:
        raise EngineFault(str(error), view.task.element, view.instance.id) from error
    for task in _opened_after(session, view):
        close_task(session, task, "cancelled", clock.now())
    waiting = waiting_timers(view.definition, payload)
    for timer in session.scalars(select(Timer).where(Timer.instance_id == view.instance.id, Timer.state.in_(("waiting", "stopped")))):
        timer.state = "waiting" if timer.id in waiting else "stopped"
    state.sequence += 1
    state.blob = seal(renew(view.definition, payload), Place(view.instance.id, view.definition.digest, state.sequence), keys)
    state.previous_sequence = state.previous_blob = state.previous_task_id = None
