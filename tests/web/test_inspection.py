"""Pemeriksaan: who reads it, what the pages say, what they cost; and that an auditor writes nothing anywhere."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select, update

from app import clock, instances
from app.models import Attachment, Event, Instance, Task
from tests.instances.test_size import counting
from tests.support import deeds
from tests.support.client import Client
from tests.support.office import SOP, Office, make_database
from tests.web.conftest import Person, words

People = Callable[[str], Person]
OWN_ACCOUNT = {
    "agenda.note_date",  # no event of that number is known: 404 to everybody
    "staff.read_notice",  # of one's own group: to everybody else there is none
    "account.make_token",
    "account.revoke_token",
    "account.sign_in",
    "account.sign_in_with_code",
    "account.sign_out",
    "account.end_others",
    "account.password",
}
TWO = ["dinas_kesehatan", "dinas_pendidikan"]
OTHERWISE_SHUT = {"staff.start_upload": 400, "staff.put_piece": 404}


@pytest.fixture
def auditor(people: People) -> Person:
    return people("auditor")


@pytest.fixture
def corrected(small_office: Office, case: int) -> int:
    """Returned once by Kabag with a change, waiting for two OPD."""
    small_office.run_until(case, "Task_4b")
    small_office.do(case, "Task_4b", "tidak")
    small_office.do(case, "Task_4a", hal_surat="Permintaan LAKIP OPD tahun 2025")
    small_office.run_until(case, "Task_7b")
    return case


# -- who --


def test_an_auditor_is_led_here_first(auditor: Person) -> None:
    assert auditor.get("/").location == "/pemeriksaan"
    menu = html.fromstring(auditor.get("/pemeriksaan").text).xpath("//nav[@class='menu']//a")
    assert menu[0].text_content().strip() == "Pemeriksaan" and menu[0].get("aria-current") == "page"


def test_the_menu_of_others_does_not_name_it(people: People) -> None:
    assert "Pemeriksaan" not in words(people("kabag").get("/tugas"))
    assert "Pemeriksaan" in words(people("admin").get("/pelaksanaan"))


def test_whoever_may_not_is_told_whose_it_is(people: People, case: int) -> None:
    for path in (
        "/pemeriksaan",
        f"/pemeriksaan/{case}",
        "/pemeriksaan/999",
        "/pemeriksaan/ekspor.csv",
        f"/pemeriksaan/{case}/peristiwa.xes",
    ):
        answer = people("kabag").get(path)
        assert answer.status_code == 403 and "dibuka oleh auditor dan admin" in words(answer), path


@pytest.mark.parametrize("page", ["", "/baris", "/linimasa", "/berkas", "/keutuhan", "/peristiwa.csv", "/peristiwa.xes"])
def test_an_absent_case_is_absent(auditor: Person, page: str) -> None:
    assert auditor.get(f"/pemeriksaan/999{page}").status_code == 404


def test_every_door_that_writes_is_shut_to_an_auditor(app: Flask, small_office: Office, case: int) -> None:
    """Over everything the app routes; the tasks of the case are such that the deeds would be possible to others."""
    small_office.run_until(case, "Task_7b", opd=TWO)
    task = small_office.task("Task_7b", TWO[0])
    done = next(row for row in small_office.rows(case) if row.element == "Task_6")
    before = (len(small_office.events(case)), small_office.instance(case).revision)
    client, tried = Client(app, "auditor"), 0
    values = {"user_id": small_office.actor("opd.setda").id, "instance_id": case, "element": "Task_7b", "key": SOP, "version": 1}
    values |= {"draft_id": 1, "form_id": "pf04", "upload_id": task.id, "offset": 0, "definition_id": f"{SOP}:1:1", "kind": "hari"}
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}:
            if rule.endpoint in OWN_ACCOUNT:
                continue
            of = done if rule.endpoint in ("staff.recall", "staff.replace_file") else task
            with app.test_request_context():
                from flask import url_for

                path = url_for(
                    rule.endpoint, **{name: {**values, "task_id": of.id, "file_id": of.id}.get(name, 1) for name in rule.arguments}
                )
            data = {"alasan": "x", "catatan": "x", "batas_waktu": "2031-01-01", "untuk": "semua", "satu": str(task.id)}
            answer = client.http.open(path, method=method, data={"csrf_token": client.csrf(), "token": "a" * 32, **data})
            # A cookie is nobody to programs; a piece of a file says in its body what it is for, and here says nothing.
            shut = 401 if rule.endpoint.startswith("rest.") else OTHERWISE_SHUT.get(rule.endpoint, 403)
            assert answer.status_code == shut, (rule.endpoint, answer.status_code)
            tried += 1
    assert tried > 15 and (len(small_office.events(case)), small_office.instance(case).revision) == before


# -- the list --


def test_the_list_shows_marks_and_totals(auditor: Person, small_office: Office, corrected: int) -> None:
    page = words(auditor.get("/pemeriksaan"))
    assert "1 pelaksanaan" in page and "LAKIP 2025" in page and "dikembalikan 1×" in page and "Berjalan" in page
    assert "terlambat" not in page.split("Tanda")[1]


def test_filters_come_back_as_they_were_chosen(auditor: Person, corrected: int) -> None:
    page = html.fromstring(auditor.get("/pemeriksaan?sop=sop_02_lakip&tahun=2025&opd=dinas_kesehatan&orang=siti&dikembalikan=1").text)
    assert page.xpath("//select[@id='sop']/option[@selected]/@value") == ["sop_02_lakip"]
    assert page.xpath("//select[@id='opd']/option[@selected]/@value") == ["dinas_kesehatan"]
    assert page.xpath("//input[@id='orang']/@value") == ["siti"] and page.xpath("//input[@id='dikembalikan']/@checked")
    assert "dikembalikan=1" in page.xpath("//a[contains(@href, 'ekspor.csv')]/@href")[0]


def test_nothing_found_says_what_to_do(auditor: Person, case: int) -> None:
    assert "Tidak ada pelaksanaan yang cocok." in words(auditor.get("/pemeriksaan?cari=tidak-ada"))


def test_exports_hold_what_is_listed(auditor: Person, small_office: Office, case: int) -> None:
    other = small_office.start(tahun=2024)
    answer = auditor.get("/pemeriksaan/ekspor.csv?tahun=2024")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert {row["Nomor pelaksanaan"] for row in rows} == {str(other)} and len(rows) == len(small_office.events(other))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="pemeriksaan.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert auditor.get("/pemeriksaan/ekspor.xes?tahun=2024").data.count(b"<trace") == 1
    assert auditor.get(f"/pemeriksaan/{case}/peristiwa.xes").data.count(b"<event") == len(small_office.events(case))


# -- the summary --


def test_the_summary_states_the_facts(auditor: Person, small_office: Office, corrected: int) -> None:
    page = words(auditor.get(f"/pemeriksaan/{corrected}"))
    assert "Nomor 02. 061/org/58, versi 1" in page and "oleh Siti Aminah" in page
    assert "11 hari kerja dan 365 menit kerja" in page and "diminta 2, diterima 0, ditunggu 2" in page
    assert f"Peristiwa tercatat: {len(small_office.events(corrected))} ." in page


def test_every_deviation_links_to_where_it_can_be_seen(auditor: Person, small_office: Office, corrected: int) -> None:
    deeds.close(small_office, corrected)
    links = html.fromstring(auditor.get(f"/pemeriksaan/{corrected}").text).xpath("//a[@class='seen-at']/@href")
    assert len(links) >= 3
    for link in links:
        path, _, anchor = link.partition("#")
        assert html.fromstring(auditor.get(path).text).xpath(f"//*[@id='{anchor}']"), link


def test_nothing_found_is_said(auditor: Person, small_office: Office) -> None:
    case = small_office.start()
    assert "Tidak ada penyimpangan yang ditemukan." in words(auditor.get(f"/pemeriksaan/{case}"))


def test_a_cancelled_case_says_why(auditor: Person, small_office: Office, case: int) -> None:
    with small_office.database.transaction() as session:
        instances.cancel_instance(session, small_office.actor("admin"), case, "Dimulai dua kali.")
    assert "Alasan: “Dimulai dua kali.”" in words(auditor.get(f"/pemeriksaan/{case}"))


# -- rows --


def test_a_row_shows_what_a_correction_changed(auditor: Person, corrected: int) -> None:
    page = html.fromstring(auditor.get(f"/pemeriksaan/{corrected}/baris").text)
    row = page.xpath("//section[@id='baris-4']")[0]
    assert [node.text_content() for node in row.xpath(".//del")][:1] == ["Permintaan LAKIP OPD"]
    assert [node.text_content() for node in row.xpath(".//ins")][:1] == ["Permintaan LAKIP OPD tahun 2025"]
    assert "Perbaiki bagian ini." in row.text_content() and "Norma 60 menit kerja" in row.text_content()


def test_a_row_names_the_office_and_who_stood_in(auditor: Person, small_office: Office, case: int) -> None:
    deeds.seat(small_office, "tu2", "kabag_organisasi", "Plh.")
    small_office.run_until(case, "Task_4b")
    small_office.submit(small_office.task("Task_4b"), "tu2", keputusan_kabag="ya")
    page = words(auditor.get(f"/pemeriksaan/{case}/baris"))
    assert "Rina Marlina Plh. Kabag Organisasi" in page


def test_a_row_tells_the_day_of_the_deed_and_who_recorded_it(auditor: Person, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_5a")
    deeds.decide_on_paper(small_office, "Task_5a", clock.today())
    row = html.fromstring(auditor.get(f"/pemeriksaan/{case}/baris").text).xpath("//section[@id='baris-5']")[0]
    text = " ".join(row.text_content().split())
    assert "Kejadian" in text and "Dicatat" in text and "dicatat Siti Aminah" in text and "sedikitnya" in text


def test_what_the_sop_does_not_draw_is_marked(auditor: Person, case: int) -> None:
    row = html.fromstring(auditor.get(f"/pemeriksaan/{case}/baris").text).xpath("//section[@id='baris-5']")[0]
    assert "tidak tergambar dalam SOP" in row.text_content() and "Ditandatangani Sekda?" in row.text_content()


def test_files_are_named_with_their_digest(auditor: Person, small_office: Office, case: int) -> None:
    with small_office.database.reading() as session:
        file = session.scalars(select(Attachment).where(Attachment.instance_id == case)).one()
    assert f"sha256 {file.digest}" in auditor.get(f"/pemeriksaan/{case}/baris").text


# -- timeline --


def test_every_event_is_told_in_order(auditor: Person, small_office: Office, corrected: int) -> None:
    page = html.fromstring(auditor.get(f"/pemeriksaan/{corrected}/linimasa").text)
    assert page.xpath("//tr/@id") == [f"p-{event.seq}" for event in small_office.events(corrected)]


def test_one_kind_of_event_alone(auditor: Person, small_office: Office, corrected: int) -> None:
    deeds.extend(small_office, TWO[0], date(2032, 1, 1))
    page = auditor.get(f"/pemeriksaan/{corrected}/linimasa?jenis=deadline")
    assert len(html.fromstring(page.text).xpath("//tr/@id")) == 1
    assert "dari 12 Maret 2031 pukul 16.00 WIB menjadi 1 Januari 2032 pukul 16.00 WIB" in words(page)


def test_what_was_taken_back_is_marked(auditor: Person, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_4a")
    deeds.recall(small_office, small_office.do(case, "Task_4a"), "kasubbag")
    page = html.fromstring(auditor.get(f"/pemeriksaan/{case}/linimasa").text)
    undone = page.xpath("//tr[@class='undone']")
    assert len(undone) == 1 and "ditarik kembali" in undone[0].text_content()


def test_no_kind_of_event_is_left_without_words() -> None:
    """Every kind that a use-case writes, read from the source."""
    from app.audit.told import KINDS
    from app.config import ROOT

    source = "\n".join(path.read_text() for path in (ROOT / "app").rglob("*.py"))
    written = set(re.findall(r'(?:Fact\(|note_deed\(session, view, actor, |answers_fact\([\w.]+, )"(\w+)"', source))
    assert len(written) >= 15 and written <= KINDS.keys()


# -- files --


def files_of(office: Office, case: int) -> list[Attachment]:
    with office.database.reading() as session:
        return list(session.scalars(select(Attachment).where(Attachment.instance_id == case).order_by(Attachment.uploaded_at)))


def test_all_versions_are_listed_and_the_valid_one_is_named(auditor: Person, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_4a")
    deeds.replace(small_office, small_office.do(case, "Task_4a"), "kasubbag", "konsep_surat")
    page = words(auditor.get(f"/pemeriksaan/{case}/berkas"))
    assert "konsep_surat.pdf" in page and "pengganti.pdf" in page and "versi 2 berlaku" in page and "3 berkas, semua versi" in page
    assert all(file.digest in page for file in files_of(small_office, case))


@pytest.mark.parametrize(
    ("spoil", "said"), [("nothing", "1 utuh, 0 berubah, 0 hilang"), ("bytes", "0 utuh, 1 berubah"), ("gone", "1 hilang")]
)
def test_files_are_read_again_on_demand(auditor: Person, small_office: Office, case: int, spoil: str, said: str) -> None:
    path = Path(small_office.database.settings.storage_url.removeprefix("file://")) / files_of(small_office, case)[0].storage_key
    if spoil == "bytes":
        path.write_bytes(b"%PDF lain")
    elif spoil == "gone":
        path.unlink()
    page = words(auditor.get(f"/pemeriksaan/{case}/berkas?periksa=1"))
    assert said in page


def test_bytes_and_digest_changed_together_are_found_by_what_the_answers_vouch_for(
    auditor: Person, small_office: Office, case: int
) -> None:
    from hashlib import sha256

    file = files_of(small_office, case)[0]
    path = Path(small_office.database.settings.storage_url.removeprefix("file://")) / file.storage_key
    path.write_bytes(b"%PDF lain")
    with small_office.database.transaction() as session:
        session.execute(update(Attachment).where(Attachment.id == file.id).values(digest=sha256(b"%PDF lain").hexdigest()))
    assert "1 berubah" in words(auditor.get(f"/pemeriksaan/{case}/berkas?periksa=1"))


# -- integrity --


def test_nothing_is_checked_unasked(auditor: Person, case: int) -> None:
    assert "Jejak ini" not in words(auditor.get(f"/pemeriksaan/{case}/keutuhan"))


def test_an_intact_trail_holds_and_its_head_can_be_noted(auditor: Person, small_office: Office, case: int) -> None:
    instance = small_office.instance(case)
    page = auditor.get(f"/pemeriksaan/{case}/keutuhan?periksa=1")
    assert f"Jejak ini utuh: {instance.event_seq} peristiwa cocok dengan segelnya." in words(page)
    assert instance.event_mac.hex() in page.text


def test_the_first_broken_event_is_named_with_its_time(auditor: Person, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_4a")
    with small_office.database.transaction() as session:
        event = session.get_one(Event, (case, 3))
        event.at = event.at - timedelta(days=400)
        told = event.at
    page = words(auditor.get(f"/pemeriksaan/{case}/keutuhan?periksa=1"))
    from app.words import moment

    assert f"Peristiwa pertama yang tidak cocok: ke-3 , tercatat {moment(told)}." in page
    assert "1 tidak utuh" in words(auditor.get("/pemeriksaan?periksa=1"))


def test_all_listed_cases_are_checked_at_once(auditor: Person, small_office: Office, case: int) -> None:
    small_office.start(tahun=2024)
    assert "2 pelaksanaan pada halaman ini diperiksa: semuanya utuh." in words(auditor.get("/pemeriksaan?periksa=1"))


def test_every_page_reads_both_databases(office: Office) -> None:
    from app import create_app

    case = office.start()
    office.run_until(case, "Task_4b")
    app = create_app(office.database.settings)
    client = Client(app, "auditor")
    for path in ("", "/baris", "/linimasa?jenis=step", "/berkas?periksa=1", "/keutuhan?periksa=1", "/peristiwa.csv", "/peristiwa.xes"):
        answer = client.get(f"/pemeriksaan/{case}{path}")
        assert answer.status_code == 200 and answer.data, path
    assert "semuanya utuh" in words(client.get("/pemeriksaan?periksa=1&terlambat=&sop=sop_02_lakip&tahun=2025&orang=siti"))
    assert client.get("/pemeriksaan/ekspor.csv?terlambat=1").data.count(b"\r\n") == 1  # nobody was late: the head alone
    app.extensions["alur"].database.dispose()


# -- what it costs: 39 OPD, three rounds --

PAGES = ("", "/baris", "/linimasa", "/berkas", "/keutuhan")


@pytest.fixture(scope="module")
def large(filled_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Case 1: 39 OPD of which one was sent back twice, three rounds of the letter. Case 2: just started."""
    folder = tmp_path_factory.mktemp("large")
    for name in ("alur.db", "keys.json"):
        shutil.copy(filled_sqlite / name, folder / name)
    database = make_database("", folder)
    office = Office(database)
    case = office.start()
    office.run_until(case, "Task_4b")
    units = [username.removeprefix("opd.") for username in usernames(office) if username.startswith("opd.")]
    for _ in range(2):
        office.do(case, "Task_4b", "tidak")
        office.do(case, "Task_4a", daftar_opd=units)
    office.run_until(case, "Task_7b")
    for number in range(3):
        sent = deeds.send(office, units[0], nama_petugas=f"Budi {number}")
        if number < 2:
            deeds.return_to_unit(office, sent.id)
    for unit in units[1:6]:
        deeds.send(office, unit)
    office.start(tahun=2024)
    yield office
    database.dispose()


