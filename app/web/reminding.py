"""Reminders on Pantauan: recording a message that was sent, making a letter, printing it. More routes of the collecting pages."""

from flask import flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from app import instances
from app.errors import InvalidAnswers
from app.web.collecting import as_uuids, back_to, bp, show_monitor, texts_of
from app.web.collecting_page import Typed
from app.web.guard import current_actor, database, settings, wants_json
from app.web.letter_page import letter_page
from app.web.posting import plain, posted_token

NUMBER = 80  # letters in a letter's number


@bp.post("/<int(max=2147483647):instance_id>/<element>/pengingat")
def remind(instance_id: int, element: str) -> ResponseReturnValue:
    """A message was copied or opened in WhatsApp: a script tells, or the button beside the text."""
    token, items = posted_token(), plain(request.form.get("opd", "")).split()
    with database().transaction() as session:
        message = plain(request.form.get("pesan", ""))
        instances.remind(session, current_actor(), instance_id, plain(element), message, items, token)
    if wants_json():
        return jsonify({"told": "Pengingat tercatat"})
    flash("Pengingat tercatat.")
    return back_to(instance_id, element)


@bp.post("/<int(max=2147483647):instance_id>/<element>/surat-pengingat")
def make_letter(instance_id: int, element: str) -> ResponseReturnValue:
    """`ingatkan` = semua: everybody who is waited for, else the lines that are ticked; `bentuk` = tiap: a letter for each."""
    texts, token = texts_of("ingatkan", "bentuk", "penanda_tangan"), posted_token()
    ticked = as_uuids(request.form.getlist("pilih"))
    chosen, each = None if texts["ingatkan"] == "semua" else ticked, texts["bentuk"] == "tiap"
    try:
        with database().transaction() as session:
            signer = texts["penanda_tangan"]
            made = instances.remind_by_letter(session, current_actor(), instance_id, plain(element), chosen, each, signer, token)
    except InvalidAnswers as error:
        return show_monitor(instance_id, element, Typed("surat", None, texts, error.problems, frozenset(ticked))), error.status
    return redirect(url_for("collecting.letter", instance_id=instance_id, element=made.element, seq=made.seq), 303)


@bp.get("/<int(max=2147483647):instance_id>/<element>/surat-pengingat/<int(max=2147483647):seq>")
def letter(instance_id: int, element: str, seq: int) -> ResponseReturnValue:
    """`nomor`: of the office's register, written in before printing."""
    number = plain(request.args.get("nomor", ""))[:NUMBER]
    with database().reading() as session:
        page = letter_page(session, current_actor(), instance_id, plain(element), seq)
    region, address = settings().office_region, url_for("staff.inbox", _external=True)
    return render_template("letter.html", page=page, number=number, region=region, address=address)
