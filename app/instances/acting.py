"""What people (and due timers) do to a running case."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, engine
from app.access import Actor
from app.audit import Fact
from app.instances.advancing import apply_advance, load_state
from app.instances.finishing import answer_form, finish_task, is_same_press, naming, note_deed
from app.instances.loading import load_task, lock_instance, lock_instance_of, require_mine, task_for
from app.models import Definition, Task, Timer


def complete_task(session: Session, actor: Actor, task_id: UUID, submitted: Mapping[str, Sequence[str]], token: str) -> Task:
    """Validate, advance, persist and record one user task.

    submitted: {field: [raw text]} as posted. Stored answers: {field: JSON value}; dates ISO 8601.
    Raises NotFound, Forbidden, Conflict, InvalidAnswers, EngineFault; on any of them nothing is stored.
    The same token twice gives the same task again. Source: flows from the definition's drawing, rules of fields from the task's form.
    """
    _instance, state = lock_instance_of(session, task_id)
    view = load_task(session, actor, task_id)
    if is_same_press(view.task, actor, token):
        return view.task
    require_mine(session, actor, view)
    form, answers = answer_form(session, actor, view, submitted, token)
    view.task.completed_by = actor.id
    finish_task(session, view, state, actor, form, answers)
    return view.task


def claim_task(session: Session, actor: Actor, task_id: UUID) -> Task:
    """ "Ambil tugas": colleagues see who works on it. Raises NotFound, Forbidden, Conflict."""
    lock_instance_of(session, task_id)
    view = task_for(session, actor, task_id)
    if view.task.claimed_by is None:
        view.task.claimed_by, view.task.claimed_at = actor.id, clock.now()
        note_deed(session, view, actor, "claimed")
    return view.task


def release_task(session: Session, actor: Actor, task_id: UUID) -> Task:
    """ "Kembalikan ke antrean". Raises NotFound, Forbidden, Conflict."""
    lock_instance_of(session, task_id)
    view = task_for(session, actor, task_id)
    if view.task.claimed_by is not None:
        view.task.claimed_by = view.task.claimed_at = None
        note_deed(session, view, actor, "released")
    return view.task


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
    with naming(instance):
        advance = engine.fire(definition, load_state(session, instance, definition, state), timer_id)
    timer.state = "fired"
    fact = Fact("timer", {"element": timer.element, "due": timer.due_at.isoformat()})
    apply_advance(session, instance, definition, state, advance, actor_id=None, at=clock.now(), facts=[fact])
    return True
