"""Adding, renaming and ending OPD; units of service; SK Tim: what is refused, and what the trail tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, offices
from app.errors import Conflict, Forbidden, InvalidAnswers
from app.models import Group, OrgUnit, TeamDecree, TeamMember, User
from app.offices import DecreeDetails, Member, ServiceDetails, UnitDetails
from tests.support.office import Office

NEW = UnitDetails("Dinas Pemadam Kebakaran", "Damkar", "Dinas", date(2026, 1, 5))
LAST = date(2025, 12, 31)
DECREE = DecreeDetails(
    "tim_penyusun", "7 Tahun 2026", "Tim Penyusun", date(2026, 1, 2), date(2026, 1, 2), date(2026, 12, 31), "Lemari 1",
    (Member("ketua", "Dra. Nurhayati, M.Si."), Member("anggota", "Orang Luar")),
)  # fmt: skip


def problems_of(office: Office, deed: Any, *given: Any) -> dict[str, str]:
    """Of a deed of the admin that is refused; nothing of it is stored."""
    with pytest.raises(InvalidAnswers) as refused, office.database.transaction() as session:
        deed(session, office.actor("admin"), *given)
    return refused.value.problems


def told(session: Session, subject: str) -> list[tuple[str, str]]:
    return [(one.event.deed, one.event.detail) for one in reversed(offices.events_of(session, subject))]


def change(session: Session, office: Office, unit_id: str, wanted: UnitDetails) -> OrgUnit:
    return offices.change_unit(session, office.actor("admin"), unit_id, wanted, offices.edition_of(session, offices.of_unit(unit_id)))


def test_a_new_opd_gets_a_word_of_its_own(office: Office) -> None:
    with office.database.transaction() as session:
        first = offices.add_unit(session, office.actor("admin"), NEW)
        second = offices.add_unit(session, office.actor("admin"), replace(NEW, name="Badan Pemadam", kind="Badan"))
        assert (first.id, second.id) == ("damkar", "damkar_2")
        assert told(session, "opd:damkar") == [("added", "Dinas, Dinas Pemadam Kebakaran, sejak 5 Jan 2026")]


@pytest.mark.parametrize(
    ("wanted", "key", "said"),
    [
        ({"name": ""}, "nama", "Nama belum diisi."),
        ({"name": "---"}, "nama", "huruf"),
        ({"name": "x" * 201}, "nama", "paling banyak 200"),
        ({"name": "Dinas\u202e Sosial"}, "nama", "tidak dapat disimpan"),
        ({"name": "dinas kesehatan"}, "nama", "sudah ada dalam daftar"),
        ({"short_name": "x" * 61}, "singkatan", "paling banyak 60"),
        ({"kind": "Kerajaan"}, "jenis", "Jenis OPD belum dipilih."),
        ({"valid_from": None}, "mulai", "Mulai berlaku belum diisi"),
        ({"valid_from": date(202, 1, 1)}, "mulai", "Periksa tahun"),
    ],
)
def test_a_wrong_opd_is_refused_with_a_sentence(small_office: Office, wanted: dict[str, Any], key: str, said: str) -> None:
    assert said in problems_of(small_office, offices.add_unit, replace(NEW, **wanted))[key]


def test_a_new_name_is_told_with_its_day_and_the_same_twice_is_one(office: Office) -> None:
    wanted = UnitDetails("Dinas Sosial dan PMD", "Dinsos", "Dinas", date(2017, 1, 1), date(2026, 1, 5))
    for _ in range(2):
        with office.database.transaction() as session:
            change(session, office, "dinas_sosial", wanted)
    with office.database.reading() as session:
        assert told(session, "opd:dinas_sosial") == [
            ("renamed", "nama: Dinas Sosial → Dinas Sosial dan PMD, berlaku sejak 5 Jan 2026; nama singkat: - → Dinsos")
        ]


@pytest.mark.parametrize(
    ("day", "said"), [(None, "sejak kapan"), (date(2199, 1, 1), "tidak lebih awal"), (date(2016, 1, 1), "sebelum OPD")]
)
def test_a_new_name_needs_a_day_that_can_be(small_office: Office, day: date | None, said: str) -> None:
    wanted = UnitDetails("Dinas Baru", "", "Dinas", date(2017, 1, 1), day)
    assert said in problems_of(small_office, offices.change_unit, "dinas_sosial", wanted, 0)["nama_sejak"]


def test_a_form_opened_before_somebody_elses_change_is_refused(small_office: Office) -> None:
    with small_office.database.transaction() as session:
        change(session, small_office, "dinas_sosial", UnitDetails("Dinas Sosial", "Dinsos", "Dinas", date(2017, 1, 1)))
    with pytest.raises(Conflict, match="diubah orang lain"), small_office.database.transaction() as session:
        wanted = UnitDetails("Dinas Sosial", "DS", "Dinas", date(2017, 1, 1))
        offices.change_unit(session, small_office.actor("admin"), "dinas_sosial", wanted, 0)


@pytest.mark.parametrize(
    ("last", "successor", "key", "said"),
    [
        (None, "", "sampai", "Hari terakhir belum diisi"),
        (date(2016, 1, 1), "", "sampai", "sebelum tanggal mulai"),
        (date(2, 1, 1), "", "sampai", "Periksa tahun"),
        (LAST, "dinas_sosial", "pengganti", "dirinya sendiri"),
        (LAST, "tidak_ada", "pengganti", "tidak dikenal"),
        (LAST, "a\x00b", "pengganti", "tidak dikenal"),
        (LAST, "", "paham", "masih bergantung"),
    ],
)
def test_a_wrong_end_is_refused_with_a_sentence(small_office: Office, last: date | None, successor: str, key: str, said: str) -> None:
    assert said in problems_of(small_office, offices.end_unit, "dinas_sosial", last, successor, False, 0)[key]


def test_ending_tells_what_hung_on_it_and_its_accounts_are_listed(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=["dinas_sosial"])
    with office.database.transaction() as session:
        hanging = offices.hanging_on(session, "dinas_sosial")
        assert [(count, title) for _id, title, count in hanging.cases] == [(1, "LAKIP 2025")]
        offices.end_unit(session, office.actor("admin"), "dinas_sosial", LAST, "dinas_pmd", True, 0)
    with office.database.reading() as session:
        assert told(session, "opd:dinas_sosial") == [
            (
                "ended",
                "hari terakhir 31 Des 2025, dilanjutkan Dinas Pemberdayaan Masyarakat dan Desa; saat itu masih ada 1 tugas terbuka dan "
                "1 akun aktif",
            )
        ]
        assert [(user.username, unit.id) for user, unit in offices.left_behind(session)] == [("opd.dinas_sosial", "dinas_sosial")]
        row = offices.unit_for(session, office.actor("tu"), "dinas_sosial")
        assert (row.is_over, row.successor, row.accounts) == (True, "Dinas Pemberdayaan Masyarakat dan Desa", 1)


def test_an_end_can_be_taken_back(office: Office) -> None:
    with office.database.transaction() as session:
        offices.end_unit(session, office.actor("admin"), "dinas_sosial", LAST, "", True, 0)
        offices.reopen_unit(session, office.actor("admin"), "dinas_sosial")
    with office.database.reading() as session:
        assert session.get_one(OrgUnit, "dinas_sosial").valid_to is None
        assert [deed for deed, _detail in told(session, "opd:dinas_sosial")] == ["ended", "reopened"]


@pytest.mark.parametrize("username", ["tu", "kabag", "opd.dinas_sosial", "auditor"])
def test_only_an_admin_changes_the_list(small_office: Office, username: str) -> None:
    with pytest.raises(Forbidden), small_office.database.transaction() as session:
        offices.add_unit(session, small_office.actor(username), NEW)


# -- units of service --


def test_who_looks_after_the_opd_keeps_their_units_of_service(office: Office) -> None:
    tu, wanted = office.actor("tu"), ServiceDetails("Puskesmas Mantang", "Rawat inap", date(2026, 1, 1))
    with office.database.transaction() as session:
        row = offices.keep_service_unit(session, tu, "dinas_kesehatan", None, wanted)
        offices.keep_service_unit(session, tu, "dinas_kesehatan", row.id, replace(wanted, valid_to=LAST.replace(year=2026)))
        words = [offices.in_words(unit) for unit, _opd in offices.service_units_on(session, date(2026, 6, 1), "dinas_kesehatan")]
        assert words == ["Puskesmas Kawal", "Puskesmas Kijang – Rawat jalan", "Puskesmas Mantang – Rawat inap"]
        assert len(offices.service_units_on(session, date(2027, 1, 1), "dinas_kesehatan")) == 2
        assert [deed for deed, _detail in told(session, "opd:dinas_kesehatan")] == ["unit_added", "unit_changed"]


@pytest.mark.parametrize(
    ("wanted", "key", "said"),
    [
        (ServiceDetails("", "", date(2026, 1, 1)), "nama", "belum diisi"),
        (ServiceDetails("puskesmas kawal", "", date(2026, 1, 1)), "nama", "sudah terdaftar"),
        (ServiceDetails("X", "y" * 81, date(2026, 1, 1)), "layanan", "paling banyak 80"),
        (ServiceDetails("X", "", date(2026, 1, 1), date(2025, 1, 1)), "sampai", "sebelum tanggal mulai"),
    ],
)
def test_a_wrong_unit_of_service_is_refused(small_office: Office, wanted: ServiceDetails, key: str, said: str) -> None:
    assert said in problems_of(small_office, offices.keep_service_unit, "dinas_kesehatan", None, wanted)[key]


# -- SK Tim --


def test_a_decree_is_kept_with_its_members_and_their_accounts(office: Office) -> None:
    with office.database.reading() as session:
        tim = session.scalars(select(User).where(User.username == "tim")).one()
    wanted, decree_id = replace(DECREE, members=(*DECREE.members, Member("sekretaris", "", tim.id))), None
    for members in (wanted.members, wanted.members, wanted.members[1:]):  # the second time nothing changes
        with office.database.transaction() as session:
            edition = offices.edition_of(session, offices.of_decree(decree_id)) if decree_id else 0
            decree_id = offices.keep_decree(session, office.actor("tu"), decree_id, replace(wanted, members=members), edition).id
    with office.database.reading() as session:
        kept = session.scalars(select(TeamMember).where(TeamMember.decree_id == decree_id).order_by(TeamMember.place)).all()
        assert [(one.role, one.name, one.user_id) for one in kept] == [
            ("anggota", "Orang Luar", None),
            ("sekretaris", "Dewi Lestari, S.A.P.", tim.id),
        ]
        assert [deed for deed, _detail in told(session, f"sk:{decree_id}")] == ["added", "changed"]


@pytest.mark.parametrize(
    ("wanted", "key", "said"),
    [
        ({"group_key": "tu_bagian"}, "tim", "Tim belum dipilih."),
        ({"number": ""}, "nomor", "Nomor SK belum diisi."),
        ({"number": "1 Tahun 2017", "dated": date(2017, 1, 1)}, "nomor", "sudah tercatat"),
        ({"dated": None}, "tanggal", "Tanggal SK belum diisi"),
        ({"valid_to": date(2025, 1, 1)}, "sampai", "sebelum tanggal mulai"),
        ({"members": ()}, "anggota", "Isi sedikitnya satu orang."),
        ({"members": (Member("raja", "Siti"),)}, "nama_1", "pilih ketua"),
        ({"members": (Member("anggota", "Siti", 999_999),)}, "nama_1", "akunnya tidak dikenal"),
        ({"members": (Member("ketua", "Siti"), Member("ketua", "Rina"))}, "anggota", "hanya satu"),
    ],
)
def test_a_wrong_decree_is_refused(small_office: Office, wanted: dict[str, Any], key: str, said: str) -> None:
    assert said in problems_of(small_office, offices.keep_decree, None, replace(DECREE, **wanted))[key]


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([], "SK Tim Penyusun belum dicatat"),
        ([(date(2025, 1, 1), LAST)], "SK Tim Penyusun berakhir 31 Desember 2025 (Nomor 1)"),
        ([(date(2026, 7, 1), None)], "SK Tim Penyusun baru berlaku 1 Juli 2026 (Nomor 1)"),
        ([(date(2025, 1, 1), LAST), (date(2026, 1, 1), None)], ""),
        ([(date(2025, 1, 1), date(2026, 3, 2))], ""),
    ],
)
def test_why_no_decree_is_in_force(spans: list[tuple[date, date | None]], said: str) -> None:
    kept = [TeamDecree(number=str(number), valid_from=since, valid_to=until) for number, (since, until) in enumerate(spans, 1)]
    assert offices.lack_of(Group(key="tim_penyusun", name="Tim Penyusun", kind="tim"), kept, date(2026, 3, 2)) == said


def test_a_group_that_works_without_a_decree_lacks_none(office: Office) -> None:
    with office.database.reading() as session:
        assert offices.without_decree(session, {"tu_bagian", "kabag_organisasi"}, clock.today()) == []
        (sentence,) = offices.without_decree(session, {"tim_monitoring", "tim_penyusun"}, clock.today())
        last = clock.today().replace(month=1, day=1) - timedelta(days=1)
        assert sentence == f"SK Tim Monitoring berakhir 31 Desember {last.year} (Nomor 2 Tahun 2017)"
