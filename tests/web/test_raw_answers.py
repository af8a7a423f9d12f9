"""Raw answers of a survey into a row of a form, without scripts: the file is read, the row filled, nothing stored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import html
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.models import Attachment, Draft, Event
from tests.support.office import Office
from tests.support.surveys import KEY, deploy_survey
from tests.test_satisfaction import ANSWERS
from tests.test_survey_answers import GOOD, HEAD, text_of, workbook
from tests.web.conftest import Person, words

People = Callable[[str], Person]
PRESS = {"_aksi": "jawaban:unit"}
FILE = "unit._jawaban"


@pytest.fixture
def page(people: People, small_office: Office) -> Callable[..., TestResponse]:
    """page(texts, content): what TU sees after posting the opening form of such an SOP with a file of answers."""
    deploy_survey(small_office.database)

    def posted(texts: dict[str, object], content: bytes | str | None = None) -> TestResponse:
        tu = people("tu")
        tu.get(f"/mulai/{KEY}")
        files = {FILE: [("jawaban.csv", content.encode() if isinstance(content, str) else content)]} if content is not None else {}
        return tu.post(f"/mulai/{KEY}", texts, files)

    return posted


def cell(answer: TestResponse, name: str) -> str:
    return html.fromstring(answer.text).xpath(f"//tbody//*[@name='unit.{name}']")[0].get("value")


def results(answer: TestResponse, row: int) -> list[str]:
    cells = html.fromstring(answer.text).xpath(f"(//tbody/tr)[{row}]/td[contains(@class, 'rows-result')]")
    return [one.text_content().strip() for one in cells]


def stored(office: Office) -> list[int]:
    with office.database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in (Event, Attachment, Draft)]


def test_the_worked_example_fills_the_first_row(page: Callable[..., TestResponse], small_office: Office) -> None:
    before = stored(small_office)
    answer = page(PRESS, text_of())
    assert answer.status_code == 200
    assert [cell(answer, f"1.{key}") for key in ("responden", "u1", "u3", "u9")] == ["10", "3,3", "2,9", "3,1"]
    assert results(answer, 1) == ["82,22", "B (Baik)"]
    assert "Jawaban 10 responden masuk ke Unit layanan baris 1. Periksa, lalu kirim." in words(answer)
    assert stored(small_office) == before


def test_the_first_row_without_numbers_keeps_its_name(page: Callable[..., TestResponse]) -> None:
    typed = {"unit.1.nama": "KTP", "unit.1.u1": "3", "unit.2.nama": "Akta", "hal": "Survei"}
    answer = page({**PRESS, **typed}, workbook(*ANSWERS))
    assert [cell(answer, name) for name in ("1.nama", "1.u1", "1.u2", "2.nama", "2.u1")] == ["KTP", "3", "", "Akta", "3,3"]
    assert 'value="Survei"' in answer.text and "masuk ke Unit layanan baris 2" in words(answer)


def test_a_file_that_came_with_sending_is_read_and_shown_first(page: Callable[..., TestResponse], small_office: Office) -> None:
    before = stored(small_office)
    answer = page({}, text_of())
    assert (answer.status_code, cell(answer, "1.u4"), stored(small_office)) == (200, "3,9", before)


def test_wrong_cells_are_told_and_nothing_is_filled(page: Callable[..., TestResponse]) -> None:
    answer = page(PRESS, text_of([GOOD, [*GOOD[:4], 5, *GOOD[5:]]]))
    tree = html.fromstring(answer.text)
    links = [link.get("href") for link in tree.xpath("//*[@id='ringkasan-kesalahan']//a")]
    assert "Baris 3, kolom U5: “5” bukan nilai 1, 2, 3, atau 4." in words(answer)
    assert len(links) == 2 and all(tree.xpath(f"//*[@id='{link[1:]}']") for link in links)
    assert cell(answer, "1.u1") == ""


def test_a_file_with_names_is_refused(page: Callable[..., TestResponse]) -> None:
    answer = page(PRESS, text_of([["Suparti", *GOOD]], ["Nama", *HEAD]))
    assert "Unit layanan: Baris 1: kolom “Nama” memuat data pribadi responden." in words(answer)
    assert "Suparti" not in answer.text and cell(answer, "1.u1") == ""


def test_no_file_is_told(page: Callable[..., TestResponse]) -> None:
    assert "Unit layanan: berkas jawaban belum dipilih." in words(page(PRESS))


def test_another_button_leaves_the_file_alone(page: Callable[..., TestResponse]) -> None:
    answer = page({"_aksi": "tambah:unit"}, text_of())
    assert cell(answer, "1.u1") == "" and "Jawaban 10" not in words(answer)


@pytest.mark.parametrize("action", ["jawaban:", "jawaban:lain", "jawaban:unit:9"])
def test_a_button_that_is_none_of_ours_changes_nothing(page: Callable[..., TestResponse], action: str) -> None:
    answer = page({"_aksi": action}, text_of())
    assert (answer.status_code, cell(answer, "1.u1")) == (200, "")
