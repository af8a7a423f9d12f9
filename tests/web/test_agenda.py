"""Agenda, the notice above the tasks, what the start page says of dates and of cases that are there already."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from lxml import html

from app.models import Duty
from tests.support.agenda import AFTER_EVENT, TYPED, add, seed
from tests.support.office import OPENING, SOP, Office
from tests.web.conftest import Person, pdf, words

People = Callable[[str], Person]
START = f"/mulai/{SOP}"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture(autouse=True)
def day() -> Iterator[time_machine.Traveller]:
    """2 April 2026, a Thursday."""
    with time_machine.travel("2026-04-02T10:00+07:00") as traveller:
        yield traveller


def rows(person: Person, path: str = "/agenda") -> dict[str, str]:
    """{title: what its row says}."""
    found = html.fromstring(person.get(path).text).xpath("//table//tbody/tr")
    return {row.xpath("string(.//strong)"): " ".join(row.text_content().split()) for row in found}


def links(person: Person, path: str = "/agenda") -> list[str]:
    return html.fromstring(person.get(path).text).xpath("//main//table//a/@href")


# -- the agenda --


def test_a_year_with_its_states(people: People, small_office: Office) -> None:
    seed(small_office)
    case = small_office.start()
    small_office.run_until(case, "Task_4b")
    found = rows(people("tu"))
    assert list(found)[:3] == ["IKU 2025–2029", "SKM 2025 Semester II", "LAKIP 2025"]
    assert "Tidak dihitung" in found["IKU 2025–2029"]
    assert "31 Januari 2026 (hari libur; sebaiknya selesai 30 Januari 2026)" in found["SKM 2025 Semester II"]
    assert "Sedang berjalan" in found["LAKIP 2025"] and "Kabag Organisasi: Memeriksa dan memaraf konsep surat" in found["LAKIP 2025"]
    assert "Melewati batas 2 hari kerja" in found["LAKIP 2025"] and "Mulai" not in found["LAKIP 2025"]
    assert "Dapat dimulai" in found["RKT 2027"] and "Belum waktunya dapat dimulai 2 Mei 2026" in found["SKM 2026 Semester I"]
    assert "tanggal DPA disahkan belum diisi" in found["PK 2026"]
    assert "/mulai/sop_07_skm?tahun=2025&periode=Semester+II" in links(people("tu")) and f"/pelaksanaan/{case}" in links(people("tu"))


def test_a_finished_duty_names_its_day(people: People, small_office: Office) -> None:
    add(small_office)
    small_office.finish(small_office.start())
    assert "Selesai LAKIP 2025 2 April 2026, lewat 2 hari kerja" in rows(people("tu"))["LAKIP 2025"]


def test_who_is_responsible_reads_and_begins_nothing(people: People, small_office: Office) -> None:
    kabag = people("kabag")
    assert kabag.get("/agenda").status_code == 403 and "Agenda ini untuk" in words(kabag.get("/agenda"))
    add(small_office)
    assert "Agenda" in words(kabag.get("/tugas")) and "Terlambat 2 hari kerja" in rows(kabag)["LAKIP 2025"]
    assert links(kabag) == []


@pytest.mark.parametrize("year", ["0", "x", "1999", "2101", "99999", "٢٠٢٦", "%00", "-1"])
def test_an_odd_year_is_this_year(people: People, year: str) -> None:
    assert "Agenda 2026" in words(people("tu").get(f"/agenda?tahun={year}"))


@pytest.mark.parametrize("year", [2000, 2100])
def test_the_first_and_the_last_year_open(people: People, small_office: Office, year: int) -> None:
    seed(small_office)
    assert people("tu").get(f"/agenda?tahun={year}").status_code == 200


def test_a_day_is_typed_in_and_moves_the_date(people: People, small_office: Office) -> None:
    duty, tu = add(small_office, "sop_05_pk", "event", **AFTER_EVENT), people("tu")
    tu.get("/agenda")
    bad = tu.post(f"/agenda/{duty}/tanggal", {"tahun": "2026", "lihat": "2026", "tanggal": "2062-01-31"})
    assert bad.status_code == 422 and "isi tanggal dari 1 Januari 2025" in words(bad) and 'value="2062-01-31"' in bad.text
    good = tu.post(f"/agenda/{duty}/tanggal", {"tahun": "2026", "lihat": "2026", "tanggal": "2026-01-31"})
    assert (good.status_code, good.location) == (303, "/agenda?tahun=2026")
    assert "28 Februari 2026" in rows(tu)["PK 2026"] and "DPA disahkan 31 Januari 2026" in rows(tu)["PK 2026"]
    assert "DPA disahkan, tahun 2026: 31 Januari 2026" in words(people("admin").get(f"/agenda/kewajiban/{duty}"))


# -- above the tasks --


def test_three_duties_are_named_and_the_rest_counted(people: People, small_office: Office) -> None:
    seed(small_office)
    page = words(people("tu").get("/tugas"))
    assert "SKM 2025 Semester II belum dimulai; batas 31 Januari 2026 sudah lewat" in page
    assert "LAKIP 2025 belum dimulai; batas 31 Maret 2026 sudah lewat" in page
    assert "RKT 2027 belum dimulai; batas 30 Juni 2026 " in page and "1 kewajiban lain di Agenda" in page
    for username in ("kabag", "opd.dinas_kesehatan", "admin"):
        assert "belum dimulai" not in words(people(username).get("/tugas"))


def test_without_a_duty_there_is_no_notice(people: People) -> None:
    assert "duty-notice" not in people("tu").get("/tugas").text


# -- starting --


def test_the_address_fills_the_year_over_a_draft(people: People) -> None:
    tu = people("tu")
    tu.get(START)
    tu.post(f"{START}/simpan", {**OPENING, "tahun": "2021"})
    page = tu.get(f"{START}?tahun=2024&asal_surat=lain").text
    assert 'value="2024"' in page and 'value="Kementerian PANRB"' in page and 'value="lain"' not in page


def test_past_the_date_it_warns_and_starts(people: People, small_office: Office) -> None:
    add(small_office)
    tu = people("tu")
    page = words(tu.get(START))
    assert "Melewati batas 31 Maret 2026 , 2 hari kerja. LAKIP 2025 tetap dapat dimulai." in page and "Perpres 29/2014" in page
    assert "LAKIP 2026: batas 31 Maret 2027 ." in words(tu.get(f"{START}?tahun=2026"))
    tu.get(START)
    assert tu.post(START, OPENING, {"berkas_surat": pdf()}).status_code == 303


def test_a_running_case_is_told_at_once_and_refuses_a_second(people: People, small_office: Office) -> None:
    case, tu = small_office.start(), people("tu")
    page = tu.get(f"{START}?tahun=2025")
    assert "LAKIP 2025 sudah berjalan sejak 2 April 2026" in words(page) and f'href="/pelaksanaan/{case}"' in page.text
    assert "sudah berjalan" not in words(tu.get(f"{START}?tahun=2024"))
    answer = tu.post(START, {**OPENING, "_koreksi": "ya"}, {"berkas_surat": pdf()})
    assert answer.status_code == 409 and f'href="/pelaksanaan/{case}"' in answer.text and 'value="B/12/M.AA/2026"' in answer.text


def test_a_correction_of_a_finished_case_is_begun_knowingly(people: People, small_office: Office) -> None:
    small_office.finish(small_office.start())
    tu = people("tu")
    assert "sudah selesai" not in words(tu.get(f"{START}?tahun=2024"))
    assert "LAKIP 2025 sudah selesai 2 April 2026 . Mulai lagi hanya untuk koreksi." in words(tu.get(f"{START}?tahun=2025"))
    tu.get(START)
    refused = tu.post(START, OPENING, {"berkas_surat": pdf()})
    assert refused.status_code == 409 and "Bila ini koreksi, beri tanda" in words(refused)
    assert "Ini koreksi LAKIP 2025 yang sudah selesai" in words(refused)
    assert tu.post(START, {**OPENING, "_koreksi": "ya"}).status_code == 303


@pytest.mark.parametrize("year", ["%00", "x" * 3000, HOSTILE, "2025:x"])
def test_odd_years_in_the_address_still_show_the_form(people: People, small_office: Office, year: str) -> None:
    add(small_office)
    page = people("tu").get(START, query_string={"tahun": year})
    assert page.status_code == 200 and "<script>alert" not in page.text


# -- the list of duties --


def test_an_admin_adds_changes_and_puts_away(people: People, small_office: Office) -> None:
    admin, path = people("admin"), f"/agenda/kewajiban/baru?sop={SOP}&aturan=dates"
    admin.get(path)
    bad = admin.post(path, {**TYPED, "nama": HOSTILE, "hari_1": "32"})
    assert bad.status_code == 422 and "Isi tanggal 1 sampai 31 untuk bulan Maret." in words(bad) and 'value="32"' in bad.text
    assert "<script>alert" not in bad.text and HOSTILE in html.fromstring(bad.text).xpath("//input/@value")
    assert admin.post(path, {**TYPED, "nama": HOSTILE}).status_code == 303
    for page in ("/agenda/kewajiban", "/agenda/kewajiban/1", "/agenda", f"{START}?tahun=2025"):
        assert "<script>alert" not in people("tu" if page.startswith("/mulai") else "admin").get(page).text
    admin.get("/agenda/kewajiban/1")
    assert admin.post("/agenda/kewajiban/1", {**TYPED, "edisi": "1"}).status_code == 303  # without the tick: put away
    assert "Tidak dipakai" in words(admin.get("/agenda/kewajiban")) and rows(admin) == {}
    again = words(admin.get("/agenda/kewajiban/1"))
    assert "Tidak dipakai lagi oleh Yusuf Ramadhan" in again and "Kewajiban ditambahkan oleh Yusuf Ramadhan" in again


def test_a_stale_form_keeps_what_was_typed(people: People, small_office: Office) -> None:
    duty, admin = add(small_office), people("admin")
    admin.get(f"/agenda/kewajiban/{duty}")
    admin.post(f"/agenda/kewajiban/{duty}", {**TYPED, "aktif": "1", "edisi": "1", "dasar": "Perpres lain"})
    late = admin.post(f"/agenda/kewajiban/{duty}", {**TYPED, "aktif": "1", "edisi": "1", "dasar": "Perpres ketiga"})
    assert late.status_code == 409 and "diubah orang lain" in words(late) and "Perpres ketiga" in words(late)
    with small_office.database.reading() as session:
        assert session.get_one(Duty, duty).basis == "Perpres lain"


@pytest.mark.parametrize(
    "path", ["baru", "baru?sop=tiada&aturan=dates", f"baru?sop={SOP}&aturan=x", "baru?sop=%00&aturan=dates", "99", "x"]
)
def test_absent_duties_are_404(people: People, path: str) -> None:
    assert people("admin").get(f"/agenda/kewajiban/{path}").status_code == 404
