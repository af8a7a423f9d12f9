"""Reminders as TU makes them, and what others read of them: the letter, the messages, Pantauan, the case."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from lxml import html
from sqlalchemy import update

from app import clock, demo
from app.models import Membership, Task
from app.words import long_date
from tests.support.office import ANSWERS, Office
from tests.web.conftest import Person, words

People = Callable[[str], Person]
THREE = ["dinas_kesehatan", "dinas_pendidikan", "setda"]
HERE = "/pantauan/1/Task_7b"
SEMUA = {"ingatkan": "semua", "bentuk": "daftar", "penanda_tangan": "kabag_organisasi"}


@pytest.fixture
def office(small_office: Office, case: int) -> Office:
    small_office.run_until(case, "Task_7b", opd=THREE)
    return small_office


@pytest.fixture
def tu(people: People, office: Office) -> Person:
    person = people("tu")
    person.get(HERE)
    return person


def told(office: Office) -> list[dict[str, object]]:
    return [json.loads(event.data) for event in office.events(1) if event.kind == "reminded"]


def letters(person: Person, **more: object) -> list[str]:
    """The sheets, as they are read."""
    answer = person.post(f"{HERE}/surat-pengingat", {**SEMUA, **more})
    assert answer.status_code == 303, words(answer)
    page = html.fromstring(person.get(answer.location).text)
    return [" ".join(" ".join(sheet.xpath(".//text()")).split()) for sheet in page.xpath("//article")]


# -- the letter --


def test_a_letter_names_opd_letter_deadline_and_who_signs(tu: Person, office: Office) -> None:
    (sheet,) = letters(tu)
    assert sheet.startswith(f"Pemerintah Kabupaten Bintan Bagian Organisasi Setda Kab. Bintan {long_date(clock.today())}")
    assert "Hal Pengingat penyampaian LAKIP 2025" in sheet
    assert "Kepala Perangkat Daerah: Dinas Kesehatan Dinas Pendidikan Sekretariat Daerah di tempat" in sheet
    assert "Menindaklanjuti surat nomor 061/ORG/57 tanggal 12 Januari 2026 hal Permintaan LAKIP OPD," in sheet
    assert "Batas waktu penyampaian adalah 12 Maret 2031 pukul 16.00 WIB" in sheet
    assert "Kabag Organisasi, Dra. Nurhayati, M.Si. NIP" in sheet


def test_many_opd_are_listed_on_a_page_of_their_own(people: People, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_7b", opd=[unit[0] for unit in demo.UNITS])
    people("tu").get(HERE)
    letter, attached = letters(people("tu"))
    assert "Lampiran 1 (satu) berkas" in letter and "(daftar terlampir)" in letter and "Kecamatan" not in letter
    assert attached.count("Kecamatan") == 10 and "Badan Pendapatan Daerah" in attached


def test_one_letter_for_each_ticked_opd(tu: Person, office: Office) -> None:
    ticked = [str(office.task("Task_7b", opd).id) for opd in THREE[:2]]
    sheets = letters(tu, ingatkan="dipilih", bentuk="tiap", pilih=ticked)
    assert [("Dinas Kesehatan di tempat" in one, "Dinas Pendidikan di tempat" in one) for one in sheets] == [(True, False), (False, True)]


def test_after_the_deadline_it_says_so(tu: Person, office: Office) -> None:
    with office.database.transaction() as session:
        session.execute(update(Task).where(Task.item.is_not(None)).values(due_at=clock.now() - timedelta(hours=1)))
    assert "Batas waktu penyampaian telah berakhir pada" in letters(tu)[0]


def test_the_number_is_written_in_before_printing_and_may_stay_empty(tu: Person) -> None:
    where = tu.post(f"{HERE}/surat-pengingat", SEMUA).location
    assert html.fromstring(tu.get(where).text).xpath("//article//*[@class='blank']")
    assert "Nomor 061/ORG/88 <b> Sifat" in words(tu.get(f"{where}?nomor=061/ORG/88 <b>"))


def test_printed_again_it_says_the_same(tu: Person, office: Office) -> None:
    where = tu.post(f"{HERE}/surat-pengingat", SEMUA).location
    before = html.fromstring(tu.get(where).text).xpath("string(//article)")
    office.do(1, "Task_7b", item="setda")
    tu.get(HERE)
    tu.post(f"{HERE}/perpanjang", {"batas_waktu": "2031-04-01", "alasan": "Dinas luar.", "untuk": "semua"})
    assert html.fromstring(tu.get(where).text).xpath("string(//article)") == before
    assert len(told(office)) == 1


def test_who_acts_for_the_head_signs_as_such(tu: Person, office: Office) -> None:
    with office.database.transaction() as session:
        session.add(Membership(user_id=office.actor("kasubbag").id, group_key="kabag_organisasi", acting="Plh.", valid_from=clock.today()))
    assert "Plh. Kabag Organisasi, Rahmat Hidayat, S.Sos." in letters(tu)[0]


def test_an_empty_office_leaves_room_for_the_name(tu: Person, office: Office) -> None:
    with office.database.transaction() as session:
        ended = update(Membership).where(Membership.group_key == "kabag_organisasi")
        session.execute(ended.values(valid_to=clock.today() - timedelta(days=1)))
    assert "Kabag Organisasi, NIP" in letters(tu)[0]


def test_a_case_whose_forms_do_not_say_it_refers_to_the_step(tu: Person, office: Office) -> None:
    with office.database.transaction() as session:
        session.execute(update(Task).where(Task.element == "Task_6").values(answers={}))
    assert "Menindaklanjuti permintaan kepada perangkat daerah untuk menyusun dan mengirim LAKIP OPD," in letters(tu)[0]


def test_ticking_nobody_is_said_and_the_choices_are_kept(tu: Person) -> None:
    answer = tu.post(f"{HERE}/surat-pengingat", {"ingatkan": "dipilih", "bentuk": "tiap", "penanda_tangan": "sekda"})
    assert answer.status_code == 422 and "Centang lebih dahulu OPD yang belum menyampaikan" in words(answer)
    page = html.fromstring(answer.text)
    assert page.xpath("//details[@id='alat-surat']/@open") and page.xpath("//option[@value='sekda'][@selected]")
    assert page.xpath("//input[@id='bentuk-tiap'][@checked] | //input[@id='ingatkan-dipilih'][@checked]")


@pytest.mark.parametrize(("username", "status"), [("tim", 200), ("kabag", 403), ("auditor", 403), ("opd.setda", 404), ("ajudan", 404)])
def test_those_who_collect_print_it(tu: Person, people: People, username: str, status: int) -> None:
    where = tu.post(f"{HERE}/surat-pengingat", SEMUA).location
    assert people(username).get(where).status_code == status


def test_there_is_no_letter_where_none_was_made(tu: Person) -> None:
    assert tu.get(f"{HERE}/surat-pengingat/1").status_code == 404  # an event, and no reminder
    assert tu.get(f"{HERE}/surat-pengingat/99").status_code == 404


# -- messages --


def forms_of(person: Person) -> dict[str, dict[str, str]]:
    """{what a message is about: the hidden fields of its form}."""
    found = html.fromstring(person.get(HERE).text).xpath("//form[@data-reminds]")
    fields = [{one.get("name"): one.get("value") for one in form.xpath(".//input[@type='hidden']")} for form in found]
    return {one["pesan"]: one for one in fields}


def test_a_message_is_recorded_by_its_button(tu: Person, office: Office) -> None:
    answer = tu.post(f"{HERE}/pengingat", forms_of(tu)["belum"])
    page = words(tu.get(answer.location))
    assert "Pengingat tercatat." in page
    assert f"Pengingat terakhir {long_date(clock.today())}, WhatsApp, oleh Siti Aminah" in page
    assert told(office)[0]["items"] == THREE


def test_a_script_records_it_once_for_a_text_of_a_page(tu: Person, office: Office) -> None:
    form = forms_of(tu)["pengingat"]
    for _ in range(2):
        answer = tu.client.post(f"{HERE}/pengingat", data=form, headers={"Accept": "application/json"})
        assert answer.json == {"told": "Pengingat tercatat"}
    assert len(told(office)) == 1


def test_a_message_to_one_sent_back_is_for_that_one(tu: Person, office: Office) -> None:
    sent = office.submit(office.task("Task_7b", "setda"), "opd.setda", **ANSWERS["Task_7b"])
    tu.post(f"/pantauan/opd/{sent.id}/kembalikan", {"catatan": "Tabel capaian belum ada."})
    tu.post(f"{HERE}/pengingat", forms_of(tu)["dikembalikan"])
    assert told(office)[0]["items"] == ["setda"]


@pytest.mark.parametrize(
    "bad", [{"opd": ""}, {"opd": "setda inspektorat"}, {"pesan": "x"}, {"opd": "\x00" * 5000}, {"token": "x"}, {"opd": "setda x " * 3000}]
)
def test_what_no_page_of_ours_sends_is_refused(tu: Person, office: Office, bad: dict[str, str]) -> None:
    typed = {"pesan": "belum", "opd": "setda", "token": uuid4().hex, **bad}
    assert tu.post(f"{HERE}/pengingat", typed).status_code == 400
    assert told(office) == []


@pytest.mark.parametrize("deed", ["pengingat", "surat-pengingat"])
@pytest.mark.parametrize(("username", "status"), [("kabag", 403), ("auditor", 403), ("opd.setda", 404)])
def test_nobody_else_reminds(people: People, office: Office, username: str, status: int, deed: str) -> None:
    person = people(username)
    person.get("/tugas")
    typed = {**SEMUA, "pesan": "belum", "opd": "setda", "token": uuid4().hex}
    assert person.post(f"{HERE}/{deed}", typed).status_code == status
    assert told(office) == []


# -- where it is told --


def test_the_list_and_the_case_tell_of_reminders(tu: Person, people: People, office: Office) -> None:
    letters(tu)
    told_as = f"{long_date(clock.today())}, surat, oleh Siti Aminah"
    assert f"Pengingat terakhir {told_as}" in words(tu.get("/pantauan"))
    page = words(people("kabag").get("/pelaksanaan/1"))
    assert f"Pengingat yang dibuat {told_as}: surat pengingat; 3 OPD" in page and "Buka surat" not in page
    for opd in THREE:
        office.do(1, "Task_7b", item=opd)
    assert f"Pengingat yang dibuat {told_as}" in words(people("kabag").get("/pelaksanaan/1"))


def test_a_reminder_of_the_first_round_is_not_told_of_the_second(tu: Person, people: People, office: Office) -> None:
    letters(tu)
    for opd in THREE:
        office.do(1, "Task_7b", item=opd)
    office.do(1, "Task_8", "tidak", daftar_opd=["setda"])
    assert words(people("kabag").get("/pelaksanaan/1")).count("Pengingat yang dibuat") == 1
