"""The rooms every completion passes, whoever did it and however it came: the form, the row, the item, the engine."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from types import MappingProxyType

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from app import attachments, clock, definitions, engine, forms
from app.access import Actor
from app.audit import Fact, record
from app.db import write_changes
from app.engine import Advance
from app.errors import EngineFault, InvalidAnswers
from app.forms import JSON, Form
from app.instances.advancing import answers_fact, apply_advance, close_task, load_state
from app.instances.choosing import choices_for
from app.instances.loading import TaskView
from app.models import Definition, Draft, Instance, InstanceState, Task, table_of

_FORGET_DRAFTS = delete(table_of(Draft)).where(table_of(Draft).c.subject == bindparam("task"))
NOTHING: Mapping[str, object] = MappingProxyType({})
WAITING_ITEMS = ("open", "submitted")  # lines of a fan-out that keep its step from being completed


def is_same_press(task: Task, actor: Actor, token: str) -> bool:
    """The same form sent again by the same person: the double click, the back button, the lost answer."""
    return task.state in ("done", "submitted") and task.token == token and actor.id in (task.completed_by, task.recorded_by)


def answer_form(
    session: Session, actor: Actor, view: TaskView, submitted: Mapping[str, Sequence[str]], token: str, happened_on: date | None = None
) -> tuple[Form, dict[str, JSON]]:
    """Validate what was posted and put it on the row, with its files and its token. Raises InvalidAnswers.

    happened_on: the day of what was done on paper; a deadline that was set there had to lie ahead of that day, not of today.
    """
    form = definitions.form_of(session, view.definition, view.task.form_id)
    own = attachments.file_fields(form)  # the proof of a paper decision comes with the same token and is no answer
    files = {key: found for key, found in attachments.drafts(session, actor, token).items() if key in own} if own else {}
    earliest = first_deadlines(view.definition, happened_on)
    answers = dict(forms.parse(form, submitted, files, choices_for(session, form, view.instance.id, view.task.item), earliest))
    view.task.answers, view.task.token = answers, token
    if files:
        attachments.keep(session, actor, token, view.instance.id, view.task.id)
    return form, answers


def first_deadlines(definition: Definition, happened_on: date | None = None) -> dict[str, date]:
    """{variable: first day it may name} of those that the drawing makes a deadline: one already past would be late as it is set."""
    return dict.fromkeys(definitions.spec_of(definition).deadlines, happened_on or clock.today())


def finish_task(
    session: Session,
    view: TaskView,
    state: InstanceState,
    actor: Actor,
    form: Form,
    answers: Mapping[str, JSON],
    data: Mapping[str, object] = NOTHING,
) -> None:
    """The row is done (or, for a line of a fan-out that somebody accepts, submitted), and the engine hears of it when it must.

    data: what the event says besides (who recorded it, when it happened on paper).
    """
    session.connection().execute(_FORGET_DRAFTS, {"task": str(view.task.id)})
    if not view.is_line:
        close_task(session, view.task, "done", clock.now())
        variables = forms.variables(form, answers, definitions.spec_of(view.definition).reads)
        advance_case(session, view, state, actor, variables, data)
        return
    if view.element.addressees and "recorded_by" not in data:
        close_task(session, view.task, "submitted", clock.now())
        session.flush()
        tell(session, view, actor, answers_fact(view.task, "submitted", {"item": view.task.item, **data}))
        return
    close_task(session, view.task, "done", clock.now())
    finish_item(session, view, state, actor, answers_fact(view.task, "item", {"item": view.task.item, **data}))


def finish_item(session: Session, view: TaskView, state: InstanceState, actor: Actor, fact: Fact) -> None:
    """One line of a fan-out is settled; the engine hears of it once, when it was the last."""
    session.flush()
    waiting = select(Task.id).where(Task.engine_task == view.task.engine_task, Task.state.in_(WAITING_ITEMS)).limit(1)
    if session.scalar(waiting) is not None:
        tell(session, view, actor, fact)
        return
    advance = _completed(session, view, state, {})
    _forget_previous(state)
    _apply(session, view, state, actor, advance, [fact])


def advance_case(
    session: Session, view: TaskView, state: InstanceState, actor: Actor, variables: Mapping[str, object], data: Mapping[str, object]
) -> None:
    fact = answers_fact(view.task, "step", {"engine_task": str(view.task.engine_task), **data})
    advance = _completed(session, view, state, variables)
    state.previous_sequence, state.previous_blob, state.previous_task_id = state.sequence, state.blob, view.task.id
    _apply(session, view, state, actor, advance, [fact])


def tell(session: Session, view: TaskView, actor: Actor, fact: Fact) -> None:
    """An event that moves nothing in the engine."""
    view.instance.revision += 1
    record(session, view.instance, actor.id, clock.now(), [fact])


def note_deed(session: Session, view: TaskView, actor: Actor, kind: str, data: Mapping[str, object] = NOTHING) -> None:
    tell(session, view, actor, Fact(kind, {"element": view.task.element, "task": str(view.task.id), **data}))


def required_reason(reason: str, field: str = "alasan", label: str = "Alasan") -> str:
    """Raises InvalidAnswers({field: sentence})."""
    reason = reason.strip()
    if not reason:
        raise InvalidAnswers({field: f"{label} belum diisi."})
    if len(reason) > 1000:
        raise InvalidAnswers({field: f"{label} paling panjang 1000 huruf."})
    return reason


@contextmanager
def naming(instance: Instance) -> Iterator[None]:
    """The engine does not know whose state it held: the incident must."""
    try:
        yield
    except EngineFault as error:
        error.instance_id = instance.id
        raise


def _completed(session: Session, view: TaskView, state: InstanceState, variables: Mapping[str, object]) -> Advance:
    with naming(view.instance):
        payload = load_state(session, view.instance, view.definition, state)
        return engine.complete(view.definition, payload, view.task.engine_task, variables)


def _forget_previous(state: InstanceState) -> None:
    """What many did together is not one person's to recall."""
    state.previous_sequence = state.previous_blob = state.previous_task_id = None


def _apply(session: Session, view: TaskView, state: InstanceState, actor: Actor, advance: Advance, facts: list[Fact]) -> None:
    apply_advance(
        session, view.instance, view.definition, state, advance,
        actor_id=actor.id, at=clock.now(), facts=facts, closing=frozenset({view.task.engine_task}), from_lane=view.task.lane,
    )  # fmt: skip
    write_changes(session, view.task, view.instance, state)
