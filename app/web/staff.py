"""Pages of the people who work: Tugas Saya, starting an SOP, one task, what comes next, files."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import definitions, instances
from app.access import Actor
from app.errors import InvalidAnswers
from app.forms import Form
from app.instances.reading import Box, InboxRow
from app.models import Definition
from app.web.after_page import after_page
from app.web.guard import current_actor, database, settings, storage
from app.web.posting import Posted, plain, read_post
from app.web.presenting import page_of
from app.web.start_page import start_page
from app.web.task_page import task_page

bp = Blueprint("staff", __name__)
NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})


@bp.get("/")
@bp.get("/tugas")
def inbox() -> ResponseReturnValue:
    actor = current_actor()
    if request.path == "/" and actor.sees_every_case and not actor.candidate_keys():
        return redirect(url_for("cases.list"))
    box = _box(request.args.get("kotak"))
    search = plain(request.args.get("cari", ""))[:100]
    with database().reading() as session:
        counts = instances.inbox_counts(session, actor)
        rows, shown = page_of(lambda number: instances.inbox_for(session, actor, box, search, number), request.args.get("hal"))
        lines = [(row, _is_leaders(session, row)) for row in rows]
    return render_template("inbox.html", box=box, counts=counts, lines=lines, search=search, pages=shown)


@bp.get("/mulai")
def start_list() -> ResponseReturnValue:
    with database().reading() as session:
        found = instances.startable_by(session, current_actor())
        drawings = [(definition, definitions.spec_of(definition).drawing) for definition in found]
    return render_template("start_list.html", drawings=drawings)


@bp.get("/mulai/<key>")
def start_form(key: str) -> ResponseReturnValue:
    return _start_page(plain(key))


@bp.post("/mulai/<key>")
def start(key: str) -> ResponseReturnValue:
    actor, key = current_actor(), plain(key)
    with database().reading() as session:
        form = _opening_form(session, actor, key)
    posted = read_post(form)
    try:
        with database().transaction() as session:
            instance = instances.start_instance(session, actor, key, posted.texts, posted.token)
            posted.refuse_bad_files()
            opening = next(task for task in instances.tasks_of(session, instance.id) if task.token == posted.token)
    except InvalidAnswers as error:
        return _start_page(key, posted, {**error.problems, **posted.problems}), error.status
    return redirect(url_for("staff.after", task_id=opening.id), 303)


@bp.get("/tugas/<uuid:task_id>")
def task(task_id: UUID) -> ResponseReturnValue:
    return _task_page(task_id)


@bp.post("/tugas/<uuid:task_id>")
def submit_task(task_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with database().reading() as session:
        view = instances.task_seen_by(session, actor, task_id)
        form = definitions.form_of(session, view.definition, view.task.form_id)
    posted = read_post(form, keep_files=view.mine)
    try:
        with database().transaction() as session:
            done = instances.complete_task(session, actor, task_id, posted.texts, posted.token)
            posted.refuse_bad_files()
    except InvalidAnswers as error:
        return _task_page(task_id, posted, {**error.problems, **posted.problems}), error.status
    return redirect(url_for("staff.after", task_id=done.id), 303)


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


@bp.post("/tugas/<uuid:task_id>/kembalikan-ke-antrean")
def release(task_id: UUID) -> ResponseReturnValue:
    with database().transaction() as session:
        instances.release_task(session, current_actor(), task_id)
    flash("Tugas dikembalikan ke antrean.")
    return redirect(url_for("staff.inbox", kotak="kelompok"), 303)


@bp.get("/berkas/<uuid:file_id>")
def download(file_id: UUID) -> ResponseReturnValue:
    """Always saved, never shown by the browser: what people upload is not ours."""
    with database().reading() as session:
        file = instances.attachment_for(session, current_actor(), file_id)
    response = send_file(storage().open(file.storage_key), mimetype=file.media_type, as_attachment=True, download_name=file.filename)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Length"] = str(file.size)
    return response


def _task_page(task_id: UUID, posted: Posted | None = None, problems: Mapping[str, str] = NO_PROBLEMS) -> str:
    with database().reading() as session:
        page = task_page(session, current_actor(), task_id, posted, problems, settings().max_file_mb)
    return render_template("task.html", page=page)


def _start_page(key: str, posted: Posted | None = None, problems: Mapping[str, str] = NO_PROBLEMS) -> str:
    with database().reading() as session:
        page = start_page(session, current_actor(), key, posted, problems, settings().max_file_mb)
    return render_template("start.html", page=page)


def _opening_form(session: Session, actor: Actor, key: str) -> Form:
    definition = instances.startable_for(session, actor, key)
    start = definitions.spec_of(definition).drawing.start
    return definitions.form_of(session, definition, start.form if start else None)


def _is_leaders(session: Session, row: InboxRow) -> bool:
    """A step that may be recorded from paper is a leader's: no red there."""
    definition = session.get_one(Definition, row.instance.definition_id)
    return bool(definitions.spec_of(definition).drawing.elements[row.task.element].recorders)


def _box(text: str | None) -> Box:
    return next((box for box in get_args(Box) if box == text), "saya")
