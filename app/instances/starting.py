"""Starting a case: the opening form, its business key, the first tasks."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import access, attachments, clock, definitions, drafts, engine, forms, offices
from app.access import Actor
from app.audit import Fact
from app.diagram import Drawing
from app.errors import Conflict, Forbidden, NotFound
from app.forms import Form
from app.instances.advancing import answers_fact, apply_advance
from app.instances.choosing import choices_for
from app.instances.finishing import first_deadlines
from app.models import Definition, Instance, InstanceState, Task
from app.words import long_date

RUNNING = ("running", "suspended", "incident")


def startable_by(session: Session, actor: Actor) -> list[Definition]:
    """The newest versions that this person may start."""
    return [found for found in definitions.latest_all(session) if access.may_start(actor, definitions.spec_of(found).drawing)]


def startable_for(session: Session, actor: Actor, key: str) -> Definition:
    """The newest version. Raises NotFound, and Forbidden (naming who starts it) to those who may see its cases."""
    definition = definitions.latest(session, key)
    drawing = definitions.spec_of(definition).drawing
    if access.may_start(actor, drawing):
        return definition
    if not access.may_see_case(actor, drawing):
        raise NotFound
    raise Forbidden(f"“{definition.name}” dimulai oleh {', '.join(_starters(drawing))}.")


def start_instance(
    session: Session, actor: Actor, key: str, submitted: Mapping[str, Sequence[str]], token: str, confirmed: bool = True
) -> Instance:
    """Start the newest version of an SOP with its opening form.

    submitted: {field: [raw text]} as posted; files uploaded with the same token belong to it.
    confirmed: whether a case may follow a finished one of the same SOP, year and period: a correction, which nobody begins unawares.
    Raises NotFound, Forbidden, InvalidAnswers, Conflict (a case of the same SOP, year and period is running, or finished), EngineFault.
    """
    if done := session.scalar(select(Instance).where(Instance.token == token, Instance.started_by == actor.id)):
        return done
    definition = startable_for(session, actor, key)
    spec = definitions.spec_of(definition)
    start = spec.drawing.start
    form = definitions.form_of(session, definition, start.form if start else None)
    files = attachments.drafts(session, actor, token)
    answers = forms.parse(form, submitted, files, choices_for(session, form), first_deadlines(definition))
    now = clock.now()
    instance = Instance(
        definition_id=definition.id,
        key=key,
        business_key=_business_key(key, form, answers),
        title=_title(definition, form, answers),
        state="running",
        token=token,
        revision=0,
        event_seq=0,
        event_mac=b"",
        started_by=actor.id,
        started_at=now,
    )
    _insert(session, instance, confirmed)
    offices.write_units(session, instance)
    advance = engine.start(definition, forms.variables(form, answers, spec.reads))
    opening = _opening_row(instance, spec.drawing, advance.steps[0].task, form, actor, token, answers)
    state = InstanceState(instance_id=instance.id, sequence=0, blob=b"")
    session.add_all([opening, state])
    session.flush()
    attachments.keep(session, actor, token, instance.id, opening.id)
    drafts.drop_draft(session, actor, drafts.subject_of(None, key))
    fact = answers_fact(opening, "step", {"engine_task": str(opening.engine_task)})
    begun = Fact("started", {"definition": definition.digest, "version": definition.version, "business_key": instance.business_key})
    apply_advance(session, instance, definition, state, advance, actor_id=actor.id, at=now, facts=[begun, fact], from_lane=opening.lane)
    return instance


def _insert(session: Session, instance: Instance, confirmed: bool) -> None:
    running, finished = cases_of_key(session, instance.business_key)
    if running is not None:
        raise Conflict(f"{running.title} sudah berjalan sejak {long_date(running.started_at)}; lanjutkan pelaksanaan itu.")
    if finished is not None and not confirmed:
        ended = long_date(finished.finished_at or finished.started_at)
        raise Conflict(f"{finished.title} sudah selesai {ended}. Bila ini koreksi, beri tanda di atas tombol Mulai.")
    session.add(instance)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(f"{instance.title} baru saja dimulai orang lain; lanjutkan pelaksanaan itu.") from error


def _opening_row(
    instance: Instance, drawing: Drawing, step: UUID, form: Form, actor: Actor, token: str, answers: Mapping[str, object]
) -> Task:
    """The opening form's answers stand beside all others, as the row of the start event, done as it begins."""
    start = drawing.start
    assert start is not None  # noqa: S101 - the rules refuse a drawing without one
    lane = drawing.lane_of(start.id)
    return Task(
        id=step,
        instance_id=instance.id,
        engine_task=step,
        element=start.id,
        name=start.name,
        lane=lane.name if lane else "",
        row=start.row,
        form_id=form.id,
        round=1,
        state="done",
        opened_at=instance.started_at,
        completed_by=actor.id,
        completed_at=instance.started_at,
        answers=dict(answers),
        token=token,
    )


def _business_key(key: str, form: Form, answers: Mapping[str, object]) -> str:
    return ":".join([key, *(str(answers.get(field.key, "")) for field in form.keys)])[:200]


def business_key_of(key: str, form: Form, texts: Mapping[str, Sequence[str]]) -> str:
    """Of a case that the opening form would start as it is filled in. texts: {field: [raw text]}."""
    return _business_key(key, form, {field: values[0].strip() for field, values in texts.items() if values})


def cases_of_key(session: Session, business_key: str) -> tuple[Instance | None, Instance | None]:
    """(the one that runs, the one that finished last): a second may not run beside the first, and may follow it as a correction."""
    found = session.scalars(
        select(Instance)
        .where(Instance.business_key == business_key, Instance.state.in_((*RUNNING, "finished")))
        .order_by(Instance.finished_at.desc(), Instance.id.desc())
    ).all()
    running = next((one for one in found if one.state in RUNNING), None)
    return running, next((one for one in found if one.state == "finished"), None)


def period_of(business_key: str) -> str:
    """What its key says beside the SOP and the year, "" where that is all."""
    return "".join(business_key.split(":", 2)[2:])


def year_of(business_key: str) -> str:
    """The year that a case is about, "" where the second part of its key is none."""
    year = f"{business_key}:".split(":")[1]
    return year if year.isascii() and year.isdigit() else ""


def _title(definition: Definition, form: Form, answers: Mapping[str, object]) -> str:
    words = [definition.short_name or definition.name, *(str(answers[field.key]) for field in form.keys if answers.get(field.key))]
    return " ".join(words)[:300]


def _starters(drawing: Drawing) -> list[str]:
    names = {group: lane.name for lane in drawing.lanes for group in lane.groups}
    return [names.get(group, group) for group in drawing.starter_groups]
