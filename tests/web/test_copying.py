"""Last year's answers beside a form and into it; a letter of another case used once more."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from lxml import html
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from app.models import Attachment, Definition, Draft, Event, Instance, Task
from tests.support.office import OPENING, PDF, SOP, Office, redraw
from tests.web.conftest import Person, pdf, words

People = Callable[[str], Person]
OPD = "dinas_kesehatan"
START = f"/mulai/{SOP}"
FOLD = "Isian tahun lalu: LAKIP 2024"
COPY = {"_aksi": "salin"}
WITHOUT_TU = (
    ('name="grup" value="tu_bagian"', 'name="grup" value="ajudan_bupati"'),
    ('candidateGroups="tu_bagian', 'candidateGroups="ajudan_bupati'),
    ('candidateStarterGroups="tu_bagian"', 'candidateStarterGroups="kasubbag_tatalaksana"'),
)


def value(answer: TestResponse, name: str) -> str:
    found = html.fromstring(answer.text).xpath(f"//*[@name='{name}']")[0]
    chosen = found.xpath("./option[@selected]/@value")
    return chosen[0] if chosen else found.get("value") or (found.text or "").strip()


def stored(office: Office) -> list[int]:
    with office.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in (Event, Task, Instance, Draft)]


@pytest.fixture
def last_year(small_office: Office) -> int:
    case = small_office.start(tahun=2024, asal_surat="Gubernur Kepulauan Riau", hal="Laporan Kinerja", ringkasan="Batas akhir Maret.")
    small_office.run_until(case, "Task_7b", opd=[OPD])
    small_office.finish(case)
    return case


@pytest.fixture
def asked(small_office: Office, last_year: int) -> str:
    """The page of the OPD's task of this year."""
    case = small_office.start()
    small_office.run_until(case, "Task_7b", opd=[OPD, "dinas_pendidikan"])
    return f"/tugas/{small_office.task('Task_7b', OPD).id}"


# -- beside the form --


def test_without_an_earlier_case_there_is_no_trace_of_it(people: People, small_office: Office) -> None:
    tu = people("tu")
    assert "Isian tahun lalu" not in words(tu.get(START)) and 'value="salin"' not in tu.get(START).text
    case = small_office.start()
    page = tu.get(f"/tugas/{small_office.task('Task_2', case=case).id}")
    assert "Isian tahun lalu" not in words(page) and 'value="salin"' not in page.text


def test_last_year_s_answers_stand_beside_the_form(people: People, asked: str) -> None:
    answer = people(f"opd.{OPD}").get(asked)
    source = html.fromstring(answer.text).xpath("//div[@class='source']")[0]
    text = " ".join(source.text_content().split())
    assert text.startswith(FOLD) and "Capaian kinerja: 1 baris" in text and "Makin rendah makin baik" in text and "7,5" in text
    assert source.xpath(".//a[contains(., 'berkas_dokumen.pdf')]") and not source.xpath("./details/@open")


def test_the_files_of_last_year_s_line_can_be_opened(people: People, asked: str) -> None:
    opd = people(f"opd.{OPD}")
    link = html.fromstring(opd.get(asked).text).xpath("//div[@class='source']//a[contains(., 'berkas_dokumen')]/@href")[0]
    assert opd.get(link).data == PDF


def test_another_opd_sees_nothing_of_it(people: People, small_office: Office, asked: str) -> None:
    other = f"/tugas/{small_office.task('Task_7b', 'dinas_pendidikan').id}"
    opd = people("opd.dinas_pendidikan")
    assert "Isian tahun lalu" not in words(opd.get(other))
    answer = opd.post(other, COPY)
    assert answer.status_code == 200 and "Belum ada isian tahun lalu untuk langkah ini." in words(answer)
    assert "kemiskinan" not in answer.text


def test_beside_a_decision_there_is_none(people: People, small_office: Office, last_year: int) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_4b")
    assert "Isian tahun lalu" not in words(people("kabag").get(f"/tugas/{small_office.task('Task_4b', case=case).id}"))


