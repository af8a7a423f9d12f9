"""Who a program speaks for: a person, by password or by a personal token, given with every request. No session begins."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app import access, clock
from app.access import Actor
from app.accounts.lockout import SignInRefused, normal
from app.accounts.sessions import is_alive, verified_user
from app.accounts.tokens import Scope, hash_token, looks_like_token
from app.models import Membership, PersonalToken, SignIn, User
from app.words import long_date

USED_EVERY_SECONDS = 3600
_NO_MATCH = "Nama pengguna, kata sandi, atau token tidak sesuai."
_CHOOSE_FIRST = "Anda masuk dengan kode sekali pakai. Buat kata sandi baru di peramban, lalu coba lagi."


@dataclass(frozen=True)
class Caller:
    """scope: "terbit" with a password. token_id: None with a password. touch_due: its last use is to be written (``touch_token``)."""

    actor: Actor
    scope: Scope
    token_id: int | None = None
    touch_due: bool = False


def caller_with(session: Session, username: str, secret: str, address: str) -> Caller:
    """A username with a password, or with a personal token in its place. Raises SignInRefused; a guess is then recorded."""
    if looks_like_token(secret):
        return caller_with_token(session, secret, username)
    user = verified_user(session, username, secret, address)
    if session.scalar(select(_must_choose_password(session, user.id))):
        raise SignInRefused(_CHOOSE_FIRST, is_guess=False)
    actor = access.load_actor(session, user.id)
    if actor is None:
        raise SignInRefused(_NO_MATCH)
    return Caller(actor, "terbit")


def caller_with_token(session: Session, token: str, username: str | None = None) -> Caller:
    """One statement. Raises SignInRefused: a guess where no such token was ever made (for this username), none where it has ended.

    The pause after wrong passwords does not hold for a token that fits: it cannot be guessed, and ten wrong passwords by
    somebody else would stop the owner's programs.
    """
    rows = session.execute(
        select(PersonalToken, User, Membership, _must_choose_password(session, User.id))
        .join(User, User.id == PersonalToken.user_id)
        .outerjoin(Membership, and_(Membership.user_id == User.id, access.valid_on(clock.today())))
        .where(PersonalToken.token_hash == hash_token(token))
    ).all()
    if not rows or (username is not None and normal(username) != rows[0][1].username):
        raise SignInRefused(_NO_MATCH)
    held, user, _, must_choose = rows[0]
    _refuse_ended(held, user)
    if must_choose:
        raise SignInRefused(_CHOOSE_FIRST, is_guess=False)
    due = held.used_at is None or (clock.now() - held.used_at).total_seconds() > USED_EVERY_SECONDS
    return Caller(access.actor_of(user, access.held_offices(row[2] for row in rows)), cast(Scope, held.scope), held.id, due)


def touch_token(session: Session, token_id: int) -> None:
    session.get_one(PersonalToken, token_id).used_at = clock.now()


def _must_choose_password(session: Session, user_id: int | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Signed in with a one-time code and no password chosen yet: nothing else is open, here as on the pages."""
    return exists().where(SignIn.user_id == user_id, SignIn.by_code, is_alive(session))


def _refuse_ended(held: PersonalToken, user: User) -> None:
    if held.revoked_at is not None:
        raise SignInRefused(f"Token “{held.name}” sudah dicabut. Buat token baru pada Akun saya.", is_guess=False)
    if held.expires_at <= clock.now():
        raise SignInRefused(f"Token “{held.name}” berakhir {long_date(held.expires_at)}. Buat token baru pada Akun saya.", is_guess=False)
    if not user.is_active:
        raise SignInRefused(_NO_MATCH, is_guess=False)
