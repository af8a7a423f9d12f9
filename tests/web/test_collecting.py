"""Pantauan Pengumpulan as TU, Kabag, an auditor and an OPD see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote
from uuid import uuid4

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import update

from app import clock, drafts, instances
from app.models import Task
from tests.support.office import ANSWERS, Office
from tests.web.conftest import Person, pdf, words

People = Callable[[str], Person]
THREE = ["dinas_kesehatan", "dinas_pendidikan", "setda"]
HERE = "/pantauan/1/Task_7b"


@pytest.fixture
def office(small_office: Office, case: int) -> Office:
    """Three OPD are asked."""
    small_office.run_until(case, "Task_7b", opd=THREE)
    return small_office


@pytest.fixture
def tu(people: People, office: Office) -> Person:
    person = people("tu")
    person.get(HERE)
    return person


def send(office: Office, item: str) -> Task:
    return office.submit(office.task("Task_7b", item), f"opd.{item}", **ANSWERS["Task_7b"])


def states(office: Office) -> dict[str | None, str]:
    with office.database.reading() as session:
        found = instances.collection_for(session, office.actor("tu"), 1, "Task_7b")
    return {line.task.item: line.state for line in found.lines}


def rows(page: str) -> list[str]:
    return [str(id) for id in html.fromstring(page).xpath("//table/tbody/tr/@id")]


def pass_the_deadline(office: Office) -> None:
    with office.database.transaction() as session:
        session.execute(update(Task).where(Task.item.is_not(None)).values(due_at=clock.now() - timedelta(hours=1)))


# -- what it shows --


def test_what_wants_a_hand_comes_first(tu: Person, office: Office) -> None:
    office.accept(send(office, "dinas_kesehatan").id)
    send(office, "setda")
    assert rows(tu.get(HERE).text) == ["opd-setda", "opd-dinas_pendidikan", "opd-dinas_kesehatan"]


def test_the_list_says_how_far_each_collection_is(tu: Person, office: Office) -> None:
    send(office, "setda")
    page = words(tu.get("/pantauan"))
    assert "LAKIP 2025 Sudah diterima 0 dari 3 OPD; 1 menunggu diterima; 2 belum menyampaikan" in page


def test_an_empty_list_says_what_to_expect(people: People) -> None:
    assert "Tidak ada pengumpulan yang berjalan." in words(people("tu").get("/pantauan"))


def test_an_opd_s_own_list_is_empty(people: People, office: Office) -> None:
    assert "LAKIP" not in words(people("opd.setda").get("/pantauan"))


def test_the_menu_counts_what_waits_to_be_accepted(tu: Person, office: Office) -> None:
    send(office, "setda")
    assert "Pantauan Pengumpulan 1 menunggu" in words(tu.get("/tugas"))


def test_the_head_counts_and_names_the_deadline(tu: Person, office: Office) -> None:
    office.accept(send(office, "setda").id)
    answer = tu.get(HERE)
    assert "Sudah diterima 1 dari 3 OPD; 2 belum menyampaikan" in words(answer) and "Batas waktu 12 Maret 2031" in words(answer)
    bar = html.fromstring(answer.text).xpath("//progress")[0]
    assert (bar.get("value"), bar.get("max")) == ("1", "3")


def test_a_draft_is_told_from_nothing_at_all(tu: Person, office: Office) -> None:
    task = office.task("Task_7b", "setda")
    with office.database.transaction() as session:
        drafts.save_draft(session, office.actor("opd.setda"), str(task.id), {"nama_petugas": ["Budi"]}, uuid4().hex)
    assert states(office) == {"setda": "draf", "dinas_kesehatan": "belum", "dinas_pendidikan": "belum"}
    assert "Sedang diisi (draf)" in words(tu.get(HERE))


def test_one_line_an_opd_whatever_the_rounds(tu: Person, office: Office) -> None:
    for opd in THREE:
        office.do(1, "Task_7b", item=opd)
    office.do(1, "Task_8", "tidak", daftar_opd=["setda"])
    page = words(tu.get(HERE))
    assert "Sudah diterima 2 dari 3 OPD; 1 belum menyampaikan" in page and "Dikembalikan Perbaikan ke-1" in page


def test_a_tab_and_a_search_narrow_the_list(tu: Person, office: Office) -> None:
    send(office, "setda")
    assert rows(tu.get(f"{HERE}?lihat=dikirim").text) == ["opd-setda"]
    assert rows(tu.get(f"{HERE}?cari=KESEHATAN").text) == ["opd-dinas_kesehatan"]
    assert "Tidak ada OPD yang cocok dengan “zz”." in words(tu.get(f"{HERE}?cari=zz"))


@pytest.mark.parametrize("query", ["lihat=x", "cari=%00", "alat=x", "centang=x", "cari=" + "a" * 5000])
def test_odd_parameters_are_clean_defaults(tu: Person, query: str) -> None:
    assert tu.get(f"{HERE}?{query}").status_code == 200


def test_those_who_see_the_case_read_without_buttons(people: People, office: Office) -> None:
    send(office, "setda")
    for username in ("kabag", "auditor"):
        page = html.fromstring(people(username).get(HERE).text)
        assert page.xpath("//table") and not page.xpath("//main//form[@method='post'] | //input[@name='pilih']"), username


def test_an_opd_does_not_learn_of_it(people: People, office: Office) -> None:
    assert people("opd.setda").get(HERE).status_code == 404


def test_the_case_page_leads_here(people: People, office: Office) -> None:
    assert f'href="{HERE}"' in people("kabag").get("/pelaksanaan/1").text


def test_there_is_one_primary_button(tu: Person, office: Office) -> None:
    send(office, "setda")
    assert len(html.fromstring(tu.get(HERE).text).xpath("//*[contains(@class, 'btn-primary')]")) == 1


# -- accepting and sending back --


def test_one_is_accepted_by_its_own_button(tu: Person, office: Office) -> None:
    sent = send(office, "setda")
    send(office, "dinas_kesehatan")
    answer = tu.post(f"{HERE}/terima", {"satu": str(sent.id), "lihat": "dikirim"})
    assert answer.location == f"{HERE}?lihat=dikirim" and "1 kiriman OPD diterima." in words(tu.get(answer.location))
    assert states(office) == {"setda": "diterima", "dinas_kesehatan": "dikirim", "dinas_pendidikan": "belum"}


def test_the_ticked_ones_are_accepted_at_once(tu: Person, office: Office) -> None:
    sent = [send(office, opd) for opd in THREE]
    answer = tu.post(f"{HERE}/terima", {"pilih": [str(task.id) for task in sent]})
    assert "3 kiriman OPD diterima." in words(tu.get(answer.location))
    assert [task.element for task in office.open(1)] == ["Task_8"]


def test_a_ticked_line_that_has_not_sent_stays_as_it_is(tu: Person, office: Office) -> None:
    chosen = [str(send(office, "setda").id), str(office.task("Task_7b", "dinas_kesehatan").id)]
    answer = tu.post(f"{HERE}/terima", {"pilih": chosen})
    assert "1 kiriman OPD diterima. 1 yang belum mengirim tidak diubah." in words(tu.get(answer.location))


@pytest.mark.parametrize("chosen", [[], ["x"], ["00000000-0000-4000-8000-000000000000"]])
def test_accepting_nothing_says_what_to_tick(tu: Person, chosen: list[str]) -> None:
    answer = tu.post(f"{HERE}/terima", {"pilih": chosen})
    assert answer.status_code == 422 and "Centang lebih dahulu OPD yang kirimannya akan diterima." in words(answer)


def test_everything_sent_can_be_ticked_without_scripts(tu: Person, office: Office) -> None:
    sent = send(office, "setda")
    ticked = html.fromstring(tu.get(f"{HERE}?centang=dikirim").text).xpath("//input[@name='pilih'][@checked]/@value")
    assert ticked == [str(sent.id)]


def test_sending_back_opens_the_task_of_the_opd_with_the_note(tu: Person, people: People, office: Office) -> None:
    sent = send(office, "setda")
    answer = tu.post(f"/pantauan/opd/{sent.id}/kembalikan", {"catatan": "Tabel capaian belum ada."})
    assert "Dikembalikan Perbaikan ke-1" in words(tu.get(answer.location)) and states(office)["setda"] == "dikembalikan"


def test_the_opd_reads_the_note_of_those_who_sent_it_back_and_no_other(tu: Person, people: People, small_office: Office) -> None:
    """An earlier "tidak" of the case, about the letter itself, is none of an OPD's business."""
    case = small_office.start(tahun=2024)
    small_office.run_until(case, "Task_4b")
    small_office.do(case, "Task_4b", "tidak", catatan_kabag="Rahasia dapur.")
    small_office.run_until(case, "Task_7b", opd=["setda"])
    sent = small_office.submit(small_office.task("Task_7b", "setda", case), "opd.setda", **ANSWERS["Task_7b"])
    tu.post(f"/pantauan/opd/{sent.id}/kembalikan", {"catatan": "Tabel capaian belum ada."})
    page = words(people("opd.setda").get(f"/tugas/{small_office.task('Task_7b', 'setda', case).id}"))
    assert "Perbaikan ke-1: catatan Tata Usaha Bagian Organisasi Tabel capaian belum ada." in page
    assert "Rahasia dapur." not in page and "Siti Aminah" not in page


