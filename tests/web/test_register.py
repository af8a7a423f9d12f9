"""Register Dokumen OPD: who opens it, what a cell says, and the same as a spreadsheet."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from lxml import html
from sqlalchemy import update

from app import clock, registers
from app.models import CaseUnit, OrgUnit
from app.words import short_date
from tests.support.driving import Drive, Scenario
from tests.support.office import Office
from tests.web.conftest import Person, words

People = Callable[[str], Person]
TWO = ["dinas_kesehatan", "setda"]


@pytest.fixture
def office(small_office: Office, case: int) -> Office:
    small_office.run_until(case, "Task_7b", opd=TWO)
    small_office.do(case, "Task_7b", item="setda")
    return small_office


def cells(person: Person, query: str = "", column: str = "LAKIP") -> dict[str, str]:
    """{OPD: what its cell says}."""
    page = html.fromstring(person.get(f"/register{query}").text)
    rows = page.xpath("//table/tbody/tr")
    return {text_of(row.xpath("./th")[0]): text_of(row.xpath(f"./td[@data-column='{column}']")[0]) for row in rows}


def text_of(cell: html.HtmlElement) -> str:
    return " ".join(cell.text_content().split())


def sheet(person: Person, query: str = "") -> list[list[object]]:
    answer = person.get(f"/register.xlsx{query}")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    return rows


@pytest.mark.parametrize("username", ["tu", "kasubbag", "kabag", "tim", "auditor", "admin"])
def test_staff_and_auditors_open_it(people: People, office: Office, username: str) -> None:
    assert len(cells(people(username))) == 39


@pytest.mark.parametrize("username", ["opd.setda", "ajudan"])
@pytest.mark.parametrize("path", ["/register", "/register.xlsx"])
def test_others_do_not_learn_of_it(people: People, office: Office, username: str, path: str) -> None:
    assert people(username).get(path).status_code == 404


def test_the_columns_stand_in_the_order_the_drawings_give(people: People, office: Office) -> None:
    heads = html.fromstring(people("kabag").get("/register").text).xpath("//thead//th")
    assert [head.text_content() for head in heads][2:] == ["IKU", "RKT", "PK", "LAKIP", "SKM", "SOP", "SP"]
    assert sheet(people("kabag"))[3][2::3] == ["IKU", "RKT", "PK", "LAKIP", "SKM", "SOP", "SP"]


def test_it_opens_on_the_latest_year_with_papers(people: People, office: Office) -> None:
    office.start(tahun=2027)
    assert "Register Dokumen OPD 2025" in words(people("kabag").get("/register"))
    assert "Belum ada dokumen OPD pada pilihan ini." in words(people("kabag").get("/register?tahun=2027"))


def test_two_periods_of_a_year_stand_in_one_cell(people: People, small_office: Office) -> None:
    for period in ("Semester I", "Semester II"):
        small_office.run_until(small_office.start(key="sop_07_skm", tahun=2026, periode=period), "Task_7b", opd=["setda"])
    done = small_office.submit(small_office.task("Task_7b", "setda", 1), "opd.setda", tanpa_layanan="ya")
    small_office.accept(done.id)
    kabag, day = people("kabag"), short_date(clock.today())
    cell = cells(kabag, column="SKM")["Sekretariat Daerah"]
    assert cell.startswith(f"Semester I Diterima {day}") and cell.endswith("berkas_dokumen.pdf Semester II Belum menyampaikan")
    rows = sheet(kabag)
    first, line = rows[3].index("SKM"), next(row for row in rows if row[1] == "Sekretariat Daerah")
    assert line[first : first + 2] == ["Semester I: Diterima; Semester II: Belum menyampaikan", f"Semester I: {day}"]
    assert rows[-1][first] == "1 dari 2"


def test_a_paper_counts_for_the_kinds_it_holds(people: People, small_office: Office) -> None:
    drive = Drive(small_office, "sop_06_fasilitasi_sop", Scenario("", opd=["setda", "dinas_sosial"]))
    drive.run(until="Task_4a")
    sent = {"daftar.1.jenis": "sop", "daftar.1.nama": "Surat keluar"}
    small_office.submit(small_office.task("Task_4a", "setda", drive.case), "opd.setda", **sent)
    sop, sp = (cells(people("kabag"), column=kind) for kind in ("SOP", "SP"))
    assert "Dikirim" in sop["Sekretariat Daerah"] and sp["Sekretariat Daerah"].endswith("Tidak dalam kiriman")
    assert sop["Dinas Sosial"] == sp["Dinas Sosial"] and sp["Dinas Sosial"].endswith("Belum menyampaikan")


def test_an_old_year_keeps_the_names_and_the_list_of_its_day(people: People, office: Office) -> None:
    with office.database.transaction() as session:
        session.execute(update(OrgUnit).where(OrgUnit.id == "setda").values(name="Setda Baru"))
        session.add(OrgUnit(id="damkar", name="Dinas Damkar", kind="Dinas", valid_from=clock.today()))
    found = cells(people("kabag"))
    assert "Sekretariat Daerah" in found and not {"Setda Baru", "Dinas Damkar"} & found.keys()


def test_an_empty_register_says_how_it_fills(people: People) -> None:
    assert "Belum ada dokumen OPD pada pilihan ini." in words(people("kabag").get("/register"))


def test_a_cell_has_state_day_and_file(people: People, office: Office) -> None:
    cell = cells(people("kabag"))["Sekretariat Daerah"]
    assert cell.startswith(f"Diterima {short_date(clock.today())}") and cell.endswith("berkas_dokumen.pdf")


def test_who_has_not_sent_and_who_was_not_asked_are_told_apart(people: People, office: Office) -> None:
    found = cells(people("kabag"))
    assert (found["Dinas Kesehatan"], found["Dinas Pendidikan"]) == ("Belum menyampaikan", "tidak diminta")


def test_the_last_line_counts(people: People, office: Office) -> None:
    assert "Diterima 0 dari 0 0 dari 0 0 dari 0 1 dari 2 0 dari 0" in words(people("kabag").get("/register"))


def test_the_file_can_be_opened_from_here(people: People, office: Office) -> None:
    kabag = people("kabag")
    link = html.fromstring(kabag.get("/register").text).xpath("//a[@class='entry-file']/@href")[0]
    assert kabag.get(link).data.startswith(b"%PDF")


def test_one_kind_over_the_years(people: People, office: Office) -> None:
    office.start(tahun=2024)
    heads = html.fromstring(people("kabag").get("/register?jenis=LAKIP").text).xpath("//thead//th")
    assert [head.text_content() for head in heads] == ["No.", "OPD", "2025", "2024"]


@pytest.mark.parametrize("query", ["?tahun=x", "?tahun=1900", "?jenis=x", "?tahun=%00&jenis=%00"])
def test_odd_choices_are_the_latest_year(people: People, office: Office, query: str) -> None:
    assert "Register Dokumen OPD 2025" in words(people("kabag").get(f"/register{query}"))


def test_an_opd_that_is_no_more_keeps_its_row(people: People, office: Office) -> None:
    with office.database.transaction() as session:
        session.execute(update(OrgUnit).where(OrgUnit.id == "setda").values(valid_to=clock.today().replace(year=2025)))
    found = cells(people("kabag"))
    assert len(found) == 39 and any(name.startswith("Sekretariat Daerah (sampai") for name in found)


def test_the_spreadsheet_says_the_same(people: People, office: Office) -> None:
    rows = sheet(people("kabag"))
    assert rows[0][0] == "Register Dokumen OPD 2025"
    first = rows[3].index("LAKIP")
    assert rows[3][first : first + 3] == ["LAKIP", "LAKIP: tanggal", "LAKIP: berkas"]
    line = next(row for row in rows if row[1] == "Sekretariat Daerah")
    state, day, files = line[first : first + 3]
    assert (state, day.date(), files) == ("Diterima", clock.today(), "berkas_dokumen.pdf")  # type: ignore[attr-defined]
    assert (rows[-1][1], rows[-1][first]) == ("Diterima", "1 dari 2")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_what_looks_like_a_formula_is_defused(text: str) -> None:
    assert registers.defused(text) == f"'{text.strip()}"


@pytest.mark.parametrize("hidden", ["\u200b", "\ufeff", "\x00", "\u202e", "\n"])
def test_a_formula_behind_a_letter_nobody_sees_is_defused_too(hidden: str) -> None:
    assert registers.defused(f"{hidden}=1+1") == "'=1+1"


def test_the_name_of_an_opd_is_never_a_formula(people: People, office: Office) -> None:
    with office.database.transaction() as session:
        session.execute(update(CaseUnit).where(CaseUnit.org_unit_id == "setda").values(name='=HYPERLINK("x")'))
    book = openpyxl.load_workbook(io.BytesIO(people("kabag").get("/register.xlsx").data))
    assert [box.value for row in book.worksheets[0].iter_rows() for box in row if box.data_type == "f"] == []
    book.close()
