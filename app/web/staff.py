"""Pages of the people who work: Tugas Saya, starting an SOP, one task, what comes next, files."""

from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app import definitions, instances
from app.access import Actor
from app.diagram import Norm
from app.errors import AppError, Conflict, InvalidAnswers
from app.instances.inbox import BOXES, Box, InboxRow
from app.web.after_page import after_page
from app.web.agenda_page import reminders_part
from app.web.deadlines import time_on
from app.web.guard import current_actor, database, settings
from app.web.last_year import last_year_answer, step_of
from app.web.leader_page import leader_page
from app.web.letters import letter_answer
from app.web.posting import AGAIN, Posted, plain, read_post, remember, texts_alone
from app.web.presenting import box_counts, page_of
from app.web.start_page import opening_of, start_page
from app.web.table_actions import table_answer
from app.web.task_page import task_page

bp = Blueprint("staff", __name__)
NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})


@bp.get("/")
@bp.get("/tugas")
def inbox() -> ResponseReturnValue:
    actor = current_actor()
    if request.path == "/" and (first := _first_page(actor)):
        return redirect(url_for(first))
    search = plain(request.args.get("cari", ""))[:100]
    with database().reading() as session:
        notices = instances.notices_for(session, actor)
        if "kotak" not in request.args and (page := leader_page(session, actor, request.args.get("buka", ""), settings().max_file_mb)):
            return render_template("leader.html", page=page, notices=notices)
        counts = box_counts(session, actor)
        box = _box(request.args.get("kotak"), counts)
        total = None if search else counts[box]
        rows, shown = page_of(lambda number: instances.inbox_for(session, actor, box, search, number, total), request.args.get("hal"))
        lines = [(row, *_pace(session, row)) for row in rows]
        owed = [] if search else reminders_part(session, actor)
    return render_template("inbox.html", box=box, counts=counts, lines=lines, search=search, pages=shown, notices=notices, owed=owed)


@bp.post("/pemberitahuan/<int(max=2147483647):notice_id>/dibaca")
def read_notice(notice_id: int) -> ResponseReturnValue:
    with database().transaction() as session:
        instances.mark_read(session, current_actor(), notice_id)
    return redirect(url_for("staff.inbox"), 303)


@bp.get("/mulai")
def start_list() -> ResponseReturnValue:
    with database().reading() as session:
        found = instances.startable_by(session, current_actor())
        drawings = [(definition, definitions.spec_of(definition).drawing) for definition in found]
    return render_template("start_list.html", drawings=drawings)


@bp.get("/mulai/<key>")
def start_form(key: str) -> ResponseReturnValue:
    """The address may name what the case is to be about: `tahun=2025&periode=…`, by the keys of the form's fields."""
    return show_start(plain(key), wanted={name: plain(text)[:100] for name, text in request.args.items()})


@bp.post("/mulai/<key>")
def start(key: str) -> ResponseReturnValue:
    actor, key = current_actor(), plain(key)
    with database().reading() as session:
        form, step = opening_of(session, actor, key)
    posted = read_post(form)
    again = letter_answer(form, posted) or last_year_answer(form, step, posted) or table_answer(form, posted, step)
    if again is not None:
        return again if isinstance(again, Response) else show_start(key, again, again.problems)
    try:
        with database().transaction() as session:
            instance = instances.start_instance(session, actor, key, posted.texts, posted.token, confirmed=AGAIN in request.form)
            posted.refuse_bad_files()
            opening = next(task for task in instances.tasks_of(session, instance.id) if task.token == posted.token)
    except InvalidAnswers as error:
        return show_start(key, posted, {**error.problems, **posted.problems}), error.status
    except Conflict as error:
        if not form.keys:
            raise
        return show_start(key, posted, {form.keys[0].key: str(error), **posted.problems}), error.status
    return redirect(url_for("staff.after", task_id=opening.id), 303)


@bp.get("/tugas/<uuid:task_id>")
def task(task_id: UUID) -> ResponseReturnValue:
    return show_task(task_id)


