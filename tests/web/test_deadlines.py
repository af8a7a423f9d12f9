"""Deadlines on the pages: words and bands for staff, nothing of the kind for leaders; the recap of the head of the office; the calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from lxml import html

from app import office_calendar as calendars
from app.web.deadlines import due_on
from app.worktime import OFFICE
from tests.support import deeds
from tests.support.office import Office
from tests.test_worktime import at
from tests.web.conftest import Person, words

People = Callable[[str], Person]
MORNING = at("2026-06-08 08:00")  # a Monday
ODD = "\x00'\"<script>alert(1)</script>{{7*7}}"


@pytest.mark.parametrize(
    ("since", "now", "due", "text", "band"),
    [
        ("2026-06-08 08:00", "2026-06-08 08:20", "2026-06-08 08:45", "Sisa 25 menit kerja", "cukup"),
        ("2026-06-08 08:00", "2026-06-08 08:33", "2026-06-08 08:45", "Sisa 12 menit kerja", "cukup"),  # 73 %
        ("2026-06-08 08:00", "2026-06-08 08:34", "2026-06-08 08:45", "Segera, sisa 11 menit kerja", "segera"),  # 76 %
        ("2026-06-08 08:00", "2026-06-08 08:45", "2026-06-08 08:45", "Segera, sisa kurang dari 1 menit kerja", "segera"),  # 100 %
        ("2026-06-08 08:00", "2026-06-08 08:46", "2026-06-08 08:45", "Terlambat 1 menit kerja", "lewat"),
        ("2026-06-08 08:00", "2026-06-08 20:00", "2026-06-08 16:00", "Lewat tenggat", "lewat"),  # nobody worked since
        ("2026-06-08 08:00", "2026-06-10 16:00", "2026-06-08 08:45", "Terlambat 2 hari kerja", "lewat"),
        ("2026-06-08 15:30", "2026-06-08 15:40", "2026-06-09 08:00", "Sisa 50 menit kerja", "cukup"),  # over the night
        ("2026-06-08 10:00", "2026-06-08 10:00", "2026-06-15 16:00", "Sisa 5 hari kerja", "cukup"),
        ("2026-06-08 10:00", "2026-06-15 09:00", "2026-06-15 16:00", "Segera, sisa 6 jam kerja", "segera"),
        (None, "2026-06-15 14:40", "2026-06-15 16:00", "Segera, sisa 1 jam 20 menit kerja", "segera"),
        ("2026-06-08 10:00", "2026-06-08 10:00", "2031-03-12 16:00", "", "cukup"),
    ],
)
def test_how_near_a_deadline_is(since: str | None, now: str, due: str, text: str, band: str) -> None:
    found = due_on(at(due), at(since) if since else None, at(now), OFFICE)
    assert (found.text, found.band) == (text, band)


def at_step(office: Office, element: str) -> int:
    deeds.long_in_office(office)
    with time_machine.travel(MORNING, tick=False):
        case = office.start()
        office.run_until(case, element, opd=["setda"])
    return case


def test_a_late_step_says_so_wherever_staff_see_it(people: People, small_office: Office) -> None:
    case = at_step(small_office, "Task_4a")
    url = f"/tugas/{small_office.task('Task_4a').id}"
    with time_machine.travel(at("2026-06-10 16:00"), tick=False):
        kasubbag = people("kasubbag")
        inbox, task, path = (words(kasubbag.get(address)) for address in ("/tugas?kotak=saya", url, f"/pelaksanaan/{case}"))
    assert "8 Juni 2026, 08.45 WIB Terlambat 2 hari kerja 1.320 dari 45 menit kerja" in inbox
    assert "Batas waktu 8 Juni 2026, 08.45 WIB Terlambat 2 hari kerja" in task
    assert "60 menit kerja, untuk langkah ini 45 menit kerja Terpakai sampai sekarang 1.320 dari 45 menit kerja" in task
    assert "batas waktu 8 Juni 2026, 08.45 WIB Terlambat 2 hari kerja · terpakai 1.320 dari 45 menit kerja" in path


@pytest.mark.parametrize(("element", "leader"), [("Task_5a", "asisten"), ("Task_5b", "sekda"), ("Task_10c", "bupati")])
def test_nothing_judges_a_leader(people: People, small_office: Office, element: str, leader: str) -> None:
    case = at_step(small_office, element)
    url = f"/tugas/{small_office.task(element).id}"
    pages = [("tu", "/tugas?kotak=naskah"), ("kabag", url), ("kabag", f"/pelaksanaan/{case}")]
    pages += [(leader, path) for path in ("/tugas", "/tugas?kotak=saya", url, f"/pelaksanaan/{case}")]
    with time_machine.travel(at("2026-06-19 09:00"), tick=False):
        seen = {(who, path): people(who).get(path).text for who, path in pages}
    for page in seen.values():
        assert "8 Juni 2026" in page  # since when it waits
        for word in ("Terlambat", "Lewat tenggat", "state-terlambat", "Segera", "Terpakai", "terpakai"):
            assert word not in page
    assert "Batas waktu 8 Juni" not in seen["kabag", url]


def test_the_recap_of_the_head_tells_leaders_rows_as_well_and_staff_have_none(people: People, small_office: Office) -> None:
    case = at_step(small_office, "Task_5a")
    with time_machine.travel(at("2026-06-10 08:00"), tick=False):
        kabag = people("kabag")
        assert "Rekap waktu" in words(kabag.get(f"/pelaksanaan/{case}"))
        page = kabag.get(f"/pelaksanaan/{case}/rekap")
        assert "Rekap waktu" not in words(people("kasubbag").get(f"/pelaksanaan/{case}"))
        assert people("kasubbag").get(f"/pelaksanaan/{case}/rekap").status_code == 403
    assert "Asisten 120 menit kerja 900 menit kerja sampai saat ini (melebihi norma)" in words(page)
    assert "state-terlambat" not in page.text


def test_a_returned_row_is_recapped_in_both_rounds_and_paper_by_its_day(people: People, small_office: Office) -> None:
    case = at_step(small_office, "Task_4a")
    with time_machine.travel(at("2026-06-08 09:10"), tick=False):
        small_office.do(case, "Task_4a")
        small_office.do(case, "Task_4b", "tidak")
    with time_machine.travel(at("2026-06-08 09:30"), tick=False):
        small_office.do(case, "Task_4a")
        small_office.do(case, "Task_4b")
    with time_machine.travel(at("2026-06-12 09:30"), tick=False):
        deeds.decide_on_paper(small_office, "Task_5a", date(2026, 6, 9))
        page = words(people("kabag").get(f"/pelaksanaan/{case}/rekap"))
    assert "Pertama kali: 70 menit kerja melebihi norma Perbaikan ke-1: 20 menit kerja" in page
    assert "sedikitnya 330 menit kerja" in page  # from 8 June 09.30 to the beginning of the 9th, not to the day it was recorded


# -- Kalender Kerja --


def keep(people: People, kind: str, **given: str) -> tuple[int, str]:
    admin = people("admin")
    admin.get(f"/kalender-kerja/{kind}/baru?tahun=2026")
    answer = admin.post(f"/kalender-kerja/{kind}/baru", {"dasar": "SE Bupati 5/2026", **given})
    return answer.status_code, answer.headers.get("Location", "")


def test_a_day_is_added_changed_and_removed_and_the_trail_tells_it(people: People, small_office: Office) -> None:
    given = {"tanggal": "2026-06-09", "jenis": "libur-daerah", "nama": "Hari Jadi Kabupaten"}
    assert keep(people, "hari", **given) == (303, "/kalender-kerja?tahun=2026")
    assert "9 Hari Jadi Kabupaten Selasa, libur daerah, menurut SE Bupati 5/2026" in words(
        people("kabag").get("/kalender-kerja?tahun=2026")
    )
    admin = people("admin")
    edition = html.fromstring(admin.get("/kalender-kerja/hari/1").text).xpath("//input[@name='edisi']/@value")[0]
    admin.post("/kalender-kerja/hari/1", {**given, "nama": "Hari Jadi", "dasar": "SE Bupati 6/2026", "edisi": edition})
    edition = html.fromstring(admin.get("/kalender-kerja/hari/1").text).xpath("//input[@name='edisi']/@value")[0]
    assert admin.post("/kalender-kerja/hari/1/hapus", {"edisi": edition, "tahun": "2026"}).status_code == 303
    page = words(people("kabag").get("/kalender-kerja?tahun=2026"))
    assert "Dihapus oleh Yusuf Ramadhan" in page and "(sebelumnya: Libur daerah 9 Juni 2026: Hari Jadi Kabupaten" in page
    assert "Catatan perubahan" not in words(people("opd.dinas_kesehatan").get("/kalender-kerja?tahun=2026"))


def test_new_hours_and_a_ramadan_are_shown_with_their_decree(people: People) -> None:
    times = calendars.times_of(OFFICE.hours[0][1])
    assert keep(people, "jam", mulai="2026-07-01", **{**times, "biasa_mulai_1": "07.00"})[0] == 303
    assert keep(people, "ramadan", mulai="2028-01-28", sampai="2028-02-25", **times)[0] == 303
    page = words(people("kabag").get("/kalender-kerja?tahun=2026"))
    assert "Jam kerja sejak 1 Juli 2026 07.00–12.00, 13.00–16.00 07.30–11.30, 13.00–16.30 SE Bupati 5/2026" in page
    page = words(people("kabag").get("/kalender-kerja?tahun=2028"))
    assert "Cuti bersama tahun 2028 belum ditetapkan" in page and "Ramadan, 28 Januari 2028 sampai 25 Februari 2028" in page


def test_a_year_that_is_not_decreed_yet_is_warned_of(people: People) -> None:
    assert "Cuti bersama dan jam kerja Ramadan tahun 2029 belum ditetapkan" in words(people("kabag").get("/kalender-kerja?tahun=2029"))


@pytest.mark.parametrize("kind", ["hari", "jam", "ramadan"])
def test_whatever_is_posted_comes_back_with_sentences(people: People, kind: str) -> None:
    admin = people("admin")
    admin.get(f"/kalender-kerja/{kind}/baru")
    names = ("tanggal", "jenis", "nama", "mulai", "sampai", "dasar", "edisi", *calendars.TIMES)
    answer = admin.post(f"/kalender-kerja/{kind}/baru", dict.fromkeys(names, ODD))
    page = html.fromstring(answer.text)
    told = [item.text_content() for item in page.xpath("//div[@id='ringkasan-kesalahan']//li")]
    assert answer.status_code == 422 and told and all(sentence.endswith(".") for sentence in told)
    assert {link[1:] for link in page.xpath("//div[@id='ringkasan-kesalahan']//a/@href")} <= set(page.xpath("//@id"))
    assert "<script>alert" not in answer.text and "&lt;script&gt;" in answer.text


@pytest.mark.parametrize("path", ["/kalender-kerja/lain/baru", "/kalender-kerja/hari/99", "/kalender-kerja/hari/99999999999"])
def test_what_is_not_there_is_not_found(people: People, path: str) -> None:
    assert people("admin").get(path).status_code == 404


@pytest.mark.parametrize("year", ["", "abc", "0000", "9999", "%00", "-1", "²0²6"])
def test_an_odd_year_is_this_one(people: People, year: str) -> None:
    assert people("kabag").get(f"/kalender-kerja?tahun={year}").status_code == 200