def usernames(office: Office) -> list[str]:
    from app.models import User

    with office.database.reading() as session:
        return list(session.scalars(select(User.username).order_by(User.id)))


@pytest.fixture(scope="module")
def inspector(large: Office) -> Iterator[tuple[Flask, Client]]:
    from app import create_app

    app = create_app(large.database.settings)
    yield app, Client(app, "auditor")
    app.extensions["alur"].database.dispose()


def statements(inspector: tuple[Flask, Client], path: str) -> int:
    app, client = inspector
    client.get(path)  # forms and drawings are compiled once per process
    with counting(app.extensions["alur"].database) as counts:
        assert client.get(path).status_code == 200
    return counts["statements"]


@pytest.mark.parametrize("page", PAGES)
def test_a_large_case_costs_no_more_statements_than_a_small_one(inspector: tuple[Flask, Client], page: str) -> None:
    large, small = statements(inspector, f"/pemeriksaan/1{page}"), statements(inspector, f"/pemeriksaan/2{page}")
    forms = 4 if page == "/baris" else 0  # options of the forms that only the large case has reached
    assert large <= small + forms and large <= 22, (large, small)


def test_the_list_costs_the_same_for_one_case_and_for_two(inspector: tuple[Flask, Client]) -> None:
    both, one = statements(inspector, "/pemeriksaan"), statements(inspector, "/pemeriksaan?tahun=2024")
    assert both <= one <= 14, (both, one)


