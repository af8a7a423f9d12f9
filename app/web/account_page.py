"""What Akun saya shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import accounts, clock
from app.access import Actor
from app.accounts import PersonRow, Reach
from app.models import PersonalToken, SignIn


@dataclass(frozen=True)
class TokenLine:
    """state: (word, colour). allows: its scope in words."""

    token: PersonalToken
    allows: str
    state: tuple[str, str]
    is_alive: bool


@dataclass(frozen=True)
class AccountPage:
    """sessions: [(session, whether it is this one)]. has_tokens: tokens are of use to this person, or some are there."""

    row: PersonRow
    sessions: Sequence[tuple[SignIn, bool]]
    helps: Reach
    has_tokens: bool
    may_make_tokens: bool
    tokens: Sequence[TokenLine]


def account_page(session: Session, actor: Actor, cookie: str) -> AccountPage:
    """cookie: the token of the session that asks."""
    (row,) = accounts.rows_of(session, [accounts.oneself(session, actor)])
    tokens = [_line(token) for token in accounts.tokens_of(session, actor)]
    may_make = accounts.has_use(session, actor)
    return AccountPage(
        row=row,
        sessions=[(one, accounts.is_of(one, cookie)) for one in accounts.sessions_of(session, actor.id)],
        helps=accounts.reach_of(session, actor),
        has_tokens=may_make or bool(tokens),
        may_make_tokens=may_make,
        tokens=tokens,
    )


def _line(token: PersonalToken) -> TokenLine:
    allows = accounts.in_words(token.scope)
    if token.revoked_at is not None:
        return TokenLine(token, allows, ("Dicabut", "dikembalikan"), False)
    if token.expires_at <= clock.now():
        return TokenLine(token, allows, ("Berakhir", "belum"), False)
    return TokenLine(token, allows, ("Berlaku", "selesai"), True)