def test_what_is_not_to_be_copied_has_no_button(people: People, small_office: Office, last_year: int) -> None:
    """A draft is asked with what is filled anew every year: its example is there, the button is not."""
    case = small_office.start()
    small_office.run_until(case, "Task_4a")
    answer = people("kasubbag").get(f"/tugas/{small_office.task('Task_4a', case=case).id}")
    assert FOLD in words(answer) and 'value="salin"' not in answer.text


def test_who_only_reads_the_task_has_no_form_and_no_example(people: People, asked: str) -> None:
    assert "Isian tahun lalu" not in words(people("tu").get(asked))


def test_an_office_that_has_no_part_in_the_old_drawing_sees_nothing(people: People, small_office: Office) -> None:
    """Last year somebody else numbered the letter."""
    redraw(small_office.database, *WITHOUT_TU)
    case = small_office.start("kasubbag", tahun=2024)
    with small_office.database.transaction() as session:
        session.execute(update(Instance).values(state="finished", finished_at=Instance.started_at))
    redraw(small_office.database, ("Mengagendakan dan memilah surat masuk", "Mengagendakan surat"))
    assert case and "Isian tahun lalu" not in words(people("tu").get(START))


# -- into the form --


def test_the_button_fills_what_is_blank_and_stores_nothing(people: People, small_office: Office, asked: str) -> None:
    opd, before = people(f"opd.{OPD}"), stored(small_office)
    opd.get(asked)
    answer = opd.post(asked, {**COPY, "nama_petugas": "Sari"})
    assert answer.status_code == 200 and re.search(
        r"Disalin dari LAKIP 2024, \d+ \w+ \d{4}: Capaian kinerja\. Periksa, lalu kirim\.", words(answer)
    )
    assert (value(answer, "capaian.1.indikator"), value(answer, "capaian.1.polaritas")) == ("Angka kemiskinan", "rendah")
    assert (value(answer, "capaian.1.realisasi"), value(answer, "nama_petugas")) == ("", "Sari")  # this year's figure; what was typed
    assert stored(small_office) == before


def test_what_was_filled_can_be_sent(people: People, small_office: Office, asked: str) -> None:
    opd = people(f"opd.{OPD}")
    opd.get(asked)
    page = html.fromstring(opd.post(asked, COPY).text)
    typed = {one.get("name"): one.get("value") or "" for one in page.xpath("//form//input[starts-with(@name, 'capaian.1.')]")}
    typed |= {"capaian.1.indikator": "Angka kemiskinan", "capaian.1.polaritas": "rendah"}
    answer = opd.post(asked, {**typed, "capaian.1.target": "7", "capaian.1.realisasi": "6"}, {"berkas_dokumen": pdf()})
    assert answer.status_code == 303


def test_what_was_typed_is_not_overwritten(people: People, small_office: Office, asked: str) -> None:
    opd = people(f"opd.{OPD}")
    opd.get(asked)
    answer = opd.post(asked, {**COPY, "capaian.1.indikator": "Indikator baru"})
    assert value(answer, "capaian.1.indikator") == "Indikator baru"
    assert "Tidak ada yang disalin dari LAKIP 2024" in words(answer)


def test_the_opening_form_is_filled_without_what_is_this_year_s(people: People, last_year: int) -> None:
    tu = people("tu")
    assert FOLD in words(tu.get(START))
    answer = tu.post(START, {**COPY, "asal_surat": "Kementerian PANRB", "hal": "", "tahun": "2025", "nomor_surat": "B/9"})
    filled = {name: value(answer, name) for name in ("asal_surat", "hal", "tahun", "nomor_surat", "tanggal_surat", "ringkasan")}
    assert filled == {
        "asal_surat": "Gubernur Kepulauan Riau",  # the form's own default was not typed
        "hal": "Laporan Kinerja",
        "tahun": "2025",
        "nomor_surat": "B/9",
        "tanggal_surat": "",
        "ringkasan": "",
    }


