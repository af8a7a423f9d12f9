"""What people (and due timers) do to a running case."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import attachments, clock, definitions, engine, forms
from app.access import Actor
from app.audit import Fact, record
from app.db import settings_of
from app.engine import Advance
from app.errors import Conflict, EngineFault, Forbidden, InvalidAnswers, InvalidInput, NotFound
from app.instances.advancing import answers_fact, apply_advance, close_task, deadline, load_state
from app.instances.choosing import choices_for
from app.instances.loading import TaskView, load_task, lock_instance, lock_instance_of, may_see, require_mine, task_for
from app.models import Definition, Instance, InstanceState, Task, Timer


def complete_task(session: Session, actor: Actor, task_id: UUID, submitted: Mapping[str, Sequence[str]], token: str) -> Task:
    """Validate, advance, persist and record one user task.

    submitted: {field: [raw text]} as posted. Stored answers: {field: JSON value}; dates ISO 8601.
    Raises NotFound, Forbidden, Conflict, InvalidAnswers, EngineFault; on any of them nothing is stored.
    The same token twice gives the same task again. Source: flows from the definition's drawing, rules of fields from the task's form.
    """
    instance, state = lock_instance_of(session, task_id)
    view = load_task(session, actor, task_id)
    if view.task.state == "done" and view.task.token == token and view.task.completed_by == actor.id:
        return view.task
    require_mine(session, actor, view)
    form = definitions.form_of(session, view.definition, view.task.form_id)
    files = attachments.drafts(session, actor, token) if form.file_fields else {}
    answers = forms.parse(form, submitted, files, choices_for(session, form))
    _finish_row(session, view.task, actor, token, answers)
    if files:
        attachments.keep(session, actor, token, instance.id, view.task.id)
    if view.task.item is None:
        variables = forms.variables(form, answers, definitions.spec_of(view.definition).reads)
        _advance(session, view, state, actor, variables)
    else:
        _finish_item(session, view, state, actor, "item")
    return view.task


def withdraw_item(session: Session, actor: Actor, task_id: UUID, reason: str) -> Task:
    """Take one OPD out of a fan-out, with a reason; the step is completed when it was the last one open.

    By the office that may start the SOP. Raises NotFound, Forbidden, Conflict, InvalidAnswers.
    """
    view, state, reason = _managed_item(session, actor, task_id, reason)
    close_task(session, view.task, "withdrawn", clock.now())
    view.task.completed_by, view.task.reason = actor.id, reason
    _finish_item(session, view, state, actor, "withdrawn", {"reason": reason})
    return view.task


def extend_deadline(session: Session, actor: Actor, task_id: UUID, until: date, reason: str) -> Task:
    """Move the deadline of one OPD's task, with a reason. Raises NotFound, Forbidden, Conflict, InvalidAnswers."""
    view, _state, reason = _managed_item(session, actor, task_id, reason)
    due = deadline(until.isoformat(), settings_of(session).closing_time)
    if due <= clock.now():
        raise InvalidAnswers({"batas_waktu": "Batas waktu baru harus sesudah saat ini."})
    before, view.task.due_at = view.task.due_at, due
    view.instance.revision += 1
    facts = {
        "element": view.task.element, "task": str(view.task.id), "item": view.task.item, "reason": reason,
        "from": None if before is None else before.isoformat(), "to": due.isoformat(),
    }  # fmt: skip
    record(session, view.instance, actor.id, clock.now(), [Fact("deadline", facts)])
    return view.task


def claim_task(session: Session, actor: Actor, task_id: UUID) -> Task:
    """ "Ambil tugas": colleagues see who works on it. Raises NotFound, Forbidden, Conflict."""
    lock_instance_of(session, task_id)
    view = task_for(session, actor, task_id)
    if view.task.claimed_by is None:
        view.task.claimed_by, view.task.claimed_at = actor.id, clock.now()
        _note(session, view, actor, "claimed")
    return view.task


def release_task(session: Session, actor: Actor, task_id: UUID) -> Task:
    """ "Kembalikan ke antrean". Raises NotFound, Forbidden, Conflict."""
    lock_instance_of(session, task_id)
    view = task_for(session, actor, task_id)
    if view.task.claimed_by is not None:
        view.task.claimed_by = view.task.claimed_at = None
        _note(session, view, actor, "released")
    return view.task


def cancel_instance(session: Session, actor: Actor, instance_id: int, reason: str) -> Instance:
    """End a case without finishing it. By an admin, with a reason. Raises NotFound, Forbidden, Conflict, InvalidAnswers."""
    if not actor.is_admin:
        raise Forbidden("Pelaksanaan dibatalkan oleh admin.")
    instance, _state = lock_instance(session, instance_id)
    if instance.state in ("finished", "cancelled"):
        raise Conflict("Pelaksanaan ini sudah berakhir.")
    reason, now = _required_reason(reason), clock.now()
    for task in session.scalars(select(Task).where(Task.instance_id == instance.id, Task.state == "open")):
        close_task(session, task, "cancelled", now)
    for timer in session.scalars(select(Timer).where(Timer.instance_id == instance.id, Timer.state == "waiting")):
        timer.state = "stopped"
    instance.state, instance.finished_at = "cancelled", now
    instance.revision += 1
    record(session, instance, actor.id, now, [Fact("cancelled", {"reason": reason})])
    return instance


