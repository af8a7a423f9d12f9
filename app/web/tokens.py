"""Personal tokens on Akun saya: made, shown once, revoked."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import accounts
from app.accounts import SignInRefused
from app.errors import InvalidAnswers
from app.web.account import NO_PROBLEMS, bp, record_wrong_password, show_account
from app.web.guard import client_address, current_actor, database
from app.web.posting import plain

FIELDS = ("nama", "lingkup", "masa")


@bp.get("/akun/token")
def token_form() -> ResponseReturnValue:
    with database().reading() as session:
        accounts.require_use(session, current_actor())
    return _form({"lingkup": "baca", "masa": "90"})


@bp.post("/akun/token")
def make_token() -> ResponseReturnValue:
    """The answer is the only place where the token is ever shown: no redirect, nothing in a cookie."""
    actor = current_actor()
    typed = {name: plain(request.form.get(name, ""))[:200] for name in FIELDS}
    password = request.form.get("kata_sandi", "")
    try:
        with database().transaction() as session:
            made = accounts.make_token(session, actor, typed["nama"], typed["lingkup"], typed["masa"], password, client_address())
    except SignInRefused as error:
        return _form(typed, refusal=str(error)), error.status
    except InvalidAnswers as error:
        if error.problems.get("kata_sandi") == accounts.MISMATCH:
            record_wrong_password(actor.username)
        return _form(typed, error.problems), error.status
    return show_account(made)


@bp.post("/akun/token/<int(max=2147483647):token_id>/cabut")
def revoke_token(token_id: int) -> ResponseReturnValue:
    with database().transaction() as session:
        name = accounts.revoke_token(session, current_actor(), token_id).name
    flash(f"Token “{name}” dicabut. Program yang memakainya tidak dapat masuk lagi.")
    return redirect(url_for("account.mine"), 303)


def _form(typed: Mapping[str, str], problems: Mapping[str, str] = NO_PROBLEMS, refusal: str = "") -> str:
    lives = [(str(days), words) for days, words in accounts.LIVES.items()]
    scopes = accounts.SCOPES.items()
    return render_template("token_form.html", typed=typed, problems=problems, refusal=refusal, scopes=scopes, lives=lives)
