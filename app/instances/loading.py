"""Loaders that cannot be used without authorising. Lock, then load: what was read before the lock is another worker's past."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session, contains_eager

from app import access, definitions, incidents, office_calendar
from app.access import Actor
from app.diagram import Drawing, Element
from app.errors import Conflict, Forbidden, NotFound
from app.models import Candidate, Definition, Instance, InstanceState, Task, User
from app.words import clock_time, long_date

STATE_WORDS = {
    "done": "sudah diselesaikan",
    "withdrawn": "sudah ditarik",
    "cancelled": "sudah tidak berlaku karena pelaksanaan berlanjut tanpanya",
}


@dataclass(frozen=True)
class TaskView:
    """A task with what its page needs. mine: the actor may complete it now."""

    task: Task
    instance: Instance
    definition: Definition
    drawing: Drawing
    element: Element
    mine: bool

    @property
    def is_line(self) -> bool:
        """One line of a fan-out; a step inside a repeated sub-process has an item too, but is a step of its own."""
        return self.task.item is not None and self.element.multi_instance


def lock_instance(session: Session, instance_id: int) -> tuple[Instance, InstanceState]:
    """Both rows locked: on PostgreSQL an unlocked one would still be read from before the wait. Raises NotFound."""
    row = session.execute(
        select(Instance, InstanceState)
        .join(InstanceState, InstanceState.instance_id == Instance.id)
        .where(Instance.id == instance_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def lock_instance_alone(session: Session, instance_id: int) -> Instance:
    """Without its state, which may be gone. Raises NotFound."""
    found = session.get(Instance, instance_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


# Built once: on the hot path, putting a statement together costs more than running it.
_LOCK_OF_TASK = (
    select(Instance, InstanceState, office_calendar.edition_beside())
    .join(InstanceState, InstanceState.instance_id == Instance.id)
    .where(Instance.id == select(Task.instance_id).where(Task.id == bindparam("task_id")).scalar_subquery())
    .with_for_update(of=[Instance, InstanceState])
    .execution_options(populate_existing=True)
)
_LOAD = (
    select(
        Task,
        Definition,
        exists().where(Candidate.task_id == Task.id, Candidate.group_key.in_(bindparam("keys", expanding=True))),
    )
    .join(Instance, Task.instance_id == Instance.id)
    .join(Definition, Instance.definition_id == Definition.id)
    .where(Task.id == bindparam("task_id"))
    .options(contains_eager(Task.instance))
    .execution_options(populate_existing=True)
)


def lock_instance_of(session: Session, task_id: UUID) -> tuple[Instance, InstanceState]:
    row = session.execute(_LOCK_OF_TASK, {"task_id": task_id}).one_or_none()
    if row is None:
        raise NotFound
    office_calendar.know_edition(session, row[2])
    return row[0], row[1]


def load_task(session: Session, actor: Actor, task_id: UUID) -> TaskView:
    """Task, definition and whether the actor is a candidate, in one statement. Raises NotFound. Authorises nothing yet."""
    row = session.execute(_LOAD, {"task_id": task_id, "keys": actor.candidate_keys()}).one_or_none()
    if row is None:
        raise NotFound
    task, definition, is_candidate = row
    drawing = definitions.spec_of(definition).drawing
    free = task.claimed_by in (None, actor.id)
    mine = task.state == "open" and is_candidate and free
    return TaskView(task, task.instance, definition, drawing, drawing.elements[task.element], mine)


def task_seen_by(session: Session, actor: Actor, task_id: UUID) -> TaskView:
    """For reading. Raises NotFound for absent and for a case the actor may not see, alike."""
    view = load_task(session, actor, task_id)
    if not may_see(actor, view):
        raise NotFound
    return view


def task_for(session: Session, actor: Actor, task_id: UUID) -> TaskView:
    """For completing, the instance being locked. Raises NotFound, Forbidden (naming the lane), Conflict (naming who was first)."""
    view = load_task(session, actor, task_id)
    require_mine(session, actor, view)
    return view


def require_mine(session: Session, actor: Actor, view: TaskView) -> None:
    """The actor may complete this task now, or NotFound, Forbidden, Conflict as of ``task_for``."""
    if view.mine:
        _refuse_if_stopped(session, view.instance)
        return
    if not may_see(actor, view):
        raise NotFound
    if view.task.state != "open":
        raise Conflict(_already(session, view))
    if set(_offices(view)) & set(actor.candidate_keys()):
        holder = session.get_one(User, view.task.claimed_by)
        raise Conflict(f"Tugas ini sedang dikerjakan oleh {holder.name}. Isian Anda tidak dikirim.")
    raise Forbidden(f"Tugas ini hanya untuk {view.task.lane}.")


def _offices(view: TaskView) -> tuple[str, ...]:
    return access.candidates_for(view.drawing, view.task.element, view.task.item)


def may_see(actor: Actor, view: TaskView) -> bool:
    """A closed task of one's own OPD or office stays readable; its candidate rows are gone, so the drawing is asked.

    Who records its decision from paper sees that task, and by it nothing else of the case.
    """
    own = set(_offices(view)) & set(actor.candidate_keys())
    return bool(own) or access.is_recorder(actor, view.element) or access.may_see_case(actor, view.drawing)


def _already(session: Session, view: TaskView) -> str:
    word = STATE_WORDS.get(view.task.state, "sudah tidak terbuka")
    if view.task.completed_by is None or view.task.completed_at is None:
        return f"Tugas ini {word}. Isian Anda tidak dikirim."
    person = session.get_one(User, view.task.completed_by)
    at = view.task.completed_at
    return f"Tugas ini {word} oleh {person.name} pada {long_date(at)} pukul {clock_time(at)}. Isian Anda tidak dikirim."


def stopped_words(session: Session, instance: Instance) -> str:
    """Why nobody can go on in this case now; "" where they can."""
    if instance.state == "suspended":
        return "Pelaksanaan ini sedang ditangguhkan oleh admin."
    if instance.state == "incident":
        return incidents.stopped_words(session, instance.id)
    return "" if instance.state == "running" else "Pelaksanaan ini tidak sedang berjalan."


def _refuse_if_stopped(session: Session, instance: Instance) -> None:
    if words := stopped_words(session, instance):
        raise Conflict(f"{words} Isian Anda tidak dikirim.")
