"""Diagram dan Formulir: SOPs with their versions, drafts, checking, publishing, comparing.

Analysts write; auditors and admins read along.
"""

from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app import definitions
from app.definitions import Bundle
from app.errors import Finding, InvalidAnswers, InvalidBundle
from app.file_kinds import safe_name
from app.web import bench_page as pages
from app.web.guard import current_actor, database, settings
from app.web.posting import plain, remember_texts

bp = Blueprint("bench", __name__)
NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})
LABELS: Mapping[str, str] = {"alasan": "Alasan", "catatan": "Catatan versi"}
VERSION = "/diagram/<key>/<int(max=2147483647):version>"
DRAFT = "/rancangan/<int(max=2147483647):draft_id>"


@bp.get("/diagram", endpoint="list")
def list_all() -> ResponseReturnValue:
    return _list_page()


@bp.get("/diagram/<key>")
def sop(key: str) -> ResponseReturnValue:
    with database().reading() as session:
        page = pages.sop_page(session, current_actor(), plain(key))
    return render_template("bench_sop.html", page=page)


@bp.get(VERSION)
def version(key: str, version: int) -> ResponseReturnValue:
    return _version_page(key, version)


@bp.get(f"{VERSION}/unduh")
def download_version(key: str, version: int) -> ResponseReturnValue:
    with database().reading() as session:
        found = definitions.version_for(session, current_actor(), plain(key), version)
        bundle = definitions.bundle_of_version(session, found)
    return _zip(bundle, f"{found.key}_v{found.version}.zip")


@bp.get(f"{VERSION}/formulir/<form_id>")
def version_form(key: str, version: int, form_id: str) -> ResponseReturnValue:
    with database().reading() as session:
        found = definitions.version_for(session, current_actor(), plain(key), version)
        form = definitions.form_of(session, found, plain(form_id))
    return render_template("bench_form.html", definition=found, form=form, max_mb=settings().max_file_mb)


@bp.post(f"{VERSION}/tangguhkan")
def suspend(key: str, version: int) -> ResponseReturnValue:
    reason = _typed("alasan")
    try:
        with database().transaction() as session:
            found = definitions.suspend(session, current_actor(), plain(key), version, reason)
    except InvalidAnswers as error:
        return _version_page(key, version, error.problems), error.status
    flash(f"Versi {found.version} ditangguhkan: tidak ada pelaksanaan baru yang memakainya.")
    return redirect(url_for("bench.version", key=found.key, version=found.version), 303)


@bp.post(f"{VERSION}/pakai-lagi")
def resume(key: str, version: int) -> ResponseReturnValue:
    reason = _typed("alasan")
    try:
        with database().transaction() as session:
            found = definitions.resume(session, current_actor(), plain(key), version, reason)
    except InvalidAnswers as error:
        return _version_page(key, version, error.problems), error.status
    flash(f"Versi {found.version} dapat dipakai lagi.")
    return redirect(url_for("bench.version", key=found.key, version=found.version), 303)


@bp.post(f"{VERSION}/rancangan")
def begin_draft(key: str, version: int) -> ResponseReturnValue:
    with database().transaction() as session:
        found = definitions.version_for(session, current_actor(), plain(key), version)
        draft = definitions.begin_draft(session, current_actor(), found)
    return redirect(url_for("bench.draft", draft_id=draft.id), 303)


@bp.get("/diagram/<key>/bandingkan")
def compare(key: str) -> ResponseReturnValue:
    with database().reading() as session:
        page = pages.compare_page(session, current_actor(), plain(key), request.args.get("dari", ""), request.args.get("ke", ""))
    return render_template("bench_compare.html", page=page)


@bp.post("/rancangan/baru")
def new_draft() -> ResponseReturnValue:
    """A new SOP from the skeleton."""
    name, group = plain(request.form.get("nama", ""))[:200], plain(request.form.get("grup", ""))
    try:
        with database().transaction() as session:
            definitions.require_analyst(current_actor())
            lane = pages.group_name(session, group)
            if not name or lane is None:
                raise InvalidAnswers(_missing(name, lane))
            draft = definitions.keep_draft(session, current_actor(), definitions.new_bundle(name, group, lane))
    except InvalidAnswers as error:
        return _list_page(error.problems, {"nama": name, "grup": group}), error.status
    return redirect(url_for("bench.draft", draft_id=draft.id), 303)


@bp.post("/rancangan/unggah")
def upload() -> ResponseReturnValue:
    """A drawing with its forms becomes a draft; what is wrong with it is told on the draft's page."""
    definitions.require_analyst(current_actor())
    sent = [file for file in request.files.getlist("berkas") if file.filename]
    files = [(file.filename or "", file.stream.read(definitions.MAX_TOTAL + 1)) for file in sent]
    try:
        if not files:
            raise InvalidAnswers({"berkas": "Berkas belum dipilih."})
        bundle = definitions.bundle_from_upload(files)
        with database().transaction() as session:
            draft = definitions.keep_draft(session, current_actor(), bundle)
    except InvalidAnswers as error:
        return _list_page(error.problems), error.status
    except InvalidBundle as error:
        return _list_page({"berkas": str(error)}), error.status
    flash("Diagram diterima sebagai rancangan. Periksa catatannya, lalu terbitkan.")
    return redirect(url_for("bench.draft", draft_id=draft.id), 303)