def test_what_an_opd_sent_is_read_table_and_all(tu: Person, office: Office) -> None:
    page = words(tu.get(f"/tugas/{send(office, 'setda').id}"))
    assert "Angka kemiskinan 7,5 6,9 Makin rendah makin baik 108%" in page


def test_an_opd_with_two_rows_is_one_opd(tu: Person, people: People, office: Office) -> None:
    tu.post(f"/pantauan/opd/{send(office, 'setda').id}/kembalikan", {"catatan": "Tabel capaian belum ada."})
    for opd in THREE:
        office.do(1, "Task_7b", item=opd)
    assert "Lihat berkas 3 OPD" in words(tu.get(f"/tugas/{office.task('Task_8').id}"))
    assert "Rincian 3 OPD" in words(people("kabag").get("/pelaksanaan/1"))


def test_sending_back_without_a_note_leaves_the_small_form_open(tu: Person, office: Office) -> None:
    sent = send(office, "setda")
    answer = tu.post(f"/pantauan/opd/{sent.id}/kembalikan", {"catatan": " "})
    assert answer.status_code == 422 and "Catatan perbaikan belum diisi." in words(answer)
    assert html.fromstring(answer.text).xpath("//tr[@id='opd-setda']//details/@open")


def test_a_note_for_what_a_colleague_has_accepted_is_not_lost(tu: Person, office: Office) -> None:
    sent = send(office, "setda")
    office.accept(sent.id, by="tu2")
    answer = tu.post(f"/pantauan/opd/{sent.id}/kembalikan", {"catatan": "Tabel capaian belum ada."})
    assert answer.status_code == 409 and "Tabel capaian belum ada." in words(answer)


