"""Everything the page of one task shows, read in one session. What an OPD may not see never gets onto it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import access, attachments, audit, clock, definitions, forms, instances, uploads
from app.access import Actor
from app.diagram import Drawing, Norm, row_norms
from app.drafts import draft_of, subject_of
from app.forms import Form
from app.instances import TaskView
from app.instances.choosing import choices_for
from app.models import Attachment, Group, Task, User
from app.offices import TEAM
from app.web import pictures
from app.web.ahead import Way, group_names, performer, ways_after
from app.web.deadlines import time_of
from app.web.last_year import LastYear, last_year, step_of
from app.web.posting import Posted, new_token
from app.web.repaired import Repaired, repairs_of
from app.web.sent import Sent, sent_part
from app.web.story import Chapter, Line, SentBack, finished_last, return_before, tell

RECENT = 6  # finished steps shown
SENT = ("done", "returned", "recalled")
TOLD = 24  # steps looked at for them, and for the decision that sent the work back: a case of 400 rounds costs no more than one of 4


@dataclass(frozen=True)
class FormView:
    """A form as templates/forms/fields.html takes it. token: kept while the form is shown again, and with a draft.

    saved_at: of the draft that it shows. subject: of its draft, also what a file sent in pieces is for. focus: see Posted.
    """

    form: Form
    values: Mapping[str, Sequence[str]]
    problems: Mapping[str, str]
    choices: Mapping[str, Sequence[tuple[str, str]]]
    files: Mapping[str, Sequence[Mapping[str, Any]]]
    token: str
    max_mb: int
    saved_at: datetime | None = None
    subject: str = ""
    focus: str = ""


@dataclass(frozen=True)
class TaskPage:
    """inside: the reader sees the whole case (an OPD sees its own task and the letter only). form: None unless it may be sent now.

    line: this task's own answers, once given. history: what came before, latest first; earlier: how many more there are.
    returned: what sent it back. document: the latest files of the case, what a decision is about.
    stopped: why nobody can go on in its case, "" else. repairs: what admins did there, for who sees the case.
    who: whose task it is. norm: of the row; an OPD's own time has none. own_norm: this step's share, that its deadline comes from.
    holder: the colleague who works on it. neutral: a leader's step.
    may_record: the reader may write down what was decided on paper. sent: once it is done. last_year: beside the form.
    """

    view: TaskView
    inside: bool
    form: FormView | None
    line: Line
    history: Sequence[Chapter]
    earlier: int
    returned: SentBack | None
    document: Chapter | None
    ways: Sequence[Way]
    who: str
    norm: Norm | None
    own_norm: Norm | None
    picture: Markup | None
    letters: Sequence[Attachment]
    holder: str
    may_claim: bool
    may_release: bool
    acts_as: str
    neutral: bool
    may_record: bool
    sent: Sent | None
    last_year: LastYear | None
    stopped: str
    repairs: Sequence[Repaired]


def task_page(
    session: Session,
    actor: Actor,
    task_id: UUID,
    posted: Posted | None,
    problems: Mapping[str, str],
    max_mb: int,
    with_picture: bool = True,
) -> TaskPage:
    """Raises NotFound."""
    view = instances.task_seen_by(session, actor, task_id)
    inside = access.may_see_case(actor, view.drawing)
    rows = [task for task in instances.tasks_of(session, view.instance.id) if inside or task.item in (None, view.task.item)]
    # What a team noted about an OPD is first values of its form, but no answer of its own.
    told = [row for row in rows if inside or row.item is None or access.OPD_GROUP in view.drawing.groups_of(row.element)]
    visits = _visits_until(view.task, told)
    recent = set(visits[-TOLD:]) | {row.engine_task for row in told if view.task.item and row.item == view.task.item}
    chapters = tell(session, view.definition, [row for row in told if row.engine_task in recent])
    line = next(line for chapter in chapters for line in chapter.lines if line.task.id == view.task.id)
    history = [chapter for chapter in finished_last(chapters) if _before(chapter, view.task) and (inside or chapter.is_fan_out)]
    may_send = view.mine and view.instance.state == "running"
    names = group_names(session)
    form = definitions.form_of(session, view.definition, view.task.form_id) if may_send else None
    claimable = inside and may_send and _is_queue(session, view)
    return TaskPage(
        view=view,
        inside=inside,
        form=_form_view(session, actor, view, form, rows, posted, problems, max_mb) if form else None,
        line=line,
        history=history[:RECENT],
        earlier=max(0, len(visits) - 1 - RECENT),
        returned=return_before(session, chapters, view.task, rows),
        document=document_before(history) if form and form.decision else None,
        ways=ways_after(view.drawing, view.task.element, form.decision if form else None, names),
        who=line.what or performer(view.drawing, view.task.element, names),
        norm=None if view.element.due_date else row_norms(view.drawing).get(view.task.row),
        own_norm=time_of(view.definition, view.task.element),
        picture=_position(session, view) if inside and with_picture else None,
        letters=() if inside else instances.letters_for(session, actor, view.instance.id),
        holder=_holder(session, actor, view.task),
        may_claim=claimable and view.task.claimed_by is None,
        may_release=claimable and view.task.claimed_by == actor.id,
        acts_as=acting_as(actor, view.drawing, view.task.element),
        neutral=view.element.is_leaders,
        may_record=instances.may_record(actor, view),
        sent=sent_part(session, actor, view, inside, problems),
        last_year=last_year(session, actor, form, step_of(view)) if form else None,
        stopped=instances.stopped_words(session, view.instance) if view.task.state == "open" else "",
        repairs=repairs_of(session, view.drawing, view.instance.id) if inside else (),
    )


def document_before(history: Sequence[Chapter]) -> Chapter | None:
    """What a decision is about: the latest files of the case."""
    return next((chapter for chapter in history if any(one.files for one in chapter.lines)), None)


def opening_form(
    session: Session,
    actor: Actor,
    form: Form,
    posted: Posted | None,
    problems: Mapping[str, str],
    max_mb: int,
    prefill: Mapping[str, Any],
    subject: str,
    task: Task | None = None,
) -> FormView:
    """A form again with what was just typed, or as its draft was left, or before anybody typed. subject: of the draft.

    task: whose form it is; None for an opening form.
    """
    choices = choices_for(session, form, task.instance_id, task.item) if task else choices_for(session, form)
    draft = None if posted else draft_of(session, actor, subject)
    before = posted or draft
    if before is None:
        first = forms.initial(form, prefill, choices, clock.today(), clock.now())
        return FormView(form, first, problems, choices, {}, new_token(), max_mb, None, subject)
    files = drafts_of(session, actor, before.token)
    saved_at, focus = draft.saved_at if draft else None, posted.focus if posted else ""
    return FormView(form, before.texts, problems, choices, files, before.token, max_mb, saved_at, subject, focus)


def acting_as(actor: Actor, drawing: Drawing, element: str) -> str:
    """ "Plh. Kabag Organisasi" for a mandate, else the person's own position."""
    lane = drawing.lane_of(element)
    mandate = next((actor.groups[key] for key in drawing.groups_of(element) if actor.groups.get(key)), "")
    return f"{mandate} {lane.name}" if mandate and lane else actor.position