@bp.post("/tugas/<uuid:task_id>")
def submit_task(task_id: UUID) -> ResponseReturnValue:
    posted = texts_alone() or _kept_post(task_id)
    if not isinstance(posted, Posted):
        return posted
    try:
        with database().transaction() as session:
            done = instances.complete_task(session, current_actor(), task_id, posted.texts, posted.token)
            posted.refuse_bad_files()
    except InvalidAnswers as error:
        return show_task(task_id, posted, {**error.problems, **posted.problems}), error.status
    except Exception:
        with suppress(AppError, SQLAlchemyError), database().reading() as session:  # the error's page shows what was typed
            view = instances.task_seen_by(session, current_actor(), task_id)
            remember(definitions.form_of(session, view.definition, view.task.form_id), posted.texts)
        raise
    return redirect(url_for("staff.after", task_id=done.id), 303)


def _kept_post(task_id: UUID) -> Posted | ResponseReturnValue:
    """What came with files or a button of the form: its files are kept first, and where a button was pressed, the page to show."""
    actor = current_actor()
    with database().reading() as session:
        view = instances.task_seen_by(session, actor, task_id)
        form = definitions.form_of(session, view.definition, view.task.form_id)
    posted = read_post(form, keep_files=view.mine)
    step = step_of(view)
    again = (last_year_answer(form, step, posted) if view.mine else None) or table_answer(form, posted, step)
    if isinstance(again, Posted):
        return show_task(task_id, again, again.problems)
    return again or posted


@bp.get("/tugas/<uuid:task_id>/selesai")
def after(task_id: UUID) -> ResponseReturnValue:
    with database().reading() as session:
        page = after_page(session, current_actor(), task_id)
    if page is None:
        return redirect(url_for("staff.task", task_id=task_id))
    return render_template("after.html", page=page)


@bp.post("/tugas/<uuid:task_id>/ambil")
def claim(task_id: UUID) -> ResponseReturnValue:
    with database().transaction() as session:
        instances.claim_task(session, current_actor(), task_id)
    return redirect(url_for("staff.task", task_id=task_id), 303)


@bp.post("/tugas/<uuid:task_id>/dibuka")
def opened(task_id: UUID) -> ResponseReturnValue:
    """A script of the page tells it, for performers only. Nothing is written, and no transaction begun, once somebody has opened it."""
    with database().reading() as session:
        seen_at = instances.task_for(session, current_actor(), task_id).task.seen_at
    if seen_at is None:
        with database().transaction() as session:
            instances.mark_opened(session, current_actor(), task_id)
    return "", 204


@bp.post("/tugas/<uuid:task_id>/kembalikan-ke-antrean")
def release(task_id: UUID) -> ResponseReturnValue:
    with database().transaction() as session:
        instances.release_task(session, current_actor(), task_id)
    flash("Tugas dikembalikan ke antrean.")
    return redirect(url_for("staff.inbox", kotak="kelompok"), 303)


def show_task(task_id: UUID, posted: Posted | None = None, problems: Mapping[str, str] = NO_PROBLEMS) -> str:
    with database().reading() as session:
        page = task_page(session, current_actor(), task_id, posted, problems, settings().max_file_mb)
    return render_template("task.html", page=page)


def show_start(
    key: str, posted: Posted | None = None, problems: Mapping[str, str] = NO_PROBLEMS, wanted: Mapping[str, str] = NO_PROBLEMS
) -> str:
    with database().reading() as session:
        page = start_page(session, current_actor(), key, posted, problems, settings().max_file_mb, wanted)
    return render_template("start.html", page=page)


def _pace(session: Session, row: InboxRow) -> tuple[bool, Norm | None]:
    """Whether it is a leader's step, where no deadline is said and nothing is red; else the norm it is measured by."""
    drawing = definitions.drawing_behind(session, row.digest)
    return drawing.elements[row.element].is_leaders, time_on(drawing, row.element)


def _first_page(actor: Actor) -> str:
    """Where somebody without an office begins: what their right is for. "" for everybody else."""
    if not actor.sees_every_case or actor.candidate_keys():
        return ""
    if actor.is_auditor:
        return "inspection.list"
    return "bench.list" if actor.is_analyst else "cases.list"


def _box(text: str | None, counts: Mapping[Box, int]) -> Box:
    """The one asked for; for who only ever records for others, where that work is."""
    only_records = counts["naskah"] and not (counts["saya"] or counts["kelompok"])
    return next((box for box in BOXES if box == text), "naskah" if only_records else "saya")
