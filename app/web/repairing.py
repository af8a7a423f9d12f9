""" "Perbaiki pelaksanaan": routes of the admin's repair deeds, each with a page that says what will follow before it is done."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import instances
from app.errors import InvalidAnswers, InvalidInput, NotFound
from app.instances.repairing import REASON
from app.web.guard import current_actor, database, settings
from app.web.posting import plain, posted_texts, remember_texts
from app.web.repair_page import case_to_repair_for, confirm_page, repair_page

bp = Blueprint("repairing", __name__, url_prefix="/pelaksanaan/<int(max=2147483647):instance_id>/perbaiki")
SUBJECTS = ("langkah", "tugas")
OURS = (*SUBJECTS, REASON, "revisi")
NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})
Texts = Mapping[str, list[str]]
DONE: Mapping[str, str] = {
    "tangguhkan": "Pelaksanaan ditangguhkan.",
    "lanjutkan": "Pelaksanaan dilanjutkan.",
    "batalkan": "Pelaksanaan dibatalkan.",
    "tarik": "OPD ditarik dari langkah ini; alasannya tercatat.",
    "tutup": "Penerimaan ditutup; daftar OPD yang tidak menyampaikan tercatat.",
    "mulai-lagi": "Pelaksanaan dimulai lagi dari langkah yang dipilih.",
}


@bp.get("")
def show(instance_id: int) -> ResponseReturnValue:
    with database().reading() as session:
        page = repair_page(session, current_actor(), instance_id)
    return render_template("repair.html", page=page)


@bp.post("/coba-lagi")
def retry(instance_id: int) -> ResponseReturnValue:
    with database().transaction() as session:
        case_to_repair_for(session, current_actor(), instance_id)
        instance = instances.retry_instance(session, current_actor(), instance_id)
    flash(f"{instance.title}: keadaannya terbuka dan cocok; gangguannya ditandai selesai.")
    return redirect(url_for("cases.show", instance_id=instance_id), 303)


@bp.get("/<deed>")
def confirm(instance_id: int, deed: str) -> ResponseReturnValue:
    return _confirm_page(instance_id, deed, request.args)


@bp.post("/<deed>")
def carry_out(instance_id: int, deed: str) -> ResponseReturnValue:
    """`revisi` is that of the case when its consequences were shown: what happened since would make them wrong."""
    reason, texts = plain(request.form.get(REASON, "")), posted_texts()
    remember_texts({REASON: "Alasan"}, {REASON: [reason]})
    values = {key: found for key, found in texts.items() if key not in OURS}
    try:
        with database().transaction() as session:
            case_to_repair_for(session, current_actor(), instance_id)
            if deed not in _CARRIED_OUT:
                raise NotFound
            instances.require_unchanged(session, instance_id, _number(request.form.get("revisi", "")))
            _CARRIED_OUT[deed](session, instance_id, reason, values)
    except InvalidAnswers as error:
        problems = {REASON if key == "alasan" else key: sentence for key, sentence in error.problems.items()}
        return _confirm_page(instance_id, deed, request.form, values, reason, problems), error.status
    flash(DONE[deed])
    return redirect(url_for("cases.show", instance_id=instance_id), 303)


def _confirm_page(
    instance_id: int,
    deed: str,
    subject: Mapping[str, str],
    posted: Texts | None = None,
    reason: str = "",
    problems: Mapping[str, str] = NO_PROBLEMS,
) -> str:
    named = {name: plain(subject[name]) for name in SUBJECTS if name in subject}
    with database().reading() as session:
        page = confirm_page(session, current_actor(), instance_id, deed, named, posted, reason, problems)
    return render_template("repair_confirm.html", page=page, reason_field=REASON, max_mb=settings().max_file_mb)


def _suspend(session: Session, instance_id: int, reason: str, _values: Texts) -> None:
    instances.suspend_instance(session, current_actor(), instance_id, reason)


def _resume(session: Session, instance_id: int, reason: str, _values: Texts) -> None:
    instances.resume_instance(session, current_actor(), instance_id, reason)


def _cancel(session: Session, instance_id: int, reason: str, _values: Texts) -> None:
    instances.cancel_instance(session, current_actor(), instance_id, reason)


def _withdraw(session: Session, instance_id: int, reason: str, _values: Texts) -> None:
    instances.withdraw_row(session, current_actor(), instance_id, _task(), reason)


def _close(session: Session, instance_id: int, reason: str, _values: Texts) -> None:
    instances.close_fan_out(session, current_actor(), instance_id, _task(), reason)


def _restart(session: Session, instance_id: int, reason: str, values: Texts) -> None:
    instances.restart_instance(session, current_actor(), instance_id, plain(request.form.get("langkah", "")), values, reason)


_CARRIED_OUT: Mapping[str, Callable[[Session, int, str, Texts], None]] = {
    "tangguhkan": _suspend, "lanjutkan": _resume, "batalkan": _cancel, "tarik": _withdraw, "tutup": _close, "mulai-lagi": _restart,
}  # fmt: skip


def _task() -> UUID:
    try:
        return UUID(request.form.get("tugas", ""))
    except ValueError as error:
        raise InvalidInput("Tugas yang dimaksud tidak terbaca. Kembali ke halaman perbaikan pelaksanaan.") from error


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 11 else -1