# -- what came outside the app --


def test_what_came_by_message_is_recorded_with_its_day_channel_and_sender(tu: Person, office: Office) -> None:
    where = f"/pantauan/opd/{office.task('Task_7b', 'setda').id}/catat"
    tu.get(where)
    typed = {"luar-tanggal": clock.today().isoformat(), "luar-saluran": "WhatsApp", "luar-dari": "Pak Rahmat", **ANSWERS["Task_7b"]}
    answer = tu.post(where, typed, {"berkas_dokumen": pdf("LKjIP.pdf")})
    page = words(tu.get(answer.location))
    assert "lewat WhatsApp, dicatat Siti Aminah" in page and "Diterima dari Pak Rahmat." in page and "LKjIP.pdf" in page


def test_all_that_is_missing_is_said_at_once_and_the_file_is_kept(tu: Person, office: Office) -> None:
    where = f"/pantauan/opd/{office.task('Task_7b', 'setda').id}/catat"
    tu.get(where)
    answer = tu.post(where, {"luar-tanggal": "kemarin", "luar-dari": "Pak Rahmat"}, {"berkas_dokumen": pdf("LKjIP.pdf")})
    page = words(answer)
    assert (
        answer.status_code == 422 and "Tanggal terima belum diisi dengan tanggal." in page and "Saluran penerimaan belum dipilih." in page
    )
    assert "Sudah diunggah: LKjIP.pdf" in page and "Pak Rahmat" in answer.text
    typed = {"luar-tanggal": clock.today().isoformat(), "luar-saluran": "Surel", **ANSWERS["Task_7b"]}
    assert tu.post(where, typed).status_code == 303