@bp.get(DRAFT)
def draft(draft_id: int) -> ResponseReturnValue:
    return _draft_page(draft_id)


@bp.get(f"{DRAFT}/unduh")
def download_draft(draft_id: int) -> ResponseReturnValue:
    with database().reading() as session:
        found = definitions.draft_for(session, current_actor(), draft_id)
        bundle = definitions.bundle_of(session, found)
    return _zip(bundle, f"{found.key}_rancangan.zip")


@bp.post(f"{DRAFT}/formulir")
def add_form(draft_id: int) -> ResponseReturnValue:
    """A new, empty form, opened in its editor."""
    form_id, title = plain(request.form.get("id", "")), plain(request.form.get("judul", ""))[:200]
    try:
        with database().transaction() as session:
            definitions.add_form(session, current_actor(), draft_id, form_id, title)
    except InvalidAnswers as error:
        return _draft_page(draft_id, error.problems, {"id": form_id, "judul": title}), error.status
    return redirect(url_for("bench.form_editor", draft_id=draft_id, form_id=form_id), 303)


@bp.post(f"{DRAFT}/formulir/<form_id>/hapus")
def remove_form(draft_id: int, form_id: str) -> ResponseReturnValue:
    with database().transaction() as session:
        definitions.remove_form(session, current_actor(), draft_id, plain(form_id))
    flash(f"Formulir “{plain(form_id)}” dihapus dari rancangan ini.")
    return redirect(url_for("bench.draft", draft_id=draft_id), 303)


@bp.post(f"{DRAFT}/hapus")
def discard(draft_id: int) -> ResponseReturnValue:
    with database().transaction() as session:
        definitions.discard_draft(session, current_actor(), draft_id)
    flash("Rancangan dihapus. Versi yang sudah terbit tidak berubah.")
    return redirect(url_for("bench.list"), 303)


@bp.post(f"{DRAFT}/terbitkan")
def publish(draft_id: int) -> ResponseReturnValue:
    """Checked before the transaction; the transaction sees to it that just this is what was checked."""
    actor, note = current_actor(), _typed("catatan")[:2000]
    with database().reading() as session:
        definitions.require_analyst(actor)
        bundle = definitions.bundle_of(session, definitions.draft_for(session, actor, draft_id))
        groups = definitions.known_groups(session)
    findings = pages.checked(bundle, groups)
    try:
        with database().transaction() as session:
            found = definitions.publish_draft(session, actor, draft_id, note, bundle.digest, findings)
    except InvalidAnswers as error:
        return _draft_page(draft_id, error.problems, {"catatan": note}, findings), error.status
    except InvalidBundle as error:
        problems = {"terbit": "Rancangan belum dapat diterbitkan: perbaiki dahulu kesalahan pada catatan pemeriksaan."}
        return _draft_page(draft_id, problems, {"catatan": note}, error.findings), error.status
    flash(f"{found.name} versi {found.version} terbit. Pelaksanaan yang sedang berjalan tetap memakai versinya sendiri.")
    return redirect(url_for("bench.version", key=found.key, version=found.version), 303)


def _list_page(problems: Mapping[str, str] = NO_PROBLEMS, typed: Mapping[str, str] = NO_PROBLEMS) -> str:
    with database().reading() as session:
        page = pages.list_page(session, current_actor())
    return render_template("bench.html", page=page, problems=problems, typed=typed)


def _version_page(key: str, version: int, problems: Mapping[str, str] = NO_PROBLEMS) -> str:
    with database().reading() as session:
        page = pages.version_page(session, current_actor(), plain(key), version)
    return render_template("bench_version.html", page=page, problems=problems)


def _draft_page(
    draft_id: int,
    problems: Mapping[str, str] = NO_PROBLEMS,
    typed: Mapping[str, str] = NO_PROBLEMS,
    findings: tuple[Finding, ...] | None = None,
) -> str:
    with database().reading() as session:
        page = pages.draft_page(session, current_actor(), draft_id, findings)
    return render_template("bench_draft.html", page=page, problems=problems, typed=typed)


def _typed(name: str) -> str:
    """Also remembered for the page of a refusal."""
    text = plain(request.form.get(name, ""))
    remember_texts(LABELS, {name: [text]})
    return text


def _missing(name: str, lane: str | None) -> dict[str, str]:
    problems = {} if name else {"nama": "Nama SOP belum diisi."}
    return problems if lane is not None else {**problems, "grup": "Pilih siapa yang memulai SOP ini."}


def _zip(bundle: Bundle, name: str) -> Response:
    """name: as its drawing calls it, which may be anything."""
    return send_file(BytesIO(definitions.to_zip(bundle)), "application/zip", as_attachment=True, download_name=safe_name(name))