def test_a_file_chosen_before_pressing_it_is_kept(people: People, last_year: int) -> None:
    tu = people("tu")
    tu.get(START)
    assert "Sudah diunggah: Surat.pdf" in words(tu.post(START, COPY, {"berkas_surat": pdf("Surat.pdf")}))


@pytest.mark.parametrize(("username", "status"), [("kabag", 200), ("opd.dinas_pendidikan", 404)])
def test_for_others_the_button_does_nothing(people: People, asked: str, username: str, status: int) -> None:
    person = people(username)
    person.get("/mulai")
    answer = person.post(asked, {**COPY, "token": "a" * 32})
    assert answer.status_code == status and "Disalin" not in words(answer)


# -- the letter of another case --


def letter(office: Office, case: int, field: str = "berkas_surat") -> Attachment:
    with office.database.reading() as session:
        return session.scalars(select(Attachment).where(Attachment.instance_id == case, Attachment.field == field)).one()


def use(person: Person, file_id: object, **typed: object) -> TestResponse:
    return person.post(START, {"_aksi": "surat", "_surat": str(file_id), **typed})


@pytest.fixture
def tu(people: People, case: int) -> Person:
    person = people("tu")
    person.get(START)
    return person


def test_without_a_letter_there_is_no_trace_of_it(people: People) -> None:
    assert "pelaksanaan lain" not in words(people("tu").get(START))


def test_letters_are_told_by_what_they_say(tu: Person) -> None:
    page = words(tu.get(START))
    assert "Pakai surat dari pelaksanaan lain" in page and "LAKIP 2025" in page and "berkas_surat.pdf" in page
    assert "Nomor surat: B/12/M.AA/2026" in page and "Tanggal surat: 5 Januari 2026" in page and "Hal: Penyampaian Laporan Kinerja" in page
    assert "Cari surat" not in page


def test_the_letter_comes_with_its_file_and_its_words(tu: Person, small_office: Office, case: int) -> None:
    before, file = stored(small_office), letter(small_office, case)
    answer = use(tu, file.id, hal="Hal yang diketik", tahun="2026")
    assert answer.status_code == 200 and "Sudah diunggah: berkas_surat.pdf" in words(answer)
    filled = {name: value(answer, name) for name in ("nomor_surat", "tanggal_surat", "hal", "tahun")}
    assert filled == {"nomor_surat": "B/12/M.AA/2026", "tanggal_surat": "2026-01-05", "hal": "Hal yang diketik", "tahun": "2026"}
    assert "Berkas “berkas_surat.pdf” dari LAKIP 2025 dilampirkan pada formulir ini. Terisi juga:" in words(answer)
    assert stored(small_office) == before
    with small_office.database.reading() as session:
        copy = session.scalars(select(Attachment).where(Attachment.draft_token.is_not(None))).one()
    assert (copy.digest, copy.media_type, copy.size, copy.filename) == (file.digest, file.media_type, file.size, file.filename)
    assert copy.storage_key != file.storage_key and small_office.storage.open(copy.storage_key).read() == PDF


def test_the_form_can_be_sent_with_it(tu: Person, small_office: Office, case: int) -> None:
    use(tu, letter(small_office, case).id)
    answer = tu.post(START, {**OPENING, "tahun": "2026", "_surat": str(letter(small_office, case).id), "_cari_surat": ""})
    assert answer.status_code == 303
    assert letter(small_office, case + 1).digest == letter(small_office, case).digest


def test_another_letter_takes_the_place_of_the_first(tu: Person, small_office: Office, case: int) -> None:
    second = small_office.start(tahun=2026)
    use(tu, letter(small_office, case).id)
    answer = use(tu, letter(small_office, second).id)
    assert words(answer).count("Sudah diunggah:") == 1


def test_nothing_chosen_is_said_where_it_is_chosen(tu: Person) -> None:
    answer = tu.post(START, {"_aksi": "surat", "nomor_surat": "B/9"})
    page = html.fromstring(answer.text)
    assert "Surat yang akan dipakai belum dipilih." in words(answer) and value(answer, "nomor_surat") == "B/9"
    assert page.xpath("//details[@class='source'][@open]//p[@id='surat-problem']")