def test_a_line_that_was_closed_still_takes_a_late_paper(tu: Person, office: Office) -> None:
    late = office.task("Task_7b", "setda")
    for opd in THREE[:2]:
        office.do(1, "Task_7b", item=opd)
    tu.get(HERE)
    tu.post(f"{HERE}/tutup", {"alasan": "Batas waktu lewat."})
    page = tu.get(HERE)
    assert "Tidak menyampaikan" in words(page) and f"/pantauan/opd/{late.id}/catat" in page.text
    tu.get(f"/pantauan/opd/{late.id}/catat")
    typed = {"luar-tanggal": clock.today().isoformat(), "luar-saluran": "Naskah fisik", **ANSWERS["Task_7b"]}
    assert tu.post(f"/pantauan/opd/{late.id}/catat", typed, {"berkas_dokumen": pdf()}).status_code == 303
    assert states(office)["setda"] == "diterima"


# -- deadline, taking out, closing --


def test_the_deadline_itself_closes_nothing(tu: Person, office: Office) -> None:
    pass_the_deadline(office)
    page = words(tu.get(HERE))
    assert "Batas waktu lewat, 3 OPD belum menyampaikan." in page
    assert all(choice in page for choice in ("Perpanjang batas waktu", "Tutup penerimaan", "Buat surat pengingat", "Salin pesan WhatsApp"))
    assert len(office.open(1)) == 3


def test_all_who_have_not_sent_get_a_later_deadline(tu: Person, office: Office) -> None:
    send(office, "setda")
    answer = tu.post(f"{HERE}/perpanjang", {"batas_waktu": "2031-04-01", "alasan": "Dinas luar.", "untuk": "semua"})
    assert "Batas waktu 2 OPD diperpanjang sampai 1 April 2031." in words(tu.get(answer.location))


def test_only_the_ticked_ones_get_a_later_deadline(tu: Person, office: Office) -> None:
    chosen = office.task("Task_7b", "setda")
    tu.post(f"{HERE}/perpanjang", {"batas_waktu": "2031-04-01", "alasan": "Dinas luar.", "untuk": "dipilih", "pilih": str(chosen.id)})
    assert words(tu.get(HERE)).count("batas waktu 1 Apr 2031") == 1


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ({"batas_waktu": "", "alasan": " "}, ["Batas waktu baru belum diisi dengan tanggal.", "Alasan belum diisi."]),
        ({"batas_waktu": "2020-01-01", "alasan": "Dinas luar."}, ["Batas waktu baru harus sesudah saat ini."]),
        ({"batas_waktu": "2031-04-01", "alasan": "Dinas luar.", "untuk": "dipilih"}, ["Centang lebih dahulu OPD"]),
        ({"batas_waktu": "9999-99-99", "alasan": "x" * 1001}, ["Alasan paling panjang 1000 huruf."]),
    ],
)
def test_a_refused_extension_keeps_what_was_typed(tu: Person, typed: dict[str, str], sentences: list[str]) -> None:
    answer = tu.post(f"{HERE}/perpanjang", {"untuk": "semua", **typed})
    assert answer.status_code == 422 and all(sentence in words(answer) for sentence in sentences)
    assert typed["alasan"].strip() in answer.text and html.fromstring(answer.text).xpath("//details[@id='alat-perpanjang']/@open")


def test_an_opd_is_taken_out_with_a_reason(tu: Person, office: Office) -> None:
    here = f"/pantauan/opd/{office.task('Task_7b', 'setda').id}/tarik"
    assert "Alasan belum diisi." in words(tu.post(here, {"alasan": "\x00"}))
    page = words(tu.get(tu.post(here, {"alasan": "OPD baru dibentuk."}).location))
    assert "Sudah diterima 0 dari 2 OPD; 2 belum menyampaikan; 1 ditarik" in page and "OPD baru dibentuk." in page


