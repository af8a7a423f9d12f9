"""What an admin may do to a case that cannot go on as drawn: each deed with a reason, each an event of the trail, nothing deleted."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import audit, clock, definitions, engine, forms, incidents
from app.access import Actor
from app.audit import Fact
from app.diagram import Element
from app.errors import Conflict, Forbidden, InvalidAnswers, InvalidInput, NotFound
from app.forms import JSON
from app.instances.advancing import apply_advance, close_task, load_state
from app.instances.choosing import choices_for
from app.instances.collecting import close_lines, withdraw_line
from app.instances.finishing import naming, required_reason
from app.instances.loading import TaskView, load_task, lock_instance_alone
from app.instances.recorded import recorded_variables, recorded_visits, variables_form
from app.models import Definition, Instance, InstanceState, Task, Timer

REASON = "alasan-perbaikan"  # a hyphen: no form of an SOP has such keys, and it stands beside theirs
GOING = ("running", "suspended", "incident")
WAITING = ("open", "submitted")
MOST_SEQUENCE = 2**31 - 2  # of the column; what somebody has written beyond it begins anew


def require_unchanged(session: Session, instance_id: int, revision: int) -> None:
    """Nothing has happened since the consequences were shown. Locks the case. Raises NotFound, Conflict."""
    if lock_instance_alone(session, instance_id).revision != revision:
        raise Conflict("Pelaksanaan ini berubah sejak halaman ini dibuka. Buka lagi halaman perbaikannya, lalu periksa akibatnya.")


def suspend_instance(session: Session, actor: Actor, instance_id: int, reason: str) -> Instance:
    """ "Tangguhkan": nobody can complete anything, timers wait. Raises NotFound, Forbidden, Conflict, InvalidAnswers."""
    instance = _case(session, actor, instance_id, ("running",))
    return _switch(session, actor, instance, "suspended", Fact("suspended", {"reason": required_reason(reason, REASON)}))


def resume_instance(session: Session, actor: Actor, instance_id: int, reason: str) -> Instance:
    """ "Lanjutkan": what is due fires with the next tick. Raises NotFound, Forbidden, Conflict, InvalidAnswers."""
    instance = _case(session, actor, instance_id, ("suspended",))
    return _switch(session, actor, instance, "running", Fact("resumed", {"reason": required_reason(reason, REASON)}))


def cancel_instance(session: Session, actor: Actor, instance_id: int, reason: str) -> Instance:
    """End a case without finishing it. By an admin, with a reason. Raises NotFound, Forbidden, Conflict, InvalidAnswers."""
    instance = _case(session, actor, instance_id, GOING)
    reason, now = required_reason(reason, REASON), clock.now()
    cancelled = _clear(session, instance, now)
    instance.finished_at = now
    incidents.settle_all_of(session, instance.id, actor.id, f"Pelaksanaan dibatalkan: {reason}")
    return _switch(session, actor, instance, "cancelled", Fact("cancelled", {"reason": reason, "cancelled": cancelled}))


def withdraw_row(session: Session, actor: Actor, instance_id: int, task_id: UUID, reason: str) -> Task:
    """Take one OPD out of a fan-out in the place of those who collect.

    Raises NotFound, Forbidden, Conflict, InvalidAnswers, InvalidInput, EngineFault.
    """
    view, state = _line(session, actor, instance_id, task_id)
    return withdraw_line(session, actor, view, state, reason, {"repair": True})


def close_fan_out(session: Session, actor: Actor, instance_id: int, task_id: UUID, reason: str) -> Task:
    """ "Tutup penerimaan" in the place of those who collect, by any open line. Raises as ``withdraw_row``."""
    view, state = _line(session, actor, instance_id, task_id)
    return close_lines(session, actor, view, state, reason, {"repair": True})


def retry_instance(session: Session, actor: Actor, instance_id: int) -> Instance:
    """ "Coba lagi": a case whose state opens and agrees with its rows goes on; timers that had failed are tried again.

    Raises NotFound, Forbidden, Conflict with what is still wrong.
    """
    instance = _case(session, actor, instance_id, GOING)
    if problems := tuple(audit.state_problems(session, instance)):
        raise Conflict(f"Pelaksanaan ini belum dapat dilanjutkan. {' '.join(problems)}")
    timers = _waited_for(session, instance)
    for timer in timers:
        timer.state, timer.tries = "waiting", 0
    settled = incidents.settle_all_of(session, instance.id, actor.id, "Dicoba lagi: keadaan mesin terbuka dan cocok dengan tugasnya.")
    if not settled and not timers and instance.state != "incident":
        raise Conflict("Tidak ada gangguan pada pelaksanaan ini.")
    state = "running" if instance.state == "incident" else instance.state
    return _switch(session, actor, instance, state, Fact("recovered", {"incidents": settled}))


def _waited_for(session: Session, instance: Instance) -> list[Timer]:
    """The timers that had failed and that the engine still waits for."""
    if not (halted := incidents.halted_timers(session, instance.id)):
        return []
    definition, state = session.get_one(Definition, instance.definition_id), session.get_one(InstanceState, instance.id)
    waiting = engine.waiting_timers(definition, load_state(session, instance, definition, state))
    return [timer for timer in halted if timer.id in waiting]


def restart_points_of(definition: Definition) -> tuple[Element, ...]:
    """Steps that a case may begin again from."""
    return engine.restart_points(definitions.spec_of(definition).drawing)


def restart_instance(
    session: Session, actor: Actor, instance_id: int, element: str, submitted: Mapping[str, Sequence[str]] | None, reason: str
) -> Instance:
    """ "Mulai lagi dari langkah ini": a state made anew whose one open task is this element; what was open before is cancelled.

    submitted: texts of ``variables_form``, None for the recorded answers as they are. The old state is not read, so this helps a case
    that has none. A suspended case stays suspended. Raises NotFound, Forbidden, Conflict, InvalidAnswers, InvalidInput, EngineFault.
    """
    instance = _case(session, actor, instance_id, GOING)
    definition = session.get_one(Definition, instance.definition_id)
    drawing = definitions.spec_of(definition).drawing
    if element not in {one.id for one in restart_points_of(definition)}:
        raise InvalidInput("Pelaksanaan tidak dapat dimulai lagi dari langkah ini.")
    variables, reason = _given(session, instance, definition, submitted, reason)
    now = clock.now()
    visits = recorded_visits(session, instance, session.scalars(select(Task).where(Task.instance_id == instance.id)))
    cancelled = _clear(session, instance, now)
    with naming(instance):
        advance = engine.restart(definition, element, variables, visits)
    lane = drawing.lane_of(element)
    incidents.settle_all_of(session, instance.id, actor.id, f"Dimulai lagi dari “{drawing.elements[element].name}”: {reason}")
    instance.state = "suspended" if instance.state == "suspended" else "running"
    told = {"element": element, "round": visits.get(element, 0) + 1, "reason": reason, "cancelled": cancelled}
    apply_advance(
        session, instance, definition, _empty_state(session, instance), advance,
        actor_id=actor.id, at=now, facts=[Fact("restarted", told)], from_lane=lane.name if lane else "",
    )  # fmt: skip
    return instance


def _case(session: Session, actor: Actor, instance_id: int, states: Sequence[str]) -> Instance:
    """Locked, for an admin. Raises Forbidden, NotFound, Conflict."""
    if not actor.is_admin:
        raise Forbidden("Pelaksanaan diperbaiki, ditangguhkan, atau dibatalkan oleh admin.")
    instance = lock_instance_alone(session, instance_id)
    if instance.state not in states:
        words = "sudah berakhir" if instance.state not in GOING else "tidak dalam keadaan untuk tindakan ini"
        raise Conflict(f"Pelaksanaan ini {words}. Muat ulang halamannya.")
    return instance


def _line(session: Session, actor: Actor, instance_id: int, task_id: UUID) -> tuple[TaskView, InstanceState]:
    instance = _case(session, actor, instance_id, ("running",))
    view = load_task(session, actor, task_id)
    if view.instance.id != instance.id:
        raise NotFound
    if view.task.item is None:
        raise InvalidInput("Langkah ini bukan pengumpulan per OPD.")
    return view, session.get_one(InstanceState, instance.id, populate_existing=True)


def _switch(session: Session, actor: Actor, instance: Instance, state: str, fact: Fact) -> Instance:
    instance.state = state
    instance.revision += 1
    audit.record(session, instance, actor.id, clock.now(), [fact])
    return instance


def _clear(session: Session, instance: Instance, now: datetime) -> int:
    """Nothing of the case waits any more: how many tasks were cancelled. What an OPD had sent stays with its row."""
    tasks = session.scalars(select(Task).where(Task.instance_id == instance.id, Task.state.in_(WAITING))).all()
    for task in tasks:
        close_task(session, task, "cancelled", now)
    for timer in session.scalars(select(Timer).where(Timer.instance_id == instance.id, Timer.state.in_(("waiting", "stopped")))):
        timer.state, timer.tries = "stopped", 0
    session.flush()
    return len(tasks)


def _given(
    session: Session, instance: Instance, definition: Definition, submitted: Mapping[str, Sequence[str]] | None, reason: str
) -> tuple[dict[str, JSON], str]:
    """Recorded answers, under what was typed, and the reason. Raises InvalidAnswers with all that is wrong."""
    found, problems = recorded_variables(session, instance, definition), {}
    if submitted is not None:
        form = variables_form(session, definition)
        try:
            answers = forms.parse(form, submitted, {}, choices_for(session, form))
            found |= forms.variables(form, answers, definitions.spec_of(definition).reads)
        except InvalidAnswers as error:
            problems = error.problems
    try:
        reason = required_reason(reason, REASON)
    except InvalidAnswers as error:
        problems = {**problems, **error.problems}
    if problems:
        raise InvalidAnswers(problems)
    return found, reason


def _empty_state(session: Session, instance: Instance) -> InstanceState:
    """The row that takes the new state, whatever stands in it; made where it is gone."""
    state = session.get(InstanceState, instance.id, populate_existing=True, with_for_update=True)
    if state is None:
        state = InstanceState(instance_id=instance.id, sequence=0, blob=b"")
        session.add(state)
    state.sequence = state.sequence if 0 <= state.sequence < MOST_SEQUENCE else 0
    state.previous_sequence = state.previous_blob = state.previous_task_id = None
    return state