def _visits_until(task: Task, rows: Sequence[Task]) -> list[UUID]:
    """Engine tasks opened before this one and over, in that order, itself last."""
    before = (row.engine_task for row in rows if row.opened_at <= task.opened_at or task.state == "open")
    open_ones = {row.engine_task for row in rows if row.state == "open"}
    return [id for id in dict.fromkeys(before) if id != task.engine_task and id not in open_ones] + [task.engine_task]


def _before(chapter: Chapter, task: Task) -> bool:
    if chapter.task.engine_task == task.engine_task:
        return False
    return task.completed_at is None or chapter.task.opened_at <= task.opened_at


def _form_view(
    session: Session,
    actor: Actor,
    view: TaskView,
    form: Form,
    rows: Sequence[Task],
    posted: Posted | None,
    problems: Mapping[str, str],
    max_mb: int,
) -> FormView:
    first = {} if posted else _first_values(session, actor, form, view.task, rows)
    return opening_form(session, actor, form, posted, problems, max_mb, first, subject_of(view.task.id), view.task)


def _first_values(session: Session, actor: Actor, form: Form, task: Task, rows: Sequence[Task]) -> dict[str, Any]:
    """A corrected form starts from what was sent before; the rest from earlier answers.

    A decision and its note never do, but where the person took them back just now.
    """
    found: dict[str, Any] = dict(instances.first_values(session, actor, form, rows, task.item))
    own = [row for row in rows if row.answers and row.state in SENT and (row.element, row.item) == (task.element, task.item)]
    if own and (form.decision is None or own[-1].state == "recalled"):
        found.update(own[-1].answers or {})
    return found


def drafts_of(session: Session, actor: Actor, token: str) -> dict[str, list[dict[str, Any]]]:
    """As ``forms.parse`` takes them, with "url"; and of a file that stopped on its way {"nama", "ukuran", "diterima": bytes}."""
    found = {
        key: [{**file, "url": url_for("staff.download", file_id=UUID(file["id"]))} for file in files]
        for key, files in attachments.drafts(session, actor, token).items()
    }
    for key, upload in uploads.unfinished(session, actor, token).items():
        found.setdefault(key, []).append({"nama": upload.filename, "ukuran": upload.size, "diterima": upload.received})
    return found


def _is_queue(session: Session, view: TaskView) -> bool:
    """Several colleagues share it: taking it tells the others."""
    keys = view.drawing.groups_of(view.task.element)
    kinds = session.scalars(select(Group.kind).where(Group.key.in_(keys))).all()
    return view.task.item is None and (len(keys) > 1 or bool({"unit", TEAM} & set(kinds)))


def _holder(session: Session, actor: Actor, task: Task) -> str:
    if task.claimed_by in (None, actor.id) or task.state != "open":
        return ""
    holder = session.get(User, task.claimed_by)
    return holder.name if holder else ""


def _position(session: Session, view: TaskView) -> Markup:
    events = audit.trail_of(session, view.instance.id)
    path = audit.read_path(view.drawing, events, instances.open_tasks_of(session, view.instance.id))
    here = view.task.element
    return pictures.picture_near(view.definition, path, here)
