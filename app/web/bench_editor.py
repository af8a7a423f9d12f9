"""What the editors of drawings and forms ask and send: JSON for scripts of ours, under the same guard as the pages.

Every refusal is {"problem": sentence} with its status; a save that came too late is told {"revision", "by", "at"} of the newer one,
a drawing or form that cannot be read {"findings"}.
"""

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import definitions, diagram, forms
from app.definitions import Bundle
from app.errors import InvalidInput
from app.layout import layout
from app.models import Group
from app.web.bench import bp
from app.web.guard import current_actor, database, settings
from app.web.posting import plain
from app.words import clock_time

MAX_TIDIED = 300  # elements, and lanes; more are no SOP
MAX_BODY = 6 * 1024 * 1024
DRAFT = "/rancangan/<int(max=2147483647):draft_id>"
FORM = f"{DRAFT}/formulir/<form_id>"


@bp.get(f"{DRAFT}/gambar")
def modeler(draft_id: int) -> ResponseReturnValue:
    with database().reading() as session:
        definitions.require_analyst(current_actor())
        draft = definitions.draft_for(session, current_actor(), draft_id)
    return render_template("modeler.html", draft=draft)


@bp.get(f"{DRAFT}/gambar.bpmn")
def draft_drawing(draft_id: int) -> ResponseReturnValue:
    """The drawing as saved; the header X-Revision is what a save must name."""
    with database().reading() as session:
        draft = definitions.draft_for(session, current_actor(), draft_id)
        headers = {"X-Revision": str(draft.revision), "Content-Security-Policy": "default-src 'none'; sandbox"}
        return Response(draft.bpmn, mimetype="application/xml", headers=headers)


@bp.post(f"{DRAFT}/gambar")
def save_drawing(draft_id: int) -> ResponseReturnValue:
    """{xml, revision} -> {revision, saved: "10.42 WIB"}."""
    sent = _body_of_analyst()
    with database().transaction() as session:
        draft = definitions.save_drawing(session, current_actor(), draft_id, _text(sent, "xml"), _number(sent, "revision"))
    return jsonify({"revision": draft.revision, "saved": clock_time(draft.saved_at)})


@bp.post(f"{DRAFT}/salinan")
def copy_draft(draft_id: int) -> ResponseReturnValue:
    """{xml} -> {address}: one's own copy, after somebody else saved the draft meanwhile. Its forms come along."""
    sent = _body_of_analyst()
    with database().transaction() as session:
        draft = definitions.draft_for(session, current_actor(), draft_id)
        kept = {form.form_id: form.content for form in definitions.forms_of(session, draft)}
        bundle = Bundle(draft.file, _text(sent, "xml"), kept)
        copy = definitions.keep_draft(session, current_actor(), bundle, draft.based_on)
    return jsonify({"address": url_for("bench.modeler", draft_id=copy.id)})


@bp.post(f"{DRAFT}/periksa")
def check_drawing(draft_id: int) -> ResponseReturnValue:
    """{xml} (not yet saved) -> {findings: [{file, line, element, name, rule, severity, message}]}."""
    sent = _body_of_analyst()
    with database().reading() as session:
        draft = definitions.draft_for(session, current_actor(), draft_id)
        available = {form.form_id: form.content for form in definitions.forms_of(session, draft)}
        groups = definitions.known_groups(session)
        bundle = definitions.with_calls(session, definitions.bundle_from_files(draft.file, _text(sent, "xml"), available))
    return jsonify({"findings": [finding.as_dict() for finding in definitions.check_apart(bundle, groups)]})


