""" "Isian tahun lalu" beside a form, and the button that copies it. Nothing is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import flash
from sqlalchemy.orm import Session

from app import clock, forms, instances
from app.access import Actor
from app.forms import ACTION, Form
from app.instances import TaskView
from app.instances.choosing import choices_for
from app.web.guard import current_actor, database
from app.web.posting import Posted
from app.web.story import Line, tell
from app.words import long_date

COPY = "salin"
NAMED = 6  # copied fields that are named one by one
NOTHING_EARLIER = "Belum ada isian tahun lalu untuk langkah ini."


@dataclass(frozen=True)
class Step:
    """Which step of which SOP a form belongs to. item: the OPD of a line of a fan-out. instance_id: the case, None for an opening form."""

    key: str
    element: str
    item: str | None = None
    instance_id: int | None = None


@dataclass(frozen=True)
class LastYear:
    """may_copy: something of it fills a blank that the form has before anybody types."""

    title: str
    at: datetime
    line: Line
    may_copy: bool


def step_of(view: TaskView) -> Step:
    return Step(view.instance.key, view.task.element, view.task.item, view.instance.id)


def last_year(session: Session, actor: Actor, form: Form, step: Step) -> LastYear | None:
    """None where nothing was answered, and beside a decision: that is made on this year's document."""
    earlier = _earlier(session, actor, form, step)
    if earlier is None:
        return None
    line = tell(session, earlier.definition, [earlier.task])[0].first
    if not (line.has_answers or line.notes or line.files):
        return None
    choices = choices_for(session, form, step.instance_id, step.item)
    untouched = forms.initial(form, {}, choices, clock.today(), clock.now())
    filled = forms.fill_from_last_year(form, untouched, earlier.task.answers or {}, choices)
    return LastYear(earlier.instance.title, _at(earlier), line, bool(filled.names))


def last_year_answer(form: Form, step: Step, posted: Posted) -> Posted | None:
    """The form to show again; None: the button was not pressed."""
    if list(posted.texts.get(ACTION, ())) != [COPY]:
        return None
    with database().reading() as session:
        again, notice = _copied(session, current_actor(), form, step, posted)
    flash(notice)
    return again


def _copied(session: Session, actor: Actor, form: Form, step: Step, posted: Posted) -> tuple[Posted, str]:
    earlier = _earlier(session, actor, form, step)
    answers = (earlier.task.answers or {}) if earlier else {}
    found = forms.fill_from_last_year(form, posted.texts, answers, choices_for(session, form, step.instance_id, step.item))
    notice = _notice(f"{earlier.instance.title}, {long_date(_at(earlier))}", found.names) if earlier else NOTHING_EARLIER
    return replace(posted, texts=found.submitted), notice


def _earlier(session: Session, actor: Actor, form: Form, step: Step) -> TaskView | None:
    if form.decision:
        return None
    return instances.earlier_step(session, actor, step.key, step.element, form.id, step.item)


def _at(view: TaskView) -> datetime:
    return view.task.completed_at or view.task.opened_at


def _notice(source: str, names: Sequence[str]) -> str:
    if not names:
        return f"Tidak ada yang disalin dari {source}: yang dapat dipakai lagi sudah terisi."
    told = ", ".join(names[:NAMED]) + (f", dan {len(names) - NAMED} isian lain" if len(names) > NAMED else "")
    return f"Disalin dari {source}: {told}. Periksa, lalu kirim."