def test_closing_completes_the_step_and_names_who_has_not_sent(tu: Person, office: Office) -> None:
    assert "Alasan belum diisi." in words(tu.post(f"{HERE}/tutup", {"alasan": ""}))
    answer = tu.post(f"{HERE}/tutup", {"alasan": "Batas waktu lewat."})
    assert words(tu.get(answer.location)).count("Batas waktu lewat.") == 3
    assert [task.element for task in office.open(1)] == ["Task_8"]
    assert tu.post(f"{HERE}/tutup", {"alasan": "Sekali lagi."}).status_code == 409


@pytest.mark.parametrize("deed", ["terima", "perpanjang", "tutup"])
@pytest.mark.parametrize(("username", "status"), [("kabag", 403), ("auditor", 403), ("opd.setda", 404)])
def test_nobody_else_collects(people: People, office: Office, username: str, status: int, deed: str) -> None:
    person, line = people(username), str(send(office, "setda").id)
    person.get("/tugas")
    chosen = line if deed == "terima" else str(office.task("Task_7b", "dinas_kesehatan").id)
    typed = {"pilih": chosen, "batas_waktu": "2031-04-01", "alasan": "Coba."}
    assert person.post(f"{HERE}/{deed}", typed).status_code == status


@pytest.mark.parametrize("deed", ["kembalikan", "tarik", "catat"])
@pytest.mark.parametrize(("username", "status"), [("kabag", 403), ("opd.setda", 403), ("opd.dinas_pendidikan", 404)])
def test_nobody_else_changes_a_line(people: People, office: Office, username: str, status: int, deed: str) -> None:
    person, line = people(username), office.task("Task_7b", "setda")
    person.get(f"/tugas/{line.id}")
    typed = {"token": uuid4().hex, "catatan": "Coba.", "alasan": "Coba."}
    assert person.post(f"/pantauan/opd/{line.id}/{deed}", typed).status_code == status


# -- messages --


def messages(person: Person) -> dict[str, str]:
    page = html.fromstring(person.get(HERE).text)
    return {area.get("id"): area.text.removeprefix("\n") for area in page.xpath("//div[@class='messages']//textarea")}


def test_the_message_names_who_has_not_sent(tu: Person, office: Office) -> None:
    send(office, "setda")
    text = messages(tu)["pesan-belum"]
    assert "(2 dari 3):\n1. Dinas Kesehatan\n2. Dinas Pendidikan" in text and "Sekretariat Daerah" not in text


def test_before_the_deadline_there_is_a_letter_and_a_reminder_and_after_it_there_is_not(tu: Person, office: Office) -> None:
    assert "paling lambat 12 Maret 2031" in messages(tu)["pesan-surat"] and "pesan-pengingat" in messages(tu)
    pass_the_deadline(office)
    assert list(messages(tu)) == ["pesan-belum"] and "sudah lewat" in messages(tu)["pesan-belum"]


def test_the_message_to_one_sent_back_carries_the_reason(tu: Person, office: Office) -> None:
    tu.post(f"/pantauan/opd/{send(office, 'setda').id}/kembalikan", {"catatan": "Tabel capaian belum ada."})
    assert "Yth. Sekretariat Daerah," in messages(tu)["pesan-dikembalikan-1"]
    assert "Tabel capaian belum ada." in messages(tu)["pesan-dikembalikan-1"]


def test_the_link_opens_whatsapp_with_the_same_text(tu: Person, office: Office) -> None:
    page = html.fromstring(tu.get(HERE).text)
    links = [unquote(link) for link in page.xpath("//a[starts-with(@href, 'https://wa.me/')]/@href")]
    assert links == [f"https://wa.me/?text={text}" for text in messages(tu).values()]


def test_hostile_notes_are_only_text(tu: Person, app: Flask, office: Office) -> None:
    bad = "</textarea><script>alert(1)</script>"
    tu.post(f"/pantauan/opd/{send(office, 'setda').id}/kembalikan", {"catatan": bad})
    assert "<script>alert" not in tu.get(HERE).text
