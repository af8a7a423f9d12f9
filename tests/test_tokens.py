"""Personal tokens as use-cases, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import accounts, clock
from app.access import Actor
from app.accounts import Caller, SignInRefused
from app.errors import Forbidden, InvalidAnswers, NotFound
from app.models import AccountEvent, PersonalToken, User
from tests.support.office import PASSWORD, Office
from tests.support.rest import make_token

HERE, NEW = "10.0.0.9", "perahu-hijau-tujuh-belas"


def caller(office: Office, token: str, username: str | None = None) -> Caller:
    with office.database.reading() as session:
        return accounts.caller_with_token(session, token, username)


def change_token(office: Office, **values: object) -> None:
    with office.database.transaction() as session:
        session.execute(update(PersonalToken).values(**values))


def change_password(office: Office, username: str) -> None:
    with office.database.transaction() as session:
        cookie = accounts.sign_in(session, username, PASSWORD, HERE)
    with office.database.transaction() as session:
        accounts.change_password(session, office.actor(username), cookie, PASSWORD, NEW, NEW, HERE)


def deeds(office: Office, username: str) -> list[tuple[str, str]]:
    with office.database.reading() as session:
        rows = session.scalars(select(AccountEvent).join(User, User.id == AccountEvent.user_id).where(User.username == username))
        return [(row.deed, row.detail) for row in rows]


def test_a_token_speaks_for_its_owner_and_no_farther_than_its_scope(office: Office) -> None:
    found = caller(office, make_token(office, "analis", "baca"))
    assert (found.actor.username, found.actor.is_analyst, found.scope) == ("analis", True, "baca")


def test_a_token_is_recognised_and_long_and_only_its_digest_is_kept(office: Office) -> None:
    token = make_token(office, "analis")
    assert re.fullmatch(r"alur_[A-Za-z0-9_-]{43}", token)  # 43 letters of 6 bits: 256 bits
    with office.database.reading() as session:
        row = session.scalars(select(PersonalToken)).one()
        assert len(row.token_hash) == 32 and token.encode() not in row.token_hash


def test_a_token_ends_when_its_days_are_over(office: Office) -> None:
    token = make_token(office, "analis", days=30)
    change_token(office, expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(SignInRefused, match="berakhir"):
        caller(office, token)


def test_a_revoked_token_is_refused_and_is_no_guess(office: Office) -> None:
    token = make_token(office, "analis", name="Laptop")
    with office.database.transaction() as session:
        (row,) = accounts.tokens_of(session, office.actor("analis"))
        accounts.revoke_token(session, office.actor("analis"), row.id)
    with pytest.raises(SignInRefused, match="“Laptop” sudah dicabut") as refused:
        caller(office, token)
    assert not refused.value.is_guess


def test_disabling_the_person_ends_the_token_for_good(office: Office) -> None:
    token, admin, user_id = make_token(office, "analis"), office.actor("admin"), office.actor("analis").id
    for active in (False, True):
        with office.database.transaction() as session:
            wanted = accounts.Details("Putri Maharani", rights=frozenset({"analyst"}), is_active=active)
            accounts.change_person(session, admin, user_id, wanted, accounts.edition_of(session, user_id))
    with pytest.raises(SignInRefused):
        caller(office, token)


def test_another_password_ends_every_token(office: Office) -> None:
    tokens = [make_token(office, "analis", name=name) for name in ("Laptop", "Skrip")]
    change_password(office, "analis")
    for token in tokens:
        with pytest.raises(SignInRefused):
            caller(office, token)
    assert ("tokens_ended", "Laptop, Skrip") in deeds(office, "analis")


def test_who_signed_in_with_a_code_must_choose_a_password_first(office: Office) -> None:
    token = make_token(office, "analis")
    with office.database.transaction() as session:
        code = accounts.make_code(session, None, office.actor("analis").id)
    with office.database.transaction() as session:
        accounts.sign_in_with_code(session, "analis", code, HERE)
    with pytest.raises(SignInRefused, match="kata sandi baru") as refused:
        caller(office, token)
    assert not refused.value.is_guess
    with pytest.raises(SignInRefused, match="kata sandi baru"), office.database.reading() as session:
        accounts.caller_with(session, "analis", PASSWORD, HERE)


def test_somebody_elses_token_does_not_fit_a_username(office: Office) -> None:
    token = make_token(office, "analis")
    assert caller(office, token, " ANALIS ").actor.username == "analis"
    with pytest.raises(SignInRefused) as refused:
        caller(office, token, "tu")
    assert refused.value.is_guess


def test_rights_are_those_of_now_not_of_when_it_was_made(office: Office) -> None:
    token = make_token(office, "analis")
    with office.database.transaction() as session:
        session.execute(update(User).where(User.username == "analis").values(is_analyst=False))
    assert caller(office, token).actor.is_analyst is False


def test_the_last_use_is_written_once_an_hour(office: Office) -> None:
    token = make_token(office, "analis")
    first = caller(office, token)
    assert first.touch_due and first.token_id
    with office.database.transaction() as session:
        accounts.touch_token(session, first.token_id)
    assert not caller(office, token).touch_due
    change_token(office, used_at=clock.now() - timedelta(minutes=61))
    assert caller(office, token).touch_due


def test_every_deed_stands_in_the_trail_of_the_account(office: Office) -> None:
    make_token(office, "analis", "baca", name="Laptop")
    with office.database.transaction() as session:
        actor = office.actor("analis")
        for _ in range(2):
            accounts.revoke_token(session, actor, accounts.tokens_of(session, actor)[0].id)
    told = deeds(office, "analis")
    assert [deed for deed, _ in told] == ["token_made", "token_revoked"]
    assert told[0][1].startswith("Laptop: membaca saja, sampai ")


def test_only_ones_own_token_can_be_revoked(office: Office) -> None:
    make_token(office, "analis")
    with office.database.transaction() as session, pytest.raises(NotFound):
        accounts.revoke_token(session, office.actor("admin"), 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "nama"),
        ({"name": "a" * 101}, "nama"),
        ({"name": "a\x00b"}, "nama"),
        ({"name": "Ada"}, "nama"),
        ({"scope": "semua"}, "lingkup"),
        ({"days": "3650"}, "masa"),
        ({"days": "٣٠"}, "masa"),
        ({"password": "salah-sekali-ini"}, "kata_sandi"),
    ],
)
def test_what_cannot_be_made_is_named_by_its_field(small_office: Office, values: dict[str, str], field: str) -> None:
    make_token(small_office, "analis", name="Ada")
    given = {"name": "Laptop", "scope": "baca", "days": "30", "password": PASSWORD, **values}
    with pytest.raises(InvalidAnswers) as refused, small_office.database.transaction() as session:
        accounts.make_token(session, small_office.actor("analis"), address=HERE, **given)
    assert list(refused.value.problems) == [field]


def test_twenty_tokens_are_enough(small_office: Office) -> None:
    for _ in range(20):
        make_token(small_office, "analis")
    with pytest.raises(InvalidAnswers, match="20 token"):
        make_token(small_office, "analis")


@pytest.mark.parametrize(
    ("username", "of_use"), [("analis", True), ("auditor", True), ("tu", True), ("sekda", False), ("opd.setda", False)]
)
def test_tokens_are_for_those_whom_they_open_something(small_office: Office, username: str, of_use: bool) -> None:
    actor: Actor = small_office.actor(username)
    with small_office.database.reading() as session:
        assert accounts.has_use(session, actor) is of_use
        if not of_use:
            with pytest.raises(Forbidden):
                accounts.require_use(session, actor)
