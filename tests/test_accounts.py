"""Accounts as use-cases: one-time codes, passwords, who looks after whom, the trail; on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from sqlalchemy import event, select

from app import accounts, clock
from app.accounts import Details, Office, SignInRefused
from app.errors import Conflict, Forbidden, InvalidAnswers, NotFound
from app.models import AccountEvent, Membership, SignInCode, User
from tests.support.office import PASSWORD
from tests.support.office import Office as WholeOffice

NEW = "perahu-hijau-tujuh-belas"
OPD = "opd.dinas_kesehatan"
ADDRESS = "127.0.0.1"
REFUSED = "Nama pengguna atau kode tidak sesuai, atau kode tidak berlaku lagi."


def id_of(office: WholeOffice, username: str) -> int:
    with office.database.reading() as session:
        return session.scalars(select(User.id).where(User.username == username)).one()


def code_for(office: WholeOffice, username: str, by: str | None = "admin") -> str:
    with office.database.transaction() as session:
        return accounts.make_code(session, office.actor(by) if by else None, id_of(office, username))


def enter(office: WholeOffice, username: str, code: str) -> str:
    with office.database.transaction() as session:
        return accounts.sign_in_with_code(session, username, code, ADDRESS)


def refuse(office: WholeOffice, username: str, code: str) -> str:
    with pytest.raises(SignInRefused) as refused:
        enter(office, username, code)
    return str(refused.value)


def change(office: WholeOffice, username: str, by: str = "admin", edition: int | None = None, **changes: object) -> None:
    with office.database.transaction() as session:
        user = session.get_one(User, id_of(office, username))
        now = Details(user.name, user.position, user.org_unit_id, accounts.rights_of(user), user.is_active)
        current = accounts.edition_of(session, user.id) if edition is None else edition
        accounts.change_person(session, office.actor(by), user.id, replace(now, **changes), current)  # type: ignore[arg-type]


def deeds(office: WholeOffice, username: str) -> list[str]:
    with office.database.reading() as session:
        return [told.event.deed for told in accounts.events_of(session, id_of(office, username))]


@contextmanager
def statements(office: WholeOffice) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(office.database.engine, "before_cursor_execute", note)
    yield seen
    event.remove(office.database.engine, "before_cursor_execute", note)


# -- codes --


def test_a_code_opens_once_and_only_its_digest_is_kept(office: WholeOffice) -> None:
    code = code_for(office, OPD, by="tu")
    with office.database.reading() as session:
        (row,) = session.scalars(select(SignInCode))
        assert code.replace("-", "").encode() not in row.code_hash and len(row.code_hash) == 32
    token = enter(office, f" {OPD.upper()} ", code.lower().replace("-", " "))
    with office.database.reading() as session:
        held = accounts.signed_in(session, token)
    assert held is not None and held.by_code and held.actor.username == OPD
    assert refuse(office, OPD, code) == REFUSED
    assert deeds(office, OPD) == ["code_used", "code_made"]


def test_every_code_that_does_not_fit_reads_the_same(small_office: WholeOffice) -> None:
    code = code_for(small_office, OPD)
    for username, typed in ((OPD, "2222-2222"), ("tidak.ada", code), ("tu", code), (OPD, ""), (OPD, code + "2"), (OPD + "\0", code)):
        assert refuse(small_office, username, typed) == REFUSED
    older, newer = code, code_for(small_office, OPD)
    assert refuse(small_office, OPD, older) == REFUSED
    enter(small_office, OPD, newer)


def test_a_code_dies_after_a_day(small_office: WholeOffice) -> None:
    with time_machine.travel(datetime(2031, 3, 12, 1, tzinfo=UTC), tick=False) as traveller:
        first, second = code_for(small_office, OPD), code_for(small_office, "tu")
        traveller.shift(timedelta(hours=23, minutes=59))
        enter(small_office, "tu", second)
        traveller.shift(timedelta(minutes=1))
        assert refuse(small_office, OPD, first) == REFUSED


def test_a_disabled_person_has_no_code_and_no_session(small_office: WholeOffice) -> None:
    code = code_for(small_office, OPD)
    with small_office.database.transaction() as session:
        token = accounts.sign_in(session, OPD, PASSWORD, ADDRESS)
    change(small_office, OPD, by="tu", is_active=False)
    assert refuse(small_office, OPD, code) == REFUSED
    with pytest.raises(Conflict, match="nonaktif"):
        code_for(small_office, OPD)
    change(small_office, OPD, is_active=True)
    assert refuse(small_office, OPD, code) == REFUSED, "what was given before does not come back"
    with small_office.database.reading() as session:
        assert accounts.signed_in(session, token) is None
    assert deeds(small_office, OPD)[:2] == ["enabled", "disabled"]


def test_two_people_with_one_code_at_once(office: WholeOffice) -> None:
    code, together, entered = code_for(office, OPD), Barrier(2), []

    def attempt() -> None:
        together.wait()
        try:
            entered.append(enter(office, OPD, code))
        except SignInRefused:
            entered.append("")

    threads = [Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(bool, entered)) == [False, True]


def test_unknown_people_cost_as_many_statements_as_known_ones(small_office: WholeOffice) -> None:
    code_for(small_office, OPD)
    counts = []
    for username in (OPD, "tidak.ada"):
        with statements(small_office) as seen:
            refuse(small_office, username, "2222-2222")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_wrong_codes_count_with_wrong_passwords(office: WholeOffice) -> None:
    with office.database.transaction() as session:
        for _ in range(10):
            accounts.record_failure(session, OPD, "10.0.0.9")
    assert "Terlalu banyak percobaan" in refuse(office, OPD, code_for(office, OPD))


@pytest.mark.parametrize(
    ("by", "whose", "refusal"),
    [
        ("tu", "kabag", NotFound),
        ("tu", "admin", NotFound),
        ("tu", "tu2", NotFound),
        ("kabag", OPD, Forbidden),
        (OPD, "opd.dinas_sosial", Forbidden),
        ("auditor", OPD, Forbidden),
        ("analis", OPD, Forbidden),
    ],
)
def test_who_may_not_make_a_code(small_office: WholeOffice, by: str, whose: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        code_for(small_office, whose, by=by)


@pytest.mark.parametrize("extra", ["auditor", "kelompok", "kelompok besok"])
def test_an_opd_account_that_holds_more_is_the_admin_s(office: WholeOffice, extra: str) -> None:
    """Else a helper would open the auditor's or the Sekda's pages for themselves."""
    if extra == "auditor":
        change(office, OPD, rights=frozenset({"auditor"}))
    else:
        begins = clock.today() + timedelta(days="besok" in extra)
        change(office, OPD, offices=(Office("sekda", "Plh.", begins, begins + timedelta(days=5)),))
    with pytest.raises(NotFound):
        code_for(office, OPD, by="tu")
    assert code_for(office, OPD, by="admin")


def test_a_mandate_that_has_ended_no_longer_counts(small_office: WholeOffice) -> None:
    change(small_office, OPD, offices=(Office("sekda", "Plh.", date(2020, 1, 1), date(2020, 1, 5)),))
    assert code_for(small_office, OPD, by="tu")


# -- passwords and sessions --


def test_choosing_a_password_ends_every_other_session(office: WholeOffice) -> None:
    with office.database.transaction() as session:
        other = accounts.sign_in(session, OPD, PASSWORD, ADDRESS)
    code_for(office, OPD)
    token = enter(office, OPD, code_for(office, OPD))
    unused = code_for(office, OPD)
    with office.database.transaction() as session:
        fresh = accounts.change_password(session, office.actor(OPD), token, "", NEW, NEW, ADDRESS)
    with office.database.reading() as session:
        assert accounts.signed_in(session, other) is None and accounts.signed_in(session, token) is None
        held = accounts.signed_in(session, fresh)
        assert held is not None and not held.by_code
    assert refuse(office, OPD, unused) == REFUSED
    with office.database.transaction() as session:
        accounts.sign_in(session, OPD, NEW, ADDRESS)


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("salah", NEW, NEW, "kata_sandi_lama"),
        (PASSWORD, "pendek", "pendek", "kata_sandi_baru"),
        (PASSWORD, "kabag-kabag-kabag-1", "kabag-kabag-kabag-1", "kata_sandi_baru"),
        (PASSWORD, NEW + "\0", NEW + "\0", "kata_sandi_baru"),
        (PASSWORD, "ab cd ef " * 30, "ab cd ef " * 30, "kata_sandi_baru"),
        (PASSWORD, PASSWORD, PASSWORD, "kata_sandi_baru"),
        (PASSWORD, NEW, NEW + "x", "kata_sandi_ulang"),
    ],
)
def test_what_a_change_of_password_refuses(small_office: WholeOffice, old: str, new: str, again: str, field: str) -> None:
    with small_office.database.transaction() as session:
        token = accounts.sign_in(session, "kabag", PASSWORD, ADDRESS)
    with pytest.raises(InvalidAnswers) as refused, small_office.database.transaction() as session:
        accounts.change_password(session, small_office.actor("kabag"), token, old, new, again, ADDRESS)
    assert list(refused.value.problems) == [field]


# -- people --


def test_a_change_is_told_in_words(office: WholeOffice) -> None:
    change(
        office, "tim", name="Dewi Lestari, M.Si.", rights=frozenset({"analyst"}),
        offices=(Office("kabag_organisasi", "Plh.", date(2031, 3, 1), date(2031, 3, 7)),), leaves=frozenset({"tim_penyusun"}),
    )  # fmt: skip
    with office.database.reading() as session:
        (told,) = accounts.events_of(session, id_of(office, "tim"))
        groups = set(session.scalars(select(Membership.group_key).where(Membership.user_id == id_of(office, "tim"))))
    assert (told.event.deed, told.by, groups) == ("changed", "Yusuf Ramadhan", {"kabag_organisasi"})
    assert told.event.detail == (
        "nama: Dewi Lestari, S.A.P. → Dewi Lestari, M.Si.; hak Analis diberikan; "
        "kelompok Kabag Organisasi: Plh. sejak 1 Mar 2031 sampai 7 Mar 2031; kelompok Tim Penyusun: dikeluarkan"
    )


def test_the_same_change_twice_is_one_and_an_old_form_is_refused(small_office: WholeOffice) -> None:
    change(small_office, "tim", edition=0, position="Ketua Tim")
    change(small_office, "tim", edition=0, position="Ketua Tim")
    assert deeds(small_office, "tim") == ["changed"]
    with pytest.raises(Conflict):
        change(small_office, "tim", edition=0, position="Anggota Tim")


def test_the_last_admin_stays(office: WholeOffice) -> None:
    with pytest.raises(InvalidAnswers, match="admin yang terakhir"):
        change(office, "admin", rights=frozenset())
    with pytest.raises(InvalidAnswers, match="akun Anda sendiri"):
        change(office, "admin", is_active=False)
    change(office, "analis", rights=frozenset({"admin"}))
    change(office, "admin", rights=frozenset())
    with pytest.raises(InvalidAnswers, match="admin yang terakhir"):
        change(office, "analis", by="analis", rights=frozenset())


def test_a_helper_adds_and_changes_accounts_of_an_opd_only(office: WholeOffice) -> None:
    greedy = Details("Budi", "Staf", "dinas_sosial", frozenset({"admin"}), offices=(Office("sekda"),))
    with office.database.transaction() as session:
        accounts.add_person(session, office.actor("tu"), "budi.sosial", greedy)
    actor = office.actor("budi.sosial")
    assert (actor.groups, actor.is_admin, actor.org_unit_id) == ({"opd": ""}, False, "dinas_sosial")
    change(office, "budi.sosial", by="tu", name="Budi S.", rights=frozenset({"auditor"}), offices=(Office("bupati"),))
    actor = office.actor("budi.sosial")
    assert (actor.name, actor.groups, actor.is_auditor) == ("Budi S.", {"opd": ""}, False)
    with pytest.raises(InvalidAnswers, match="OPD belum dipilih"):
        change(office, "budi.sosial", by="tu", org_unit_id=None)
    with pytest.raises(NotFound):
        change(office, "kabag", by="tu", name="Saya")
    with pytest.raises(Forbidden), office.database.transaction() as session:
        accounts.add_person(session, office.actor("kabag"), "x.y", greedy)


def test_who_is_added_without_a_password_signs_in_with_a_code(small_office: WholeOffice) -> None:
    with small_office.database.transaction() as session:
        accounts.add_person(session, small_office.actor("admin"), "Budi", Details("Budi", offices=(Office("tu_bagian"),)))
    with pytest.raises(SignInRefused), small_office.database.transaction() as session:
        accounts.sign_in(session, "budi", "", ADDRESS)
    assert enter(small_office, "budi", code_for(small_office, "budi", by=None))
    assert deeds(small_office, "budi") == ["code_used", "code_made", "added"]


@pytest.mark.parametrize(
    ("username", "details", "field"),
    [
        ("tu", Details("Budi"), "nama_pengguna"),
        ("b\0udi", Details("Budi"), "nama_pengguna"),
        ("Budi Santoso", Details("Budi"), "nama_pengguna"),
        ("budi", Details(" "), "nama"),
        ("budi", Details("Bu\0di"), "nama"),
        ("budi", Details("x" * 201), "nama"),
        ("budi", Details("Budi", "a\x1bb"), "jabatan"),
        ("budi", Details("Budi", "", "tidak_ada"), "opd"),
        ("budi", Details("Budi", "", "se\0tda"), "opd"),
        ("budi", Details("Budi", rights=frozenset({"raja"})), "hak"),
        ("budi", Details("Budi", offices=(Office("tidak_ada"),)), "kelompok_tidak_ada"),
        ("budi", Details("Budi", offices=(Office("\0"),)), "kelompok_\0"),
        ("budi", Details("Budi", offices=(Office("sekda", "a.n."),)), "kelompok_sekda"),
        ("budi", Details("Budi", offices=(Office("opd"),)), "kelompok_opd"),
        ("budi", Details("Budi", offices=(Office("sekda", "Plh.", date(2031, 2, 2), date(2031, 2, 1)),)), "kelompok_sekda"),
    ],
)
def test_what_adding_refuses(office: WholeOffice, username: str, details: Details, field: str) -> None:
    with pytest.raises(InvalidAnswers) as refused, office.database.transaction() as session:
        accounts.add_person(session, office.actor("admin"), username, details)
    assert list(refused.value.problems) == [field]


def test_the_trail_is_only_added_to() -> None:
    """No code of ours changes or deletes a row of it."""
    from app.config import ROOT

    for path in (ROOT / "app").rglob("*.py"):
        text = path.read_text("utf-8")
        assert "update(AccountEvent" not in text and "delete(AccountEvent" not in text, path
    assert not AccountEvent.__mapper__.relationships
