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
