"""Each page as its people see it: what it shows, to whom, and what it does with odd input."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from lxml import etree, html
from werkzeug.test import TestResponse

from app import create_app
from app.models import Task
from tests.support.office import ANSWERS, OPENING, PASSWORD, PDF, SOP, Office
from tests.web.conftest import Person, pdf, words

People = Callable[[str], Person]
Url = Callable[..., str]
TWO = ["dinas_kesehatan", "dinas_pendidikan"]


def menu_of(person: Person, url: str = "/tugas") -> list[str]:
    links = html.fromstring(person.get(url, follow_redirects=True).text).xpath("//nav[@aria-label='Menu utama']//a/span")
    return [" ".join((link.text or "").split()) for link in links]


# -- menu and inbox --


@pytest.mark.parametrize(
    ("username", "entries"),
    [
        ("tu", ["Tugas Saya", "Pantauan Pengumpulan", "Register Dokumen OPD", "Daftar Pelaksanaan", "Mulai Pelaksanaan SOP", "Agenda"]),
        ("kabag", ["Tugas Saya", "Pantauan Pengumpulan", "Register Dokumen OPD", "Daftar Pelaksanaan"]),
        ("bupati", ["Tugas Saya", "Daftar Pelaksanaan"]),
        ("opd.dinas_kesehatan", ["Tugas"]),
        ("auditor", ["Pemeriksaan", "Register Dokumen OPD", "Daftar Pelaksanaan"]),
    ],
)
def test_the_menu_follows_the_role(people: People, username: str, entries: list[str]) -> None:
    assert menu_of(people(username)) == entries


def test_an_auditor_begins_at_pemeriksaan_and_an_analyst_at_the_diagrams(people: People) -> None:
    assert people("auditor").get("/").location == "/pemeriksaan"
    assert people("analis").get("/").location == "/diagram"


def test_an_empty_inbox_says_what_to_expect(people: People) -> None:
    assert "Tidak ada tugas untuk Anda saat ini." in words(people("kabag").get("/tugas"))


def test_a_task_of_the_group_is_pointed_out_when_one_s_own_box_is_empty(people: People, case: int) -> None:
    assert "Ada 1 tugas yang menunggu di kelompok Anda." in words(people("tu").get("/tugas"))
    page = words(people("tu").get("/tugas?kotak=kelompok"))
    assert "Mengagendakan dan memilah surat masuk" in page and "hari ini" in page


def test_returned_work_has_a_box_and_a_badge(people: People, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_4b")
    small_office.do(case, "Task_4b", "tidak")
    page = words(people("kasubbag").get("/tugas?kotak=dikembalikan"))
    assert "Perbaikan ke-1" in page and "Kabag Organisasi" in page


@pytest.mark.parametrize("query", ["kotak=x", "hal=0", "hal=-1", "hal=abc", "hal=99", "hal=²", "cari=%00%25_", "cari=" + "x" * 3000])
def test_odd_parameters_are_clean_defaults(people: People, case: int, query: str) -> None:
    assert people("tu").get(f"/tugas?{query}").status_code == 200
    assert people("tu").get(f"/pelaksanaan?{query}").status_code == 200


def test_a_page_past_the_end_is_the_last_one(people: People, case: int) -> None:
    assert "Tugas 1–1 dari 1" in words(people("tu").get("/tugas?kotak=kelompok&hal=99"))


def test_search_finds_by_step_and_says_when_nothing_fits(people: People, case: int) -> None:
    tu = people("tu")
    assert "Mengagendakan" in words(tu.get("/tugas?kotak=kelompok&cari=agenda"))
    assert "Tidak ada yang cocok dengan “zzz”." in words(tu.get("/tugas?kotak=kelompok&cari=zzz"))


# -- starting --


def test_the_start_page_tells_what_the_sop_says(people: People) -> None:
    answer = people("tu").get(f"/mulai/{SOP}")
    page = words(answer)
    assert "11 hari kerja dan 365 menit kerja , di luar waktu penyusunan oleh OPD (tidak diatur dalam SOP)" in page
    assert "Hari dihitung sebagai hari kerja" in page
    assert "NIP 19651009 199310 1 002" in page and "8 Desember 2017" in page
    assert "Kabag Organisasi" in page and "di luar aplikasi" in page
    assert html.fromstring(answer.text).xpath("//figure[@data-drawing]//*[local-name()='svg']")


def test_only_starters_reach_the_start_page(people: People) -> None:
    refused = people("kabag").get(f"/mulai/{SOP}")
    assert refused.status_code == 403 and "dimulai oleh TU Bagian." in words(refused)
    assert people("opd.dinas_kesehatan").get(f"/mulai/{SOP}").status_code == 404
    assert people("kabag").post(f"/mulai/{SOP}", {"token": uuid4().hex}).status_code in (400, 403)
    assert "Tidak ada SOP yang dapat Anda mulai." in words(people("kabag").get("/mulai"))


def test_a_refused_opening_form_keeps_text_and_file(people: People) -> None:
    tu = people("tu")
    tu.get(f"/mulai/{SOP}")
    answer = tu.post(f"/mulai/{SOP}", {**OPENING, "nomor_surat": ""}, {"berkas_surat": pdf("Surat Edaran.pdf")})
    assert answer.status_code == 422
    page = words(answer)
    assert "Nomor surat belum diisi." in page and "Sudah diunggah: Surat Edaran.pdf" in page
    assert "Penyampaian Laporan Kinerja" in answer.text
    assert tu.post(f"/mulai/{SOP}", OPENING).status_code == 303


def test_problems_of_files_and_of_fields_are_said_together(people: People) -> None:
    tu = people("tu")
    tu.get(f"/mulai/{SOP}")
    answer = tu.post(f"/mulai/{SOP}", {**OPENING, "nomor_surat": ""}, {"berkas_surat": [("surat.exe", b"MZ")]})
    assert answer.status_code == 422
    assert "Nomor surat belum diisi." in words(answer) and "“surat.exe” tidak diterima" in words(answer)


def test_a_bad_optional_file_stops_an_otherwise_good_form(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_11")
    tu = people("tu")
    tu.get(url("Task_11"))
    answer = tu.post(url("Task_11"), {"tanggal_kirim_dok": "2026-03-30"}, {"bukti_kirim_dok": [("bukti.pdf", b"bukan pdf")]})
    assert answer.status_code == 422 and "bukan PDF" in words(answer)
    assert small_office.task("Task_11", case=case).state == "open"


def test_starting_leads_to_what_comes_next(people: People) -> None:
    tu = people("tu")
    tu.get(f"/mulai/{SOP}")
    answer = tu.post(f"/mulai/{SOP}", OPENING, {"berkas_surat": pdf()})
    page = words(tu.get(answer.location))
    assert "Pelaksanaan dimulai" in page and "Tugas berikutnya: Mengagendakan dan memilah surat masuk" in page


def test_the_same_press_twice_starts_one_case(people: People) -> None:
    tu = people("tu")
    tu.get(f"/mulai/{SOP}")
    tokens = dict(tu.tokens)
    first = tu.post(f"/mulai/{SOP}", OPENING, {"berkas_surat": pdf()})
    tu.tokens = tokens
    assert tu.post(f"/mulai/{SOP}", OPENING).location == first.location


def test_a_second_case_of_the_year_is_a_conflict_that_keeps_the_text(people: People, case: int) -> None:
    tu = people("tu")
    tu.get(f"/mulai/{SOP}")
    answer = tu.post(f"/mulai/{SOP}", OPENING, {"berkas_surat": pdf()})
    assert answer.status_code == 409
    assert (
        "sudah berjalan sejak" in words(answer) and 'value="B/12/M.AA/2026"' in answer.text and "Sudah diunggah: surat.pdf" in words(answer)
    )


# -- a task --


def test_the_task_page_says_what_to_do_and_what_comes_next(people: People, case: int, url: Url) -> None:
    page = words(people("tu").get(url("Task_2")))
    assert "Yang perlu Anda lakukan" in page and "Riwayat pelaksanaan ini" in page and "5 menit kerja" in page
    assert "diteruskan ke Kabag Organisasi" in page
    assert "Anda mengirim sebagai Tata Usaha Bagian Organisasi , Siti Aminah" in page


def test_a_decision_names_the_person_and_both_ways(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_4b")
    page = words(people("kabag").get(url("Task_4b")))
    assert "Setuju dan teruskan ke Asisten : diteruskan ke Asisten" in page
    assert "Kembalikan untuk diperbaiki : dikembalikan ke Kasubbag Tatalaksana" in page
    assert "Anda menyetujui sebagai Kabag Organisasi , Dra. Nurhayati, M.Si." in page
    assert "Dokumen ini bukan tanda tangan elektronik." in page
    assert "Yang diperiksa:" in page and "konsep_surat.pdf" in page


def test_a_return_without_a_note_comes_back(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_4b")
    kabag = people("kabag")
    kabag.get(url("Task_4b"))
    answer = kabag.post(url("Task_4b"), {"keputusan_kabag": "tidak"})
    assert answer.status_code == 422 and "Catatan perbaikan belum diisi." in words(answer)


def test_a_returned_task_quotes_the_note_and_starts_from_what_was_sent(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_4b")
    small_office.do(case, "Task_4b", "tidak")
    answer = people("kasubbag").get(url("Task_4a"))
    assert "Perbaikan ke-1: catatan Kabag Organisasi Perbaiki bagian ini." in words(answer)
    assert 'value="2031-03-12"' in answer.text


def test_work_given_to_another_group_names_that_group(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_10c")
    page = words(people("bupati").get(url("Task_10c")))
    assert "diteruskan ke Tata Usaha Bagian Organisasi (Mengirim" in page


def test_sending_leads_to_what_comes_next(people: People, case: int, url: Url) -> None:
    tu = people("tu")
    here = url("Task_2")
    tu.get(here)
    answer = tu.post(here, {"nomor_agenda": "045/2026"})
    assert (answer.status_code, answer.location) == (303, f"{here}/selesai")
    page = words(tu.get(answer.location))
    assert "Tugas selesai" in page and "Kabag Organisasi : Mendisposisi surat kepada Kasubbag" in page


def test_a_task_not_yet_done_has_no_page_after(people: People, case: int, url: Url) -> None:
    assert people("tu").get(f"{url('Task_2')}/selesai").location == url("Task_2")


def test_a_colleague_who_was_first_is_named_and_nothing_typed_is_lost(people: People, case: int, url: Url) -> None:
    here = url("Task_2")
    tu, rina = people("tu"), people("tu2")
    tu.get(here)
    rina.get(here)
    tu.post(here, {"nomor_agenda": "045/2026"})
    answer = rina.post(here, {"nomor_agenda": "046/2026", "catatan_tu": "Dua lampiran."})
    assert answer.status_code == 409
    assert "sudah diselesaikan oleh Siti Aminah" in words(answer)
    assert "Nomor agenda 046/2026" in words(answer) and "Dua lampiran." in words(answer)


@pytest.mark.parametrize("token", ["", "x", "A" * 32, "../" * 10, "0" * 33])
def test_a_form_without_our_token_is_refused(people: People, case: int, url: Url, token: str) -> None:
    tu = people("tu")
    tu.get(url("Task_2"))
    answer = tu.post(url("Task_2"), {"token": token, "nomor_agenda": "045/2026"})
    assert answer.status_code == 400 and "Formulir ini tidak lengkap" in words(answer)


def test_another_lane_s_task_can_be_read_and_not_sent(people: People, case: int, url: Url) -> None:
    kabag = people("kabag")
    page = words(kabag.get(url("Task_2")))
    assert "Tugas ini hanya untuk TU Bagian." in page
    answer = kabag.post(url("Task_2"), {"token": uuid4().hex, "nomor_agenda": "1"})
    assert answer.status_code == 403 and "Tugas ini hanya untuk TU Bagian." in words(answer)


def test_a_task_that_is_absent_and_one_of_another_s_case_look_alike(people: People, case: int, url: Url) -> None:
    opd = people("opd.dinas_kesehatan")
    there, nowhere = opd.get(url("Task_2")), opd.get(f"/tugas/{uuid4()}")
    assert there.status_code == nowhere.status_code == 404
    assert words(there) == words(nowhere)


def test_taking_and_giving_back(people: People, small_office: Office, case: int, url: Url) -> None:
    here = url("Task_2")
    tu = people("tu")
    tu.get(here)
    tu.post(f"{here}/ambil")
    assert "Sedang dikerjakan oleh Siti Aminah" in words(people("tu2").get(here))
    assert "Kembalikan ke antrean" in words(tu.get(here))
    answer = tu.post(f"{here}/kembalikan-ke-antrean")
    assert "Tugas dikembalikan ke antrean." in words(tu.get(answer.location))
    assert small_office.task("Task_2", case=case).claimed_by is None


def test_a_finished_task_is_a_summary(people: People, small_office: Office, case: int) -> None:
    done = small_office.do(case, "Task_2")
    answer = people("tu").get(f"/tugas/{done.id}")
    assert "Sudah diselesaikan" in words(answer) and "045/2026" in words(answer)
    assert "nomor_agenda" not in answer.text and "Kirim" not in words(answer)


# -- an OPD --


@pytest.fixture
def collecting(small_office: Office, case: int) -> int:
    small_office.run_until(case, "Task_7b", opd=TWO)
    return case


def test_an_opd_sees_its_letter_and_nothing_of_the_office(people: People, collecting: int, url: Url) -> None:
    opd = people("opd.dinas_kesehatan")
    answer = opd.get(url("Task_7b", "dinas_kesehatan"))
    page = words(answer)
    assert "Surat untuk Anda" in page and "berkas_final.pdf" in page and "12 Maret 2031" in page
    assert "Riwayat pelaksanaan ini" not in page and "Kasubbag" not in page and "Posisi saat ini" not in page
    assert "Pendidikan" not in page
    assert opd.get(f"/pelaksanaan/{collecting}").status_code == 404
    assert opd.get(url("Task_7b", "dinas_pendidikan")).status_code == 404


def test_an_opd_is_told_that_its_papers_arrived(people: People, collecting: int, url: Url) -> None:
    opd, here = people("opd.dinas_kesehatan"), url("Task_7b", "dinas_kesehatan")
    opd.get(here)
    answer = opd.post(here, ANSWERS["Task_7b"], {"berkas_dokumen": pdf("LKjIP.pdf")})
    page = words(opd.get(answer.location))
    assert "Terkirim" in page and "LKjIP.pdf" in page and "terkirim ke TU Bagian" in page


def test_an_opd_asked_again_reads_the_note_and_not_about_others(people: People, small_office: Office, collecting: int, url: Url) -> None:
    for opd in TWO:
        small_office.do(collecting, "Task_7b", item=opd)
    small_office.do(collecting, "Task_8", "tidak", daftar_opd=["dinas_kesehatan"])
    page = words(people("opd.dinas_kesehatan").get(url("Task_7b", "dinas_kesehatan")))
    assert "Perbaikan ke-1: catatan TU Bagian Perbaiki bagian ini." in page
    assert "Yang pernah Anda kirim" in page and "berkas_dokumen.pdf" in page
    assert "Pendidikan" not in page and "Siti Aminah" not in page


# -- files --


def file_url(text: str, name: str) -> str:
    return str(html.fromstring(text).xpath(f"//a[contains(., '{name}')]/@href")[0])


def test_a_file_is_saved_and_never_shown(people: People, case: int, url: Url) -> None:
    tu = people("tu")
    answer = tu.get(file_url(tu.get(url("Task_2")).text, "berkas_surat.pdf"))
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_files_of_a_case_one_may_not_see_are_absent(people: People, case: int, url: Url) -> None:
    link = file_url(people("tu").get(url("Task_2")).text, "berkas_surat.pdf")
    opd = people("opd.dinas_kesehatan")
    assert words(opd.get(link)) == words(opd.get(f"/berkas/{uuid4()}"))


# -- cases --


def test_the_list_says_where_each_case_is(people: People, case: int) -> None:
    page = words(people("kabag").get("/pelaksanaan"))
    assert "LAKIP 2025" in page and "Berjalan" in page and "TU Bagian" in page
    assert "Tidak ada pelaksanaan yang cocok." in words(people("kabag").get("/pelaksanaan?keadaan=finished"))


def test_the_path_page_tells_the_steps_in_words(people: People, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_4b")
    small_office.do(case, "Task_4b", "tidak")
    answer = people("auditor").get(f"/pelaksanaan/{case}")
    page = words(answer)
    assert "Posisi saat ini" in page and "Jalur yang ditempuh" in page and "Belum ditempuh" in page
    assert "→ tidak : Membuat konsep surat permintaan LAKIP OPD tidak tergambar dalam SOP" in page
    ids = re.findall(r'id="(el-[^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    assert {"el-Start_1", "el-Task_2", "el-Gw_4", "el-Task_4a", "el-Task_12"} <= set(ids)


def test_every_task_of_the_drawing_is_in_the_words(people: People, small_office: Office, case: int) -> None:
    tasks = {element.id for element in _drawing(small_office).tasks()}
    answer = people("auditor").get(f"/pelaksanaan/{case}")
    assert {f"el-{id}" for id in tasks} <= set(re.findall(r'id="(el-[^"]+)"', answer.text))


def _drawing(office: Office):  # type: ignore[no-untyped-def]
    from app import definitions

    return definitions.spec_of(office.definition()).drawing


def test_a_round_can_be_chosen(people: People, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_4b")
    small_office.do(case, "Task_4b", "tidak")
    small_office.do(case, "Task_4a")
    auditor = people("auditor")
    assert json.loads(auditor.get(f"/pelaksanaan/{case}/jalur.json?perbaikan=1").text)["done"] == ["Flow_4a_4b", "Task_4a"]
    page = html.fromstring(auditor.get(f"/pelaksanaan/{case}?perbaikan=1").text)
    assert len(page.xpath("//table[contains(@class, 'steps')]/tbody/tr")) == 1


@pytest.mark.parametrize("query", ["perbaikan=x", "perbaikan=-1", "perbaikan=99999999999", "hal=x"])
def test_odd_parameters_of_a_case_are_clean_defaults(people: People, case: int, query: str) -> None:
    assert people("auditor").get(f"/pelaksanaan/{case}?{query}").status_code == 200


@pytest.mark.parametrize("path", ["0", "999", "99999999999999999999", "x", "-1"])
def test_an_absent_case_is_not_found(people: People, case: int, path: str) -> None:
    for tail in ("", "/diagram.bpmn", "/jalur.json"):
        assert people("auditor").get(f"/pelaksanaan/{path}{tail}").status_code == 404


def test_the_drawing_is_that_of_the_case_s_own_version(people: People, small_office: Office, case: int) -> None:
    for url in (f"/pelaksanaan/{case}/diagram.bpmn", f"/sop/{SOP}/1/diagram.bpmn"):
        answer = people("kabag").get(url)
        assert answer.mimetype == "application/xml"
        assert etree.fromstring(answer.data).tag.endswith("definitions")


@pytest.mark.parametrize("url", [f"/sop/{SOP}/2/diagram.bpmn", "/sop/lain/1/diagram.bpmn", "/sop/%00/1/diagram.bpmn"])
def test_an_absent_version_is_not_found(people: People, url: str) -> None:
    assert people("kabag").get(url).status_code == 404


def test_an_opd_reads_no_drawing(people: People, case: int) -> None:
    assert people("opd.dinas_kesehatan").get(f"/sop/{SOP}/1/diagram.bpmn").status_code == 404


def test_a_long_path_comes_in_pages(people: People, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_4b")
    for _ in range(40):
        small_office.do(case, "Task_4b", "tidak")
        small_office.do(case, "Task_4a")
    page = words(people("auditor").get(f"/pelaksanaan/{case}"))
    assert "Langkah 1–100 dari" in page and "Berikutnya" in page
    assert "Perbaikan ke-40" in words(people("auditor").get(f"/pelaksanaan/{case}?hal=99"))


# -- refusals --


def test_hostile_text_is_only_text(people: People, case: int, url: Url) -> None:
    bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    tu, here = people("tu"), url("Task_2")
    tu.get(here)
    tu.post(here, {"nomor_agenda": bad[:100], "catatan_tu": bad})
    for page in (here, f"/pelaksanaan/{case}", f"/tugas?cari={bad}"):
        assert "<script>alert" not in tu.get(page).text and "<img src=x" not in tu.get(page).text


def test_an_unknown_address_is_said_calmly(people: People) -> None:
    answer = people("tu").get("/tidak/ada")
    assert answer.status_code == 404 and "Halaman tidak ditemukan" in words(answer)


def test_a_fault_has_a_number_and_no_details(people: People, case: int, url: Url, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_options: object) -> Task:
        raise RuntimeError("rahasia dapur")

    here = url("Task_2")
    tu = people("tu")
    tu.client.application.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
    tu.get(here)
    monkeypatch.setattr("app.instances.complete_task", broken)
    answer = tu.post(here, {"nomor_agenda": "045/2026"})
    assert answer.status_code == 500 and "rahasia" not in answer.text
    assert re.search(r"Sebutkan nomor K-\d+ kepada admin", words(answer)) and "045/2026" in words(answer)


def test_every_page_on_both_databases(office: Office) -> None:
    """The statements behind the pages, once on SQLite and once on PostgreSQL."""
    case = office.start()
    office.run_until(case, "Task_7b", opd=TWO)
    office.do(case, "Task_7b", item="dinas_kesehatan")
    app = create_app(office.database.settings)
    tu = Person(app.test_client())
    tu.get("/masuk")
    tu.post("/masuk", {"nama_pengguna": "tu\x00", "kata_sandi": "salah"})
    assert tu.post("/masuk", {"nama_pengguna": "tu", "kata_sandi": PASSWORD}).status_code == 303
    waiting = office.task("Task_7b", "dinas_pendidikan", case)
    done = office.rows(case)[1]
    for page in (
        "/tugas?cari=%00%25", "/tugas?kotak=kelompok&cari=surat", "/tugas?kotak=dikembalikan", "/mulai", f"/mulai/{SOP}", "/mulai/%00",
        f"/tugas/{waiting.id}", f"/tugas/{done.id}", f"/tugas/{done.id}/selesai", "/pelaksanaan?keadaan=running&cari=%00LAKIP",
        f"/pelaksanaan/{case}", "/pantauan", f"/pantauan/{case}/Task_7b?cari=%00dinas", f"/pantauan/{case}/%00", "/register",
        "/register?jenis=LAKIP", "/register.xlsx?tahun=%00", f"/pantauan/opd/{waiting.id}/catat",
        f"/pelaksanaan/{case}/jalur.json", f"/pelaksanaan/{case}/diagram.bpmn",
        f"/sop/{SOP}/1/diagram.bpmn", "/sop/%00/1/diagram.bpmn", "/pelaksanaan/99999999999",
    ):  # fmt: skip
        expected = 404 if "/%00" in page or page == "/pelaksanaan/99999999999" else 200
        assert tu.get(page).status_code == expected, page
    tu.get("/tugas")
    assert tu.post(f"/pantauan/opd/{waiting.id}/tarik", {"alasan": "OPD\x00 baru."}).status_code == 303
    app.extensions["alur"].database.dispose()


def test_a_table_gains_rows_reads_pasted_text_and_loses_nothing_without_scripts(people: People, collecting: int, url: Url) -> None:
    opd, here = people("opd.dinas_kesehatan"), url("Task_7b", "dinas_kesehatan")
    opd.get(here)
    typed = {**ANSWERS["Task_7b"], "catatan": "Jangan hilang."}
    more = opd.post(here, {**typed, "_aksi": "tambah:capaian"})
    assert more.status_code == 200 and "Jangan hilang." in more.text and 'name="capaian.6.indikator"' in more.text
    pasted = opd.post(here, {**typed, "capaian._tempel": "Angka stunting\t\t14,0\t13,2", "_aksi": "tempel:capaian"})
    assert pasted.status_code == 200 and "Angka stunting" in pasted.text and "Angka kemiskinan" in pasted.text
    sheet = opd.post(here, {**typed, "_aksi": "unduh:capaian"})
    assert sheet.status_code == 200 and sheet.data.startswith(b"PK")


def focused(answer: TestResponse) -> list[str]:
    return [str(id) for id in html.fromstring(answer.text).xpath("//*[@autofocus]/@id")]


def test_after_a_button_of_a_table_one_goes_on_where_the_work_is(people: People, collecting: int, url: Url) -> None:
    """With the attribute that every browser knows, so also without scripts."""
    opd, here = people("opd.dinas_kesehatan"), url("Task_7b", "dinas_kesehatan")
    assert focused(opd.get(here)) == []
    assert focused(opd.post(here, {**ANSWERS["Task_7b"], "_aksi": "tambah:capaian"})) == ["f-capaian.6.sasaran"]
    assert focused(opd.post(here, {**ANSWERS["Task_7b"], "_aksi": "hapus:capaian:1"})) == ["f-capaian"]


def test_what_is_wrong_takes_the_focus_from_it(people: People, collecting: int, url: Url) -> None:
    opd, here = people("opd.dinas_kesehatan"), url("Task_7b", "dinas_kesehatan")
    opd.get(here)
    assert focused(opd.post(here, {**ANSWERS["Task_7b"], "_aksi": "xlsx:capaian"})) == ["ringkasan-kesalahan"]


def test_the_teams_draft_starts_from_the_tables_of_all_opd(people: People, small_office: Office, collecting: int, url: Url) -> None:
    small_office.run_until(collecting, "Task_9")
    page = people("tim").get(url("Task_9")).text
    assert page.count("Angka kemiskinan") == len(TWO) and "Dinas Kesehatan" in page


def test_capaian_is_worked_out_by_the_server_whatever_is_posted(small_office: Office, collecting: int) -> None:
    posted = {**ANSWERS["Task_7b"], "capaian.1.capaian": "999"}
    done = small_office.submit(small_office.task("Task_7b", "dinas_kesehatan", collecting), "opd.dinas_kesehatan", **posted)
    (row,) = (done.answers or {})["capaian"]
    assert row["capaian"] == 108.0  # (2 x 7,5 - 6,9) / 7,5: lower is better


def test_a_regulation_that_was_replaced_is_told_beside_the_sop(people: People) -> None:
    page = words(people("tu").get("/mulai/sop_03_iku"))
    assert "RPJMD 2016-2021 yang masanya sudah lewat" in page and "Teks SOP tetap seperti disahkan" in page
    assert "Perda Nomor 5 Tahun 2016 memuat RPJMD" in words(people("analis").get("/diagram/sop_03_iku/1"))
