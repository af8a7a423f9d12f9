"""One renderer for every refusal. What the person reads is a sentence; what broke is in the log and the incident."""

import logging

from flask import Flask, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app import incidents
from app.errors import AppError, Busy, EngineFault
from app.web.guard import database, wants_json

log = logging.getLogger("alur")
FAULT = "Terjadi kendala pada aplikasi. Data Anda tidak berubah. Sebutkan nomor {reference} kepada admin."
HTTP_SENTENCES = {
    400: ("Permintaan tidak dapat dibaca", "Muat ulang halaman sebelumnya, lalu coba lagi."),
    404: ("Halaman tidak ditemukan", "Halaman atau data ini tidak ada, atau bukan untuk Anda."),
    405: ("Cara ini tidak dipakai di sini", "Kembali ke Tugas Saya, lalu coba lagi."),
    413: ("Berkas terlalu besar", "Berkas yang dikirim melebihi batas. Perkecil atau serahkan melalui Tata Usaha."),
}


def register(app: Flask) -> None:
    app.register_error_handler(AppError, render_app_error)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def render_app_error(error: AppError, **kept: object) -> ResponseReturnValue:
    """kept: what the page shows besides (the answers of a refused form)."""
    if isinstance(error, EngineFault):
        return _fault(error, str(error), error.element, error.instance_id)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, Busy) else {}
    if wants_json():
        return jsonify({"problem": str(error), **error.details()}), error.status, headers
    page = render_template("error.html", title=error.title, message=str(error), status=error.status, reference="", **kept)
    return page, error.status, headers


def _csrf(_error: CSRFError) -> ResponseReturnValue:
    message = "Halaman ini sudah terlalu lama terbuka. Kembali, muat ulang halaman, lalu kirim lagi."
    return _page_or_json("Muat ulang halaman", message, 400)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    title, message = HTTP_SENTENCES.get(error.code, ("Permintaan ditolak", "Kembali ke Tugas Saya, lalu coba lagi."))
    return _page_or_json(title, message, error.code)


def _unexpected(error: Exception) -> ResponseReturnValue:
    return _fault(error, f"{type(error).__name__}: {error}", "", None)


def record_fault(error: Exception, message: str, element: str = "", instance_id: int | None = None) -> str:
    """A reference number: after the rollback, in a transaction of its own; should that fail too, the log still has it."""
    try:
        with database().transaction() as session:
            reference = incidents.record_incident(session, message, element, instance_id)
    except (AppError, SQLAlchemyError):
        reference = "K-0"
    log.error("%s %s", reference, message, exc_info=error)
    return reference


def _fault(error: Exception, message: str, element: str, instance_id: int | None) -> ResponseReturnValue:
    reference = record_fault(error, message, element, instance_id)
    title, text = EngineFault.title, FAULT.format(reference=reference)
    return _page_or_json(title, text, 500, reference)


def _page_or_json(title: str, message: str, status: int, reference: str = "") -> ResponseReturnValue:
    """A page for a person, a sentence for a script of ours."""
    if wants_json():
        return jsonify({"problem": message}), status
    return render_template("error.html", title=title, message=message, status=status, reference=reference), status
