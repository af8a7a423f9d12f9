"""Daftar OPD, unit layanan and SK Tim as pages: what a person sees, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from lxml import html
from sqlalchemy import select, update

from app import clock, offices
from app.models import OrgUnit, TeamDecree, User
from tests.support import deeds
from tests.support.office import Office
from tests.web.conftest import Person, words

People = Callable[[str], Person]
ODD = "\x00'\"<script>alert(1)</script>{{7*7}}"


def test_forty_opd_are_listed_with_their_state(people: People, small_office: Office) -> None:
    admin = people("admin")
    admin.get("/opd/baru")
    answer = admin.post("/opd/baru", {"nama": "Dinas Pemadam Kebakaran", "singkatan": "Damkar", "jenis": "Dinas", "mulai": "2026-01-05"})
    assert (answer.status_code, answer.location) == (303, "/opd/damkar")
    page = words(admin.get("/opd"))
    assert "40 OPD." in page and "Dinas Pemadam Kebakaran Damkar Dinas sejak 5 Jan 2026" in page


def test_the_list_can_be_searched(people: People) -> None:
    assert "10 OPD." in words(people("kabag").get("/opd?cari=kecamatan"))
    assert "Tidak ada OPD yang cocok." in words(people("kabag").get("/opd?cari=%00%25"))


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/opd/baru", {"nama": ODD, "singkatan": ODD, "jenis": ODD, "mulai": ODD}),
        ("/opd/dinas_sosial/ubah", {"nama": ODD, "nama_sejak": "32/13/2026", "jenis": "", "mulai": "kemarin", "edisi": ODD}),
        ("/opd/dinas_sosial/akhiri", {"sampai": ODD, "pengganti": ODD, "edisi": "99999999999999"}),
        ("/opd/dinas_sosial/unit-layanan/baru", {"nama": "", "layanan": ODD * 9, "mulai": "2026-02-30", "sampai": ODD}),
        ("/sk-tim/baru", {"tim": ODD, "nomor": ODD, "tanggal": ODD, "baris": ODD, "nama_1": ODD, "akun_1": ODD, "peran_1": ODD}),
    ],
)
def test_whatever_is_posted_comes_back_with_sentences(people: People, path: str, given: dict[str, str]) -> None:
    admin = people("admin")
    admin.get(path)
    answer = admin.post(path, given)
    page = html.fromstring(answer.text)
    told = [item.text_content() for item in page.xpath("//div[@id='ringkasan-kesalahan']//li")]
    assert answer.status_code == 422 and told and all(sentence.endswith(".") for sentence in told)
    assert {link[1:] for link in page.xpath("//div[@id='ringkasan-kesalahan']//a/@href")} <= set(page.xpath("//@id"))
    assert "<script>alert" not in answer.text


def test_what_was_typed_is_still_there(people: People) -> None:
    tu = people("tu")
    tu.get("/sk-tim/baru")
    given = {"tim": "tim_penyusun", "nomor": "9", "tanggal": "salah", "nama_1": "Sri", "peran_1": "ketua", "baris": "5"}
    answer = tu.post("/sk-tim/baru", given)
    page = html.fromstring(answer.text)
    assert page.xpath("//input[@name='nomor']/@value") == ["9"] and page.xpath("//input[@name='tanggal']/@value") == ["salah"]
    assert page.xpath("//input[@name='nama_1']/@value") == ["Sri"]
    assert page.xpath("//select[@name='peran_1']/option[@selected]/@value") == ["ketua"]


@pytest.mark.parametrize("path", ["/opd/tidak_ada", "/opd/%00", "/opd/tidak_ada/ubah", "/opd/setda/unit-layanan/999", "/sk-tim/999"])
def test_what_is_not_there_is_not_found(people: People, path: str) -> None:
    assert people("admin").get(path).status_code == 404


def test_accounts_of_an_opd_that_ended_are_listed_and_stay_where_they_are(people: People, small_office: Office) -> None:
    with small_office.database.transaction() as session:
        session.execute(update(OrgUnit).where(OrgUnit.id == "dinas_sosial").values(valid_to=date(2025, 12, 31)))
        user_id = session.scalar(select(User.id).where(User.username == "opd.dinas_sosial"))
    admin = people("admin")
    assert "1 akun aktif masih pada OPD yang sudah berakhir." in words(admin.get("/opd"))
    assert "Petugas Dinas Sosial: Dinas Sosial, sampai 31 Desember 2025" in words(people("tu").get("/opd"))
    page = html.fromstring(admin.get(f"/pengguna/{user_id}/ubah").text)
    assert page.xpath("//select[@name='opd']/option[@selected]/@value") == ["dinas_sosial"]


def test_the_page_of_an_opd_tells_who_did_what(people: People) -> None:
    tu = people("tu")
    tu.get("/opd/dinas_kesehatan/unit-layanan/baru")
    tu.post("/opd/dinas_kesehatan/unit-layanan/baru", {"nama": "Puskesmas Mantang", "mulai": "2026-01-01"})
    page = words(people("kabag").get("/opd/dinas_kesehatan"))
    assert "Puskesmas Mantang sejak 1 Januari 2026" in page
    assert "Unit layanan ditambahkan oleh Siti Aminah Puskesmas Mantang, sejak 1 Jan 2026" in page


def test_starting_without_a_decree_in_force_is_told_and_not_refused(people: People, small_office: Office) -> None:
    deeds.end_decrees(small_office, date(2025, 12, 31))
    page = words(people("tu").get("/mulai/sop_02_lakip"))
    assert "SK Tim Penyusun berakhir 31 Desember 2025 (Nomor 1 Tahun 2017). Pelaksanaan tetap dapat dimulai" in page
    assert "Catat SK yang baru" in page
    assert small_office.start()


def test_starting_with_a_decree_in_force_says_nothing_of_it(people: People) -> None:
    assert "SK Tim" not in words(people("tu").get("/mulai/sop_02_lakip"))


def test_a_new_decree_ends_the_notice(people: People, small_office: Office) -> None:
    deeds.end_decrees(small_office, date(2025, 12, 31))
    tu, year = people("tu"), clock.today().year
    tu.get("/sk-tim/baru?tim=tim_penyusun")
    given = {"tim": "tim_penyusun", "nomor": f"1 Tahun {year}", "tanggal": f"{year}-01-02", "tentang": "Tim Penyusun", "baris": "5"}
    answer = tu.post("/sk-tim/baru", {**given, "mulai": f"{year}-01-02", "nama_2": "Dewi Lestari", "peran_2": "ketua"})
    assert answer.status_code == 303
    assert "Dewi Lestari Ketua tanpa akun" in words(people("kabag").get(answer.location))
    assert "SK Tim Penyusun berakhir" not in words(tu.get("/mulai/sop_02_lakip"))
    with small_office.database.reading() as session:
        assert len(offices.decrees(session, ["tim_penyusun"])) == 2
        assert session.scalars(select(TeamDecree.number).order_by(TeamDecree.id.desc())).first() == f"1 Tahun {year}"