@bp.post(f"{DRAFT}/rapikan")
def tidy_drawing(draft_id: int) -> ResponseReturnValue:
    """{xml} -> {xml}: the same drawing laid out anew, lane by lane. Nothing is saved."""
    sent = _text(_body_of_analyst(), "xml")
    with database().reading() as session:
        draft = definitions.draft_for(session, current_actor(), draft_id)
    drawing = diagram.read(sent, draft.file)
    if max(len(drawing.elements), len(drawing.lanes), len(drawing.flows) // 2) > MAX_TIDIED:
        raise InvalidInput(
            f"Diagram lebih dari {MAX_TIDIED} elemen atau lane, atau lebih dari {2 * MAX_TIDIED} panah, tidak dirapikan di sini."
        )
    try:
        return jsonify({"xml": layout(sent).decode()})
    except ValueError as error:
        raise InvalidInput(
            "Diagram ini belum dapat dirapikan: sambungkan dahulu semua elemennya dalam lane, atau kurangi panah yang bersilangan."
        ) from error


@bp.get(f"{DRAFT}/pilihan.json")
def choices(draft_id: int) -> ResponseReturnValue:
    """What the editor's pickers offer: {groups: [{key, name}], forms: [{id, title, address}]}."""
    with database().reading() as session:
        draft = definitions.draft_for(session, current_actor(), draft_id)
        kept = definitions.forms_of(session, draft)
        groups = session.execute(select(Group.key, Group.name).order_by(Group.name)).all()
    offered = [{"id": form.form_id, "title": _title(form.content, form.form_id), "address": _form_address(draft_id, form.form_id)}
               for form in kept]  # fmt: skip
    return jsonify({"groups": [{"key": key, "name": name} for key, name in groups], "forms": offered})


@bp.get(FORM)
def form_editor(draft_id: int, form_id: str) -> ResponseReturnValue:
    with database().reading() as session:
        definitions.require_analyst(current_actor())
        draft = definitions.draft_for(session, current_actor(), draft_id)
        found = definitions.form_draft_for(session, current_actor(), draft_id, plain(form_id))
    return render_template("form_editor.html", draft=draft, form=found)


@bp.get(f"{FORM}.json")
def draft_form(draft_id: int, form_id: str) -> ResponseReturnValue:
    """The form as saved; the header X-Revision is what a save must name."""
    with database().reading() as session:
        found = definitions.form_draft_for(session, current_actor(), draft_id, plain(form_id))
        return Response(found.content, mimetype="application/json", headers={"X-Revision": str(found.revision)})


@bp.post(FORM)
def save_form(draft_id: int, form_id: str) -> ResponseReturnValue:
    """{schema: text of the .form file, revision (0: new)} -> {revision, saved, address}."""
    sent = _body_of_analyst()
    with database().transaction() as session:
        found = definitions.save_form(session, current_actor(), draft_id, plain(form_id), _text(sent, "schema"), _number(sent, "revision"))
    told = {"revision": found.revision, "saved": clock_time(found.saved_at), "address": _form_address(draft_id, form_id)}
    return jsonify(told)


@bp.post(f"{FORM}/pratinjau")
def preview_form(draft_id: int, form_id: str) -> ResponseReturnValue:
    """{schema} -> {html, findings}: the form as people will see it, "" while it cannot be compiled."""
    form, findings = forms.compile_form(_text(_body_of_analyst(), "schema"), f"{form_id}.form")
    html = render_template("form_preview.html", form=form, max_mb=settings().max_file_mb) if form else ""
    return jsonify({"html": html, "findings": [finding.as_dict() for finding in findings]})


def _form_address(draft_id: int, form_id: str) -> str:
    return url_for("bench.form_editor", draft_id=draft_id, form_id=form_id)


def _title(content: bytes, form_id: str) -> str:
    form, _findings = forms.compile_form(content, f"{form_id}.form")
    return form.title if form else form_id


def _body_of_analyst() -> Mapping[str, Any]:
    """Raises Forbidden, and InvalidInput for what no editor of ours sends."""
    definitions.require_analyst(current_actor())
    request.max_content_length = MAX_BODY
    try:
        sent = request.get_json(force=True, silent=True)
    except RecursionError as error:
        raise InvalidInput("Kiriman ini tidak dapat dibaca.") from error
    if not isinstance(sent, Mapping):
        raise InvalidInput("Kiriman ini tidak dapat dibaca. Muat ulang halaman editor, lalu simpan lagi.")
    return sent


def _text(sent: Mapping[str, Any], name: str) -> bytes:
    value = sent.get(name)
    if not isinstance(value, str):
        raise InvalidInput(f"Kiriman ini tidak memuat “{name}”.")
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(f"“{name}” memuat huruf yang rusak.") from error


def _number(sent: Mapping[str, Any], name: str) -> int:
    value = sent.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInput(f"Kiriman ini tidak memuat “{name}”.")
    return value
