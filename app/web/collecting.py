"""Pantauan Pengumpulan: routes of those who collect from every OPD."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app import definitions, instances
from app.errors import Conflict, InvalidAnswers
from app.models import Task
from app.web.collecting_page import TABS, Typed, Wanted, monitor_page, outside_page, read_date
from app.web.guard import current_actor, database, settings
from app.web.last_year import step_of
from app.web.posting import Posted, plain, read_post, remember_texts
from app.web.reminded import reminded_of
from app.web.table_actions import table_answer
from app.words import long_date

bp = Blueprint("collecting", __name__, url_prefix="/pantauan")
NOTHING: Mapping[str, str] = MappingProxyType({})
RECEIPT = ("luar-tanggal", "luar-saluran", "luar-dari")  # a hyphen: no form of an SOP has such keys
LABELS: Mapping[str, str] = {
    "alasan": "Alasan",
    "batas_waktu": "Batas waktu baru",
    "catatan": "Catatan perbaikan",
    "luar-tanggal": "Tanggal terima",
    "luar-saluran": "Saluran penerimaan",
    "luar-dari": "Diterima dari",
}


@bp.get("", endpoint="list")
def list_all() -> ResponseReturnValue:
    with database().reading() as session:
        found = instances.collections_for(session, current_actor())
        reminded = reminded_of(session, [one.instance.id for one in found])
    return render_template("monitor_list.html", collections=found, reminded=reminded)


@bp.get("/<int(max=2147483647):instance_id>/<element>")
def show(instance_id: int, element: str) -> ResponseReturnValue:
    return show_monitor(instance_id, element)


@bp.post("/<int(max=2147483647):instance_id>/<element>/terima")
def accept(instance_id: int, element: str) -> ResponseReturnValue:
    """`satu` is the button of one line; without it, the lines that are ticked."""
    one = as_uuids([request.form.get("satu", "")])
    chosen = one or as_uuids(request.form.getlist("pilih"))
    try:
        with database().transaction() as session:
            own = {line.task.id for line in _own(session, instance_id, element).lines}
            if one:
                instances.accept_item(session, current_actor(), one[0])
            done = 1 if one else len(instances.accept_items(session, current_actor(), [id for id in chosen if id in own]))
    except InvalidAnswers as error:
        return show_monitor(instance_id, element, Typed("terima", None, NOTHING, error.problems, frozenset(chosen))), error.status
    left = len(chosen) - done
    flash(f"{done} kiriman OPD diterima." + (f" {left} yang belum mengirim tidak diubah." if left else ""))
    return back_to(instance_id, element)


@bp.post("/<int(max=2147483647):instance_id>/<element>/perpanjang")
def extend(instance_id: int, element: str) -> ResponseReturnValue:
    """`untuk` = semua: every OPD that is waited for; else the lines that are ticked."""
    texts, until = texts_of("batas_waktu", "alasan", "untuk"), read_date(request.form.get("batas_waktu", ""))
    ticked = as_uuids(request.form.getlist("pilih"))
    try:
        with database().transaction() as session:
            found = _own(session, instance_id, element)
            chosen = [line.task.id for line in found.lines if texts["untuk"] == "semua" or line.task.id in ticked]
            done = instances.extend_deadlines(session, current_actor(), chosen, until, texts["alasan"])
    except InvalidAnswers as error:
        return show_monitor(instance_id, element, Typed("perpanjang", None, texts, error.problems, frozenset(ticked))), error.status
    flash(f"Batas waktu {len(done)} OPD diperpanjang{f' sampai {long_date(until)}' if until else ''}.")
    return back_to(instance_id, element)


@bp.post("/<int(max=2147483647):instance_id>/<element>/tutup")
def close(instance_id: int, element: str) -> ResponseReturnValue:
    texts = texts_of("alasan")
    try:
        with database().transaction() as session:
            waiting = [line.task for line in _own(session, instance_id, element).lines if line.task.state in ("open", "submitted")]
            if not waiting:
                raise Conflict("Penerimaan ini sudah ditutup.")
            instances.close_collection(session, current_actor(), waiting[0].id, texts["alasan"])
    except InvalidAnswers as error:
        return show_monitor(instance_id, element, Typed("tutup", None, texts, error.problems)), error.status
    flash("Penerimaan ditutup; daftar OPD yang tidak menyampaikan tercatat.")
    return back_to(instance_id, element)


@bp.post("/opd/<uuid:task_id>/kembalikan")
def send_back(task_id: UUID) -> ResponseReturnValue:
    texts = texts_of("catatan")
    try:
        with database().transaction() as session:
            done = instances.return_item(session, current_actor(), task_id, texts["catatan"])
    except InvalidAnswers as error:
        return show_monitor(*_place(task_id), Typed("kembalikan", task_id, texts, error.problems)), error.status
    flash("Kiriman dikembalikan; OPD itu menerima tugasnya lagi dengan catatan Anda.")
    return back_to(done.instance_id, done.element)


@bp.post("/opd/<uuid:task_id>/tarik")
def withdraw(task_id: UUID) -> ResponseReturnValue:
    texts = texts_of("alasan")
    try:
        with database().transaction() as session:
            done = instances.withdraw_item(session, current_actor(), task_id, texts["alasan"])
    except InvalidAnswers as error:
        return show_monitor(*_place(task_id), Typed("tarik", task_id, texts, error.problems)), error.status
    flash("OPD ditarik dari langkah ini; alasannya tercatat.")
    return back_to(done.instance_id, done.element)


@bp.get("/opd/<uuid:task_id>/catat")
def outside_form(task_id: UUID) -> ResponseReturnValue:
    return _outside_page(task_id)


@bp.post("/opd/<uuid:task_id>/catat")
def receive_outside(task_id: UUID) -> ResponseReturnValue:
    actor, receipt = current_actor(), texts_of(*RECEIPT)
    with database().reading() as session:
        view = instances.task_seen_by(session, actor, task_id)
        form = definitions.form_of(session, view.definition, view.task.form_id)
    posted = read_post(form, keep_files=instances.may_collect(actor, view))
    if (again := table_answer(form, posted, step_of(view))) is not None:
        return again if isinstance(again, Response) else _outside_page(task_id, again, again.problems, receipt)
    answers = {key: values for key, values in posted.texts.items() if key not in RECEIPT}
    day, channel, sender = read_date(receipt["luar-tanggal"]), receipt["luar-saluran"], receipt["luar-dari"]
    try:
        with database().transaction() as session:
            done = instances.receive_outside(session, actor, task_id, answers, posted.token, day, channel, sender)
            posted.refuse_bad_files()
    except InvalidAnswers as error:
        return _outside_page(task_id, posted, {**error.problems, **posted.problems}, receipt), error.status
    flash("Penerimaan di luar aplikasi tercatat.")
    return back_to(done.instance_id, done.element)


def show_monitor(instance_id: int, element: str, typed: Typed | None = None) -> str:
    address, office = url_for("staff.inbox", _external=True), settings().office_name
    with database().reading() as session:
        page = monitor_page(session, current_actor(), instance_id, plain(element), _wanted(), address, office, typed)
    return render_template("monitor.html", page=page)


def _outside_page(
    task_id: UUID, posted: Posted | None = None, problems: Mapping[str, str] = NOTHING, receipt: Mapping[str, str] = NOTHING
) -> str:
    with database().reading() as session:
        page = outside_page(session, current_actor(), task_id, posted, problems, receipt, settings().max_file_mb)
    return render_template("monitor_receive.html", page=page)


def _own(session: Session, instance_id: int, element: str) -> instances.Collection:
    """Inside the transaction of a deed. Raises NotFound."""
    return instances.collection_for(session, current_actor(), instance_id, plain(element))


def _place(task_id: UUID) -> tuple[int, str]:
    with database().reading() as session:
        task: Task = instances.task_seen_by(session, current_actor(), task_id).task
    return task.instance_id, task.element


def back_to(instance_id: int, element: str) -> Response:
    """To the same tab and search the person came from."""
    wanted = _wanted()
    address = url_for(
        "collecting.show", instance_id=instance_id, element=plain(element), lihat=wanted.tab or None, cari=wanted.search or None
    )
    return redirect(address, 303)


def _wanted() -> Wanted:
    asked = request.values
    tab, tick, tool = asked.get("lihat", ""), asked.get("centang", ""), asked.get("alat", "")
    return Wanted(tab if tab in TABS else "", plain(asked.get("cari", ""))[:100], tool, tick if tick in TABS else "")


def texts_of(*names: str) -> dict[str, str]:
    """What was typed in one of our own small forms, also remembered for the page of a refusal."""
    found = {name: plain(request.form.get(name, "")) for name in names}
    remember_texts(LABELS, {name: [text] for name, text in found.items() if name in LABELS})
    return found


def as_uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
