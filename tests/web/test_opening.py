""" "Dibuka": told by a script of the page, kept once, said quietly, and never about leaders."""

from __future__ import annotations

from collections.abc import Callable

from lxml import html

from tests.instances.test_size import counting
from tests.support.office import Office
from tests.web.conftest import Person, words

People = Callable[[str], Person]


def told_at(person: Person, path: str) -> list[str]:
    """Where the page tells that it was opened."""
    return [str(found) for found in html.fromstring(person.get(path).text).xpath("//@data-opened")]


def open_as(people: People, username: str, path: str) -> None:
    person = people(username)
    (address,) = told_at(person, path)
    assert person.post(address).status_code == 204


def test_the_page_of_a_performer_tells_until_somebody_has_opened_it(people: People, url: Callable[..., str]) -> None:
    here = url("Task_2")
    assert told_at(people("tu"), here) == [f"{here}/dibuka"]
    open_as(people, "tu", here)
    assert told_at(people("tu2"), here) == []


def test_the_page_of_a_reader_tells_nothing(people: People, url: Callable[..., str]) -> None:
    assert told_at(people("kabag"), url("Task_2")) == []


def test_later_openings_write_nothing(people: People, url: Callable[..., str], small_office: Office) -> None:
    here, person = url("Task_2"), people("tu")
    person.get(here)
    assert person.post(f"{here}/dibuka").status_code == 204
    with counting(person.client.application.extensions["alur"].database) as counts:
        person.get(here)
        assert person.post(f"{here}/dibuka").status_code == 204
    assert counts["commits"] == 0


def test_a_task_that_is_over_says_so(people: People, url: Callable[..., str], small_office: Office, case: int) -> None:
    here, person = url("Task_2"), people("tu")
    person.get(here)
    small_office.do(case, "Task_2")
    assert person.post(f"{here}/dibuka").status_code == 409


def test_the_case_says_who_has_opened_what_waits(people: People, url: Callable[..., str]) -> None:
    open_as(people, "tu", url("Task_2"))
    assert "· dibuka TU Bagian, hari ini" in words(people("kabag").get("/pelaksanaan/1"))


def test_nothing_is_said_of_a_leader(people: People, url: Callable[..., str], small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_5b")
    open_as(people, "sekda", "/tugas")  # the leader's page: the document lies in it
    assert small_office.task("Task_5b").seen_by == small_office.actor("sekda").id
    assert "dibuka" not in words(people("kabag").get("/pelaksanaan/1"))


def test_pantauan_tells_opened_from_not_opened(people: People, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_7b", opd=["setda", "dinas_kesehatan"])
    open_as(people, "opd.setda", f"/tugas/{small_office.task('Task_7b', 'setda').id}")
    rows = html.fromstring(people("tu").get("/pantauan/1/Task_7b").text).xpath("//tr[@id]")
    said = {row.get("id"): row.xpath(".//*[contains(@class, 'state-')]")[0].text_content() for row in rows}
    assert said == {"opd-setda": "Sudah dibuka", "opd-dinas_kesehatan": "Belum dibuka"}
    assert "Sudah diterima 0 dari 2 OPD; 2 belum menyampaikan" in words(people("tu").get("/pantauan/1/Task_7b"))
    assert "dibuka hari ini" in words(people("kabag").get("/pelaksanaan/1"))


def test_the_register_knows_opened_too(people: People, small_office: Office, case: int) -> None:
    small_office.run_until(case, "Task_7b", opd=["setda"])
    open_as(people, "opd.setda", f"/tugas/{small_office.task('Task_7b', 'setda').id}")
    assert "Sekretariat Daerah Sudah dibuka" in words(people("kabag").get("/register?jenis=LAKIP"))
    assert b"PK" in people("kabag").get("/register.xlsx").data[:2]


def test_an_opened_next_step_ends_taking_back(people: People, url: Callable[..., str], small_office: Office, case: int) -> None:
    done = small_office.do(case, "Task_2")
    assert "Tarik kembali" in words(people("tu").get(f"/tugas/{done.id}"))
    open_as(people, "kabag", url("Task_3a"))
    page = people("tu").get(f"/tugas/{done.id}")
    assert "Tarik kembali" not in words(page)
    answer = people("tu").post(f"/tugas/{done.id}/tarik-kembali", {"alasan": "Salah."})
    assert answer.status_code == 409 and "sudah dibuka atau dikerjakan" in words(answer)
