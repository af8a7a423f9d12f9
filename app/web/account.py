"""Signing in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import accounts
from app.accounts import SignInRefused
from app.web.guard import begin_session, client_address, database, end_session, public, signed_in_actor
from app.web.posting import plain

bp = Blueprint("account", __name__)


@bp.route("/masuk", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    if request.method == "POST":
        return _enter(plain(request.form.get("nama_pengguna", "")), request.form.get("kata_sandi", ""))
    if signed_in_actor() is not None:
        return redirect(_target())
    return _page(ended="berakhir" in request.args)


@bp.post("/keluar")
def sign_out() -> ResponseReturnValue:
    end_session()
    return redirect(url_for("account.sign_in"), 303)


def _enter(username: str, password: str) -> ResponseReturnValue:
    try:
        with database().transaction() as session:
            token = accounts.sign_in(session, username, password, client_address())
    except SignInRefused as error:
        _record(username)
        return _page(str(error), username[:64]), error.status
    begin_session(token)
    return redirect(_target(), 303)


def _page(refusal: str = "", username: str = "", ended: bool = False) -> str:
    return render_template("sign_in.html", refusal=refusal, username=username, target=request.values.get("next", ""), ended=ended)


def _record(username: str) -> None:
    """In a transaction of its own: the one that refused is rolled back. A try during the pause does not lengthen the pause."""
    with database().transaction() as session:
        if not accounts.too_many_failures(session, username, client_address()):
            accounts.record_failure(session, username, client_address())


def _target() -> str:
    """Where the person wanted to go: a path of ours, never another host."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return wanted if is_ours and wanted.isprintable() else url_for("staff.inbox")