def test_all_39_opd_and_every_round_are_there(inspector: tuple[Flask, Client], large: Office) -> None:
    page = html.fromstring(inspector[1].get("/pemeriksaan/1/baris").text)
    shown = page.xpath("//section[@id='baris-7']//tbody/tr")
    assert len(shown) == sum(row.element == "Task_7b" for row in large.rows(1)) == 41
    assert "Rincian 39 OPD, 41 tugas" in page.text_content()
    changed = page.xpath("//section[@id='baris-7']//del")
    assert [node.text_content() for node in changed] == ["Budi 0", "Budi 1"]


def test_reading_changes_nothing(inspector: tuple[Flask, Client], large: Office) -> None:
    def rows() -> list[tuple[object, ...]]:
        with large.database.reading() as session:
            found = [tuple(row) for row in session.execute(select(Instance.revision, Instance.event_seq, Instance.event_mac))]
            return found + [tuple(row) for row in session.execute(select(Task.id, Task.state, Task.seen_at).order_by(Task.id))]

    before = rows()
    for path in ("?periksa=1", *(f"/1{page}?periksa=1" for page in PAGES), "/ekspor.csv", "/ekspor.xes"):
        assert inspector[1].get(f"/pemeriksaan{path}").status_code == 200
    assert rows() == before
