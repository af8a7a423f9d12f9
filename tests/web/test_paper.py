"""Decisions on paper, and what is still one's own after sending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from lxml import html

from app import clock
from app.models import Task
from app.words import long_date
from tests.support.office import DOCX, PDF, Office
from tests.web.conftest import Person, pdf, words

People = Callable[[str], Person]
Url = Callable[..., str]
JPG = b"\xff\xd8\xff\xe0" + b"0" * 64


def today() -> str:
    return clock.today().isoformat()


def record(
    person: Person, here: str, answers: dict[str, object], proof: bool = True, name: str = "paraf.jpg", content: bytes = JPG
) -> object:
    person.get(f"{here}/naskah-fisik")
    files = {"naskah_fisik": [(name, content)]} if proof else {}
    return person.post(f"{here}/naskah-fisik", answers, files)


# -- recording --


def test_who_records_finds_it_and_nobody_else(people: People, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_10c")
    for username in ("tu", "ajudan"):
        page = words(people(username).get("/tugas?kotak=naskah"))
        assert "Naskah fisik untuk dicatat 1" in page and "Menandatangani LAKIP Kabupaten Bupati" in page
    assert "untuk dicatat" not in words(people("kabag").get("/tugas"))
    assert "Tidak ada tugas" in words(people("tu").get("/tugas?kotak=kelompok"))


def test_the_ajudan_begins_where_the_work_is_and_sees_no_more_of_the_case(
    people: People, small_office: Office, case: int, url: Url
) -> None:
    small_office.run_until(case, "Task_10c")
    ajudan = people("ajudan")
    assert "Menandatangani LAKIP Kabupaten" in words(ajudan.get("/tugas"))
    page = words(ajudan.get(url("Task_10c")))
    assert "Catat keputusan pada naskah fisik" in page and "Riwayat pelaksanaan ini" not in page and "Surat untuk Anda" not in page
    assert ajudan.get(f"/pelaksanaan/{case}").status_code == 404
    done = next(row for row in small_office.rows(case) if row.element == "Task_9")
    assert ajudan.get(f"/tugas/{done.id}").status_code == 404


def test_the_form_says_who_decides_and_who_records(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_10c")
    page = words(people("ajudan").get(f"{url('Task_10c')}/naskah-fisik"))
    assert "Yang memutuskan: Bupati , H. Ahmad Fauzi" in page
    assert "Anda hanya mencatat, sebagai Ajudan Bupati , Bayu Pratama" in page
    assert "Setuju, naskah ditandatangani" in page and "Kembalikan untuk diperbaiki" in page


def test_the_trail_names_the_decider_first_and_the_recorder_after(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_10c")
    here = url("Task_10c")
    ajudan = people("ajudan")
    answer = record(ajudan, here, {"keputusan_bupati": "ya", "tanggal_kejadian": today()})
    assert (answer.status_code, answer.location) == (303, f"{here}/selesai")  # type: ignore[attr-defined]
    said = f"Disetujui Bupati pada naskah fisik {long_date(clock.today())}, dicatat oleh Bayu Pratama, Ajudan Bupati, "
    for username, page in (
        ("ajudan", f"{here}/selesai"), ("ajudan", here), ("auditor", here), ("auditor", f"{here}/selesai"),
        ("auditor", f"/pelaksanaan/{case}"), ("tu", url("Task_11")),
    ):  # fmt: skip
        text = words(people(username).get(page))
        assert said in text and "WIB" in text, (username, page)
        assert "Oleh Bayu Pratama" not in text


def test_a_return_on_paper_is_a_return(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_5a")
    here = url("Task_5a")
    answers = {"keputusan_asisten": "tidak", "catatan_asisten": "Perbaiki paragraf dua.", "tanggal_kejadian": today()}
    assert record(people("tu"), here, answers).status_code == 303  # type: ignore[attr-defined]
    page = words(people("kasubbag").get(url("Task_4a")))
    assert "Perbaiki paragraf dua." in page and "Dikembalikan Asisten pada naskah fisik" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"tanggal_kejadian": ""}, "Tanggal kejadian belum diisi."),
        ({"tanggal_kejadian": "kemarin"}, "Tanggal kejadian belum diisi."),
        ({"tanggal_kejadian": (clock.today() + timedelta(days=1)).isoformat()}, "tidak boleh sesudah hari ini"),
        ({"tanggal_kejadian": "2020-01-01"}, "tidak boleh sebelum langkah sebelumnya"),
        ({"keputusan_asisten": ""}, "Keputusan"),
        ({"keputusan_asisten": "tidak"}, "Catatan perbaikan"),
        ({"naskah": "tidak"}, "“naskah” tidak ada dalam formulir ini"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    people: People, small_office: Office, case: int, url: Url, change: dict[str, object], sentence: str
) -> None:
    small_office.run_until(case, "Task_5a")
    tu = people("tu")
    answer = record(tu, url("Task_5a"), {"keputusan_asisten": "ya", "tanggal_kejadian": today(), **change})
    assert answer.status_code == 422 and sentence in words(answer)  # type: ignore[attr-defined,arg-type]
    assert "Sudah diunggah: paraf.jpg" in words(answer)  # type: ignore[arg-type]
    assert small_office.task("Task_5a", case=case).answers is None
    good = {"keputusan_asisten": "ya", "tanggal_kejadian": today()}
    assert tu.post(f"{url('Task_5a')}/naskah-fisik", good).status_code == 303


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("", b"", "belum dilampirkan"),
        ("paraf.docx", DOCX, "sebagai foto atau pindaian"),
        ("paraf.jpg", b"<html><script>alert(1)</script>", "bukan JPG"),
    ],
)
def test_the_proof_is_a_picture_or_a_pdf(
    people: People, small_office: Office, case: int, url: Url, name: str, content: bytes, sentence: str
) -> None:
    small_office.run_until(case, "Task_5a")
    answers = {"keputusan_asisten": "ya", "tanggal_kejadian": today()}
    answer = record(people("tu"), url("Task_5a"), answers, bool(name), name, content)
    assert answer.status_code == 422 and sentence in words(answer)  # type: ignore[attr-defined,arg-type]


def test_who_does_not_record_is_led_to_the_task(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_5a")
    here = url("Task_5a")
    for username in ("asisten", "kabag", "auditor"):
        assert people(username).get(f"{here}/naskah-fisik").location == here
        assert "Catat keputusan" not in words(people(username).get(here))
        answers = {"token": "a" * 32, "keputusan_asisten": "ya", "tanggal_kejadian": today()}
        answer = people(username).post(f"{here}/naskah-fisik", answers, {"naskah_fisik": [("paraf.jpg", JPG)]})
        assert answer.status_code == 403
    assert people("ajudan").get(f"{here}/naskah-fisik").status_code == 404
    assert people("opd.dinas_kesehatan").get(f"{here}/naskah-fisik").status_code == 404


def test_what_a_leader_decided_meanwhile_is_not_recorded_again(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_5a")
    here, tu = url("Task_5a"), people("tu")
    tu.get(f"{here}/naskah-fisik")
    small_office.do(case, "Task_5a")
    answer = tu.post(f"{here}/naskah-fisik", {"keputusan_asisten": "ya", "tanggal_kejadian": today()})
    assert answer.status_code == 409 and "sudah diputuskan" in words(answer)


# -- taking back --


def test_a_finished_step_is_taken_back_with_everything_that_was_sent(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_4a")
    done = small_office.do(case, "Task_4a")
    kasubbag, here = people("kasubbag"), f"/tugas/{done.id}"
    for page in (here, f"{here}/selesai"):
        assert "Tarik kembali" in words(kasubbag.get(page)), page
    assert "Tarik kembali" not in words(people("kabag").get(here))
    empty = kasubbag.post(f"{here}/tarik-kembali", {"alasan": " "})
    assert empty.status_code == 422 and "Alasan belum diisi." in words(empty)
    answer = kasubbag.post(f"{here}/tarik-kembali", {"alasan": "Salah lampiran."})
    assert answer.status_code == 303 and answer.location == url("Task_4a")
    again = kasubbag.get(answer.location)
    assert 'value="2031-03-12"' in again.text and "Sudah diunggah: konsep_surat.pdf" in words(again)
    assert "Kiriman ditarik kembali" in words(again)
    sent = kasubbag.post(answer.location, {"hal_surat": "Baru", "batas_waktu_opd": "2031-03-12", "daftar_opd": ["setda"]})
    assert sent.status_code == 303, words(sent)
    assert "Ditarik kembali" in words(kasubbag.get(here)) and "Salah lampiran." in words(kasubbag.get(here))


def test_nobody_takes_back_what_the_next_has_begun(people: People, small_office: Office, case: int) -> None:
    done = small_office.do(case, "Task_2")
    kabag, tu, here = people("kabag"), people("tu"), f"/tugas/{done.id}"
    tu.get(here)
    following = f"/tugas/{small_office.task('Task_3a', case=case).id}"
    kabag.get(following)
    kabag.post(f"{following}/simpan", {"instruksi": "Segera"})
    assert tu.post(f"{here}/tarik-kembali", {"alasan": "Salah."}).status_code == 409
    assert "Tarik kembali" not in words(tu.get(here))
    kabag.get(here)
    assert kabag.post(f"{here}/tarik-kembali", {"alasan": "Salah."}).status_code == 403


def test_a_file_is_replaced_and_its_versions_are_listed(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_4a")
    done = small_office.do(case, "Task_4a")
    kasubbag, here = people("kasubbag"), f"/tugas/{done.id}"
    kasubbag.get(here)
    missing = kasubbag.post(f"{here}/ganti-berkas", {"isian": "konsep_surat"})
    assert missing.status_code == 422 and "Berkas pengganti belum dipilih." in words(missing)
    wrong = kasubbag.post(f"{here}/ganti-berkas", {"isian": "konsep_surat"}, {"konsep_surat": [("a.pdf", b"<html>")]})
    assert wrong.status_code == 422 and "bukan PDF" in words(wrong)
    answer = kasubbag.post(f"{here}/ganti-berkas", {"isian": "konsep_surat"}, {"konsep_surat": pdf("Konsep kedua.pdf")})
    assert answer.status_code == 303, words(answer)
    page = words(kasubbag.get(here))
    assert "v2 berlaku Konsep kedua.pdf Rahmat Hidayat, S.Sos." in page and "v1 konsep_surat.pdf" in page
    reading = people("kabag").get(url("Task_4b"))
    assert "Konsep kedua.pdf" in words(reading) and "konsep_surat.pdf" not in words(reading)


def test_a_field_of_nobody_and_somebody_else_replace_nothing(people: People, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_4a")
    done = small_office.do(case, "Task_4a")
    here = f"/tugas/{done.id}/ganti-berkas"
    kasubbag, before = people("kasubbag"), len(small_office.storage.list_keys())
    kasubbag.get(f"/tugas/{done.id}")
    assert kasubbag.post(here, {"isian": "typename"}, {"typename": pdf()}).status_code == 422
    for username, status in (("kabag", 403), ("opd.dinas_kesehatan", 404)):
        person = people(username)
        person.get("/mulai")
        answers = {"token": "a" * 32, "isian": "konsep_surat"}
        assert person.post(here, answers, {"konsep_surat": pdf()}).status_code == status, username
    assert len(small_office.storage.list_keys()) == before


def test_versions_go_through_the_rounds(people: People, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_4b")
    small_office.do(case, "Task_4b", "tidak")
    second = small_office.do(case, "Task_4a")
    assert "v2 berlaku" in words(people("kabag").get(f"/tugas/{second.id}"))


# -- the slip --


def test_the_slip_leads_back_to_the_task(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_5a")
    here = url("Task_5a")
    answer = people("tu").get(f"{here}/lembar")
    page = words(answer)
    assert "Lembar Paraf" in page and "Kepada Asisten" in page and "Setuju dan teruskan ke Sekda" in page
    assert f"http://localhost{here}/naskah-fisik" in page
    assert html.fromstring(answer.text).xpath("//figure//*[local-name()='svg']/*[local-name()='path']")
    assert people("ajudan").get(f"{here}/lembar").status_code == 404


def test_a_step_without_a_decision_has_a_disposition_slip(people: People, case: int, url: Url) -> None:
    page = words(people("tu").get(f"{url('Task_2')}/lembar"))
    assert "Lembar Disposisi" in page and "Instruksi" in page and "naskah-fisik" not in page


# -- the leaders' page --


def test_a_leader_reads_the_document_and_decides(people: People, small_office: Office, case: int, url: Url) -> None:
    small_office.run_until(case, "Task_5b")
    sekda = people("sekda")
    answer = sekda.get("/tugas")
    page = words(answer)
    assert "Menunggu keputusan Anda" in page and "Dokumen ini bukan tanda tangan elektronik." in page
    found = html.fromstring(answer.text)
    source = found.xpath("//iframe/@src")[0].split("#")[0]
    assert sekda.get(source).data == PDF
    assert found.xpath("//form/@action")[1] == url("Task_5b")
    assert sekda.post(url("Task_5b"), {"keputusan_sekda": "ya"}).status_code == 303
    assert "Tidak ada tugas untuk Anda saat ini." in words(sekda.get("/tugas"))


def test_each_document_of_a_list_can_be_opened(people: People, small_office: Office, case: int) -> None:
    other = small_office.start(tahun=2026)
    tasks: list[Task] = []
    for one in (case, other):
        small_office.run_until(one, "Task_5b")
        tasks.append(small_office.task("Task_5b", case=one))
    sekda = people("sekda")
    for query, title in (("", "LAKIP 2025"), (f"?buka={tasks[1].id}", "LAKIP 2026"), ("?buka=x", "LAKIP 2025")):
        article = html.fromstring(sekda.get(f"/tugas{query}").text).xpath("//article")[0]
        assert title in article.text_content()


@pytest.mark.parametrize(("username", "element"), [("kabag", "Task_4b"), ("tu", "Task_2")])
def test_other_offices_keep_their_list(people: People, small_office: Office, case: int, username: str, element: str) -> None:
    small_office.run_until(case, element)
    assert "Menunggu keputusan Anda" not in words(people(username).get("/tugas"))


def test_a_leader_may_still_ask_for_the_list(people: People, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_5b")
    assert "Perlu saya kerjakan 1" in words(people("sekda").get("/tugas?kotak=saya"))
    assert isinstance(small_office.task("Task_5b").id, UUID)