@pytest.mark.parametrize("file_id", ["x", "\x00", "23d150c1-c380-428e-bbb7-eaadb45dfb7d", "../../etc/passwd"])
def test_an_absent_letter_is_404(tu: Person, file_id: str) -> None:
    assert use(tu, file_id).status_code == 404


def test_a_file_that_is_no_letter_is_404(tu: Person, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_4b")
    assert use(tu, letter(small_office, case, "konsep_surat").id).status_code == 404


@pytest.mark.parametrize(("username", "status"), [("kabag", 403), ("auditor", 403), ("opd.dinas_kesehatan", 404)])
def test_who_may_not_start_uses_no_letter(people: People, small_office: Office, case: int, username: str, status: int) -> None:
    person = people(username)
    person.get("/mulai")
    assert use(person, letter(small_office, case).id, token="a" * 32).status_code == status


def test_a_letter_of_an_sop_that_one_does_not_see_is_absent(tu: Person, small_office: Office, case: int) -> None:
    """The same SOP under another name, in which the office has no part."""
    redraw(small_office.database, (SOP, "sop_rahasia"), *WITHOUT_TU)
    with small_office.database.transaction() as session:
        secret = session.scalars(select(Definition).where(Definition.key == "sop_rahasia")).one()
        session.execute(update(Instance).values(definition_id=secret.id, key="sop_rahasia"))
    assert "pelaksanaan lain" not in words(tu.get(START))
    assert use(tu, letter(small_office, case).id).status_code == 404


def test_a_letter_whose_bytes_are_gone_says_what_to_do(tu: Person, small_office: Office, case: int) -> None:
    file = letter(small_office, case)
    small_office.storage.remove(file.storage_key)
    answer = use(tu, file.id, nomor_surat="B/9")
    assert answer.status_code == 200 and "tidak dapat dipakai lagi. Unggah sendiri berkasnya." in words(answer)
    assert value(answer, "nomor_surat") == "B/9" and small_office.storage.list_keys() == []


def test_a_letter_counts_for_the_quota(tu: Person, small_office: Office, case: int) -> None:
    file = letter(small_office, case)
    with small_office.database.transaction() as session:
        session.execute(update(Attachment).values(size=small_office.database.settings.quota_mb * 1_048_576))
    answer = use(tu, file.id)
    assert "Jatah penyimpanan Anda sudah penuh." in words(answer) and len(small_office.storage.list_keys()) == 1


def test_more_than_ten_are_searched_with_the_form_kept(tu: Person, small_office: Office) -> None:
    for year in range(2010, 2021):
        small_office.start(tahun=year, nomor_surat=f"B/{year}/M.AA")
    page = words(tu.get(START))
    assert "Hanya 10 surat terbaru yang tampak." in page and "LAKIP 2010" not in page
    answer = tu.post(START, {"_aksi": "cari-surat", "_cari_surat": "b/2010/", "hal": "Sudah diketik"})
    found = html.fromstring(answer.text).xpath("//details[@class='source'][@open]")[0]
    assert answer.status_code == 200 and "LAKIP 2010" in found.text_content() and "LAKIP 2011" not in found.text_content()
    assert value(answer, "hal") == "Sudah diketik"
    nothing = words(tu.post(START, {"_aksi": "cari-surat", "_cari_surat": "<b>zz"}))
    assert "Tidak ada surat yang cocok dengan “<b>zz”." in nothing


@pytest.mark.parametrize("pressed", [["salin", "surat"], ["salin:x"], ["surat:x"], ["\x00"], [""]])
def test_odd_buttons_only_show_the_form_again(tu: Person, pressed: list[str]) -> None:
    answer = tu.post(START, {"_aksi": pressed, "nomor_surat": "B/9"})
    assert answer.status_code == 200 and value(answer, "nomor_surat") == "B/9"


def test_the_page_of_a_refusal_names_no_button(tu: Person) -> None:
    answer = use(tu, uuid4(), nomor_surat="B/9")
    assert "B/9" in words(answer) and "_aksi" not in answer.text and "_surat" not in words(answer)
