"""Last year's step and the letters of other cases, on both databases."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import update

from app import definitions, instances
from app.errors import NotFound
from app.forms import Form
from app.models import Attachment, Instance, Task
from tests.support.office import SOP, Office, redraw

OPD = "dinas_kesehatan"


def finished(office: Office, year: int = 2024, opd: str = OPD) -> int:
    case = office.start(tahun=year)
    office.run_until(case, "Task_7b", opd=[opd])
    office.finish(case)
    return case


def earlier(office: Office, by: str, element: str, form_id: str, item: str | None = None) -> Task | None:
    with office.database.reading() as session:
        view = instances.earlier_step(session, office.actor(by), SOP, element, form_id, item)
    return view.task if view else None


def test_it_is_the_same_step_of_the_latest_finished_case(office: Office) -> None:
    finished(office, 2023)
    case = finished(office, 2024)
    office.start(tahun=2025)
    found = earlier(office, "tu", "Task_2", "ag02")
    assert found and (found.instance_id, found.element) == (case, "Task_2")
    opening = earlier(office, "tu", "Start_1", "sm01")
    assert opening and opening.answers and opening.answers["tahun"] == 2024


def test_an_opd_finds_its_own_line_only(office: Office) -> None:
    finished(office)
    found = earlier(office, f"opd.{OPD}", "Task_7b", "opd_lakip", OPD)
    assert found and found.item == OPD
    assert earlier(office, "opd.dinas_pendidikan", "Task_7b", "opd_lakip", "dinas_pendidikan") is None
    assert earlier(office, "opd.dinas_pendidikan", "Task_7b", "opd_lakip", OPD) is None
    assert earlier(office, f"opd.{OPD}", "Task_2", "ag02") is None


def test_an_opd_that_was_left_out_last_year_finds_the_year_before(office: Office) -> None:
    case = finished(office, 2023)
    finished(office, 2024, "dinas_pendidikan")
    found = earlier(office, f"opd.{OPD}", "Task_7b", "opd_lakip", OPD)
    assert found and found.instance_id == case


def test_a_case_that_runs_or_was_cancelled_is_no_example(office: Office) -> None:
    case = office.start(tahun=2024)
    office.do(case, "Task_2")
    assert earlier(office, "tu", "Task_2", "ag02") is None
    with office.database.transaction() as session:
        session.execute(update(Instance).values(state="cancelled"))
    assert earlier(office, "tu", "Task_2", "ag02") is None


def test_a_step_that_was_drawn_anew_is_found_by_its_form(office: Office) -> None:
    finished(office)
    redraw(office.database, ('"Task_2"', '"Langkah_2"'), (">Task_2<", ">Langkah_2<"))
    found = earlier(office, "tu", "Langkah_2", "ag02")
    assert found and found.element == "Task_2"


def test_the_last_round_counts(office: Office) -> None:
    case = office.start(tahun=2024)
    office.run_until(case, "Task_4b", opd=[OPD])
    office.do(case, "Task_4b", "tidak")
    office.do(case, "Task_4a", hal_surat="Perbaikan")
    office.finish(case)
    found = earlier(office, "kasubbag", "Task_4a", "ks04")
    assert found and found.answers and found.answers["hal_surat"] == "Perbaikan"


# -- letters --


def opening_form(office: Office) -> Form:
    with office.database.reading() as session:
        return definitions.form_of(session, definitions.latest(session, SOP), "sm01")


def letters(office: Office, by: str = "tu", search: str = "") -> list[str]:
    with office.database.reading() as session:
        found, more = instances.letters_to_borrow(session, office.actor(by), opening_form(office), search)
    return [one.instance.title for one in found] + (["…"] if more else [])


def test_letters_are_those_of_opening_forms_the_newest_first(office: Office) -> None:
    case = office.start(tahun=2024)
    office.run_until(case, "Task_4b")  # its draft is a file, and no letter
    office.start(tahun=2025)
    assert letters(office) == ["LAKIP 2025", "LAKIP 2024"]


def test_ten_are_shown_and_a_search_finds_the_rest(office: Office) -> None:
    for year in range(2014, 2026):
        office.start(tahun=year, nomor_surat=f"B/{year}/M.AA")
    assert letters(office) == [f"LAKIP {year}" for year in range(2025, 2015, -1)] + ["…"]
    assert letters(office, search="b/2014/m") == ["LAKIP 2014"]
    assert letters(office, search="lakip 2015") == ["LAKIP 2015"]
    assert letters(office, search="%") == letters(office, search="tidak ada") == []


def test_who_sees_no_case_sees_no_letter(office: Office) -> None:
    office.start()
    assert letters(office, "auditor") == ["LAKIP 2025"]
    assert letters(office, "ajudan") == letters(office, f"opd.{OPD}") == []


def test_a_file_that_is_no_letter_is_absent(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_4b")
    with office.database.reading() as session:
        files = {file.field: file.id for file in session.query(Attachment)}
        actor, form = office.actor("tu"), opening_form(office)
        assert instances.letter_for(session, actor, form, files["berkas_surat"]).file.field == "berkas_surat"
        for id in (files["konsep_surat"], uuid4()):
            with pytest.raises(NotFound):
                instances.letter_for(session, actor, form, id)
        with pytest.raises(NotFound):
            instances.letter_for(session, office.actor("ajudan"), form, files["berkas_surat"])


def test_a_file_that_the_form_does_not_take_is_not_offered(office: Office) -> None:
    office.start()
    with office.database.transaction() as session:
        session.execute(update(Attachment).values(filename="surat.exe"))
    assert letters(office) == []
