"""What was answered is told row by row wherever a page tells it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import html

from app.models import Task
from tests.support.office import ANSWERS, Office
from tests.web.conftest import Person, words

People = Callable[[str], Person]
OPD = "dinas_kesehatan"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def sent(small_office: Office, case: int) -> Task:
    small_office.run_until(case, "Task_7b", opd=[OPD])
    return small_office.submit(small_office.task("Task_7b", OPD), f"opd.{OPD}", **ANSWERS["Task_7b"])


def tables(text: str) -> list[list[list[str]]]:
    """Every told table: its rows with their head, the number of the row left out."""
    found = html.fromstring(text).xpath("//details[@class='told']//table")
    return [[[" ".join(cell.text_content().split()) for cell in row][1:] for row in one.xpath(".//tr")] for one in found]


ROWS = [
    ["Sasaran strategis", "Indikator kinerja", "Satuan", "Target", "Realisasi", "Polaritas", "Capaian (%)"],
    ["", "Angka kemiskinan", "", "7,5", "6,9", "Makin rendah makin baik", "108%"],
]


@pytest.mark.parametrize("username", ["tu", f"opd.{OPD}", "auditor"])
def test_the_page_of_the_step_shows_the_rows(people: People, sent: Task, username: str) -> None:
    answer = people(username).get(f"/tugas/{sent.id}")
    assert tables(answer.text) == [ROWS] and "Capaian kinerja: 1 baris" in words(answer)


def test_the_collection_shows_the_rows(people: People, sent: Task) -> None:
    assert tables(people("tu").get("/pantauan/1/Task_7b").text) == [ROWS]


def test_history_and_path_show_the_rows(people: People, small_office: Office, sent: Task, case: int) -> None:
    small_office.accept(sent.id)
    small_office.run_until(case, "Task_9")
    row = {"opd": OPD, "indikator": "Angka kemiskinan", "target": "7,5", "realisasi": "6,9"}
    small_office.submit(small_office.task("Task_9"), "tim", **{f"capaian_kab.1.{column}": text for column, text in row.items()})
    for path in (f"/tugas/{small_office.task('Task_10a').id}", f"/pelaksanaan/{case}"):
        found = [row for table in tables(people("kabag").get(path).text) for row in table]
        assert any("Dinas Kesehatan" in row and "Angka kemiskinan" in row for row in found), path


def test_numbers_stand_to_the_right(people: People, sent: Task) -> None:
    cells = html.fromstring(people("tu").get(f"/tugas/{sent.id}").text).xpath("//details[@class='told']//td[@class='number']")
    assert [cell.text for cell in cells] == ["7,5", "6,9", "108%"]


def test_a_long_table_is_read_on_its_own_page(people: People, small_office: Office, sent: Task) -> None:
    with small_office.database.transaction() as session:
        task = session.get_one(Task, sent.id)
        task.answers = {**(task.answers or {}), "capaian": [{"indikator": str(number)} for number in range(101)]}
    page = people("tu").get("/pantauan/1/Task_7b")
    assert tables(page.text) == [] and html.fromstring(page.text).xpath(f"//a[@href='/tugas/{sent.id}'][.='Capaian kinerja: 101 baris']")
    assert len(tables(people("tu").get(f"/tugas/{sent.id}").text)[0]) == 102


def test_hostile_cells_are_only_text(people: People, small_office: Office, sent: Task) -> None:
    with small_office.database.transaction() as session:
        session.get_one(Task, sent.id).answers = {"capaian": [{"indikator": HOSTILE, "target": [HOSTILE]}, HOSTILE], "anggaran": HOSTILE}
    for path in (f"/tugas/{sent.id}", "/pantauan/1/Task_7b", "/pelaksanaan/1"):
        answer = people("tu").get(path)
        assert answer.status_code == 200 and HOSTILE not in answer.text, path
