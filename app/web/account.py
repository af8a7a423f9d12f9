"""One's own account: signing in and out, with a password or a one-time code; the password; the sessions."""

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import accounts
from app.accounts import SignInRefused
from app.errors import InvalidAnswers
from app.web import carrying
from app.web.account_page import account_page
from app.web.guard import (
    SessionEnded,
    begin_session,
    client_address,
    current_actor,
    database,
    end_session,
    ended_username,
    must_choose_password,
    public,
    session_token,
    signed_in_actor,
)
from app.web.posting import plain, posted_texts

bp = Blueprint("account", __name__)
NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})
STILL_THERE = "Sesi Anda berakhir. Masuk kembali; isian Anda masih tersimpan."
TOO_LONG = "Sesi Anda berakhir, dan isian Anda terlalu panjang untuk dibawa. Salin isian di bawah ini sebelum masuk kembali."


@bp.route("/masuk", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    if request.method == "POST":
        return _enter(plain(request.form.get("nama_pengguna", "")), request.form.get("kata_sandi", ""))
    if signed_in_actor() is not None:
        return redirect(_target())
    return _page("sign_in.html", ended="Sesi Anda berakhir. Masuk kembali untuk melanjutkan." if "berakhir" in request.args else "")


@bp.route("/masuk/kode", methods=["GET", "POST"])
@public
def sign_in_with_code() -> ResponseReturnValue:
    if request.method == "POST":
        return _enter_with_code(plain(request.form.get("nama_pengguna", "")), plain(request.form.get("kode", "")))
    if signed_in_actor() is not None:
        return redirect(_target())
    return _page("sign_in_code.html")


@bp.app_errorhandler(SessionEnded)
def sign_in_again(error: SessionEnded) -> ResponseReturnValue:
    """What was just sent goes along, so that signing in is all that is asked of the person."""
    carried = carrying.carry(ended_username())
    if carried is None:
        return redirect(url_for("account.sign_in", berakhir=1), 303)
    if not carried.signed:
        g.typed = [(key, ", ".join(values)) for key, values in posted_texts().items()]
        return _page("sign_in.html", ended=TOO_LONG, target=carried.target), error.status
    ended = f"{STILL_THERE} Berkas yang baru Anda pilih perlu dipilih lagi." if carried.lost_files else STILL_THERE
    return _page("sign_in.html", ended=ended, target=carried.target, carried=carried.signed), error.status


@bp.post("/keluar")
def sign_out() -> ResponseReturnValue:
    end_session()
    return redirect(url_for("account.sign_in"), 303)


@bp.route("/kata-sandi", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    if request.method == "GET":
        return _password_page()
    old, new, again = (request.form.get(f"kata_sandi_{which}", "") for which in ("lama", "baru", "ulang"))
    try:
        with database().transaction() as session:
            token = accounts.change_password(session, current_actor(), session_token(), old, new, again, client_address())
    except SignInRefused as error:
        return _password_page(refusal=str(error)), error.status
    except InvalidAnswers as error:
        if "kata_sandi_lama" in error.problems:
            record_wrong_password(current_actor().username)
        return _password_page(error.problems), error.status
    begin_session(token)
    flash("Kata sandi baru berlaku. Sesi Anda di perangkat lain sudah berakhir.")
    return redirect("/", 303)


@bp.get("/akun")
def mine() -> ResponseReturnValue:
    return show_account()


@bp.post("/akun/akhiri-sesi-lain")
def end_others() -> ResponseReturnValue:
    with database().transaction() as session:
        ended = accounts.end_other_sessions(session, current_actor(), session_token())
    flash(f"{ended} sesi lain diakhiri." if ended else "Tidak ada sesi lain.")
    return redirect(url_for("account.mine"), 303)


def show_account(made: str = "") -> str:
    """made: a personal token that was just made, shown this once."""
    with database().reading() as session:
        page = account_page(session, current_actor(), session_token())
    return render_template("account.html", page=page, made=made)


def record_wrong_password(username: str) -> None:
    """In a transaction of its own: the one that refused is rolled back."""
    with database().transaction() as session:
        accounts.record_failure(session, username, client_address())


def _enter(username: str, password: str) -> ResponseReturnValue:
    try:
        with database().transaction() as session:
            token = accounts.sign_in(session, username, password, client_address())
    except SignInRefused as error:
        record_wrong_password(username)
        return _page("sign_in.html", str(error), username[:64], carried=request.form.get("isian", "")), error.status
    begin_session(token)
    if carried := request.form.get("isian"):
        flash(*_take_up(token, carried))
    return redirect(_target(), 303)


def _enter_with_code(username: str, code: str) -> ResponseReturnValue:
    try:
        with database().transaction() as session:
            token = accounts.sign_in_with_code(session, username, code, client_address())
    except SignInRefused as error:
        record_wrong_password(username)
        return _page("sign_in_code.html", str(error), username[:64]), error.status
    begin_session(token)
    return redirect(url_for("account.password"), 303)


def _take_up(token: str, carried: str) -> tuple[str, str]:
    """(sentence, category) about the texts that came along."""
    with database().transaction() as session:
        found = accounts.signed_in(session, token)
        said = carrying.take_up(session, found.actor, carried, request.form.get("next", "")) if found else carrying.UNREADABLE
    return said, "success" if said == carrying.KEPT else "warning"


def _page(template: str, refusal: str = "", username: str = "", ended: str = "", target: str = "", carried: str = "") -> str:
    target = target or request.values.get("next", "")
    return render_template(template, refusal=refusal, username=username, target=target, ended=ended, carried=carried)


def _password_page(problems: Mapping[str, str] = NO_PROBLEMS, refusal: str = "") -> str:
    return render_template("password.html", by_code=must_choose_password(), problems=problems, refusal=refusal, least=accounts.MIN_PASSWORD)


def _target() -> str:
    """Where the person wanted to go: a path of ours, never another host."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return wanted if is_ours and wanted.isprintable() else "/"