def fire_timer(session: Session, timer_id: UUID) -> bool:
    """Let a due timer happen. False when it is not due, or no longer waits: somebody else was first."""
    instance_id = session.scalar(select(Timer.instance_id).where(Timer.id == timer_id))
    if instance_id is None:
        return False
    instance, state = lock_instance(session, instance_id)
    timer = session.get_one(Timer, timer_id, populate_existing=True)
    if timer.state != "waiting" or timer.due_at > clock.now() or instance.state != "running":
        return False
    definition = session.get_one(Definition, instance.definition_id)
    with _naming(instance):
        advance = engine.fire(definition, load_state(session, instance, definition, state), timer_id)
    timer.state = "fired"
    fact = Fact("timer", {"element": timer.element, "due": timer.due_at.isoformat()})
    apply_advance(session, instance, definition, state, advance, actor_id=None, at=clock.now(), facts=[fact])
    return True


def _finish_row(session: Session, task: Task, actor: Actor, token: str, answers: Mapping[str, object]) -> None:
    task.answers, task.token, task.completed_by = dict(answers), token, actor.id
    close_task(session, task, "done", clock.now())


def _advance(session: Session, view: TaskView, state: InstanceState, actor: Actor, variables: Mapping[str, object]) -> None:
    fact = answers_fact(view.task, "step", {"engine_task": str(view.task.engine_task)})
    advance = _completed(session, view, state, variables)
    _apply(session, view, state, actor, advance, [fact])


def _finish_item(
    session: Session, view: TaskView, state: InstanceState, actor: Actor, kind: str, data: Mapping[str, object] = MappingProxyType({})
) -> None:
    """One line of a fan-out is done or withdrawn; the engine hears of it once, when it was the last."""
    session.flush()
    item = {"item": view.task.item, **data}
    fact = (
        answers_fact(view.task, kind, item)
        if kind == "item"
        else Fact(kind, {"element": view.task.element, "task": str(view.task.id), "round": view.task.round, **item})
    )
    still_open = session.scalar(select(Task.id).where(Task.engine_task == view.task.engine_task, Task.state == "open").limit(1))
    if still_open is not None:
        view.instance.revision += 1
        record(session, view.instance, actor.id, clock.now(), [fact])
        return
    advance = _completed(session, view, state, {})
    _apply(session, view, state, actor, advance, [fact])


def _completed(session: Session, view: TaskView, state: InstanceState, variables: Mapping[str, object]) -> Advance:
    with _naming(view.instance):
        payload = load_state(session, view.instance, view.definition, state)
        return engine.complete(view.definition, payload, view.task.engine_task, variables)


@contextmanager
def _naming(instance: Instance) -> Iterator[None]:
    """The engine does not know whose state it held: the incident must."""
    try:
        yield
    except EngineFault as error:
        error.instance_id = instance.id
        raise


def _apply(session: Session, view: TaskView, state: InstanceState, actor: Actor, advance: Advance, facts: list[Fact]) -> None:
    apply_advance(
        session, view.instance, view.definition, state, advance,
        actor_id=actor.id, at=clock.now(), facts=facts, closing=frozenset({view.task.engine_task}), from_lane=view.task.lane,
    )  # fmt: skip


def _managed_item(session: Session, actor: Actor, task_id: UUID, reason: str) -> tuple[TaskView, InstanceState, str]:
    """An open line of a fan-out, for the office that collects: those who may start the SOP."""
    _instance, state = lock_instance_of(session, task_id)
    view = load_task(session, actor, task_id)
    if not set(view.drawing.starter_groups) & set(actor.groups):
        if may_see(actor, view):
            raise Forbidden("Hanya pengumpul (Tata Usaha) yang dapat mengubah penerimaan OPD.")
        raise NotFound
    if view.task.item is None:
        raise InvalidInput("Langkah ini bukan pengumpulan per OPD.")
    if view.task.state != "open" or view.instance.state != "running":
        raise Conflict("OPD ini sudah menyampaikan, atau sudah ditarik.")
    return view, state, _required_reason(reason)


def _required_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise InvalidAnswers({"alasan": "Alasan belum diisi."})
    if len(reason) > 1000:
        raise InvalidAnswers({"alasan": "Alasan paling panjang 1000 huruf."})
    return reason


def _note(session: Session, view: TaskView, actor: Actor, kind: str) -> None:
    view.instance.revision += 1
    now: datetime = clock.now()
    record(session, view.instance, actor.id, now, [Fact(kind, {"element": view.task.element, "task": str(view.task.id)})])
