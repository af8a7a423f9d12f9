"""A deadline that a form sets lies ahead: the drawing says which field it is."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest

from app import attachments, clock, instances
from app.db import Database
from app.errors import InvalidAnswers
from app.models import Task
from app.words import long_date
from tests.support.office import ANSWERS, OPENING, PDF, Office, posted, redraw

DRAFT = {**ANSWERS["Task_4a"], "daftar_opd": ["setda"]}


@pytest.fixture
def task(small_office: Office) -> Task:
    small_office.run_until(small_office.start(), "Task_4a")
    return small_office.task("Task_4a")


@pytest.mark.parametrize("days", [0, 1])
def test_today_and_later_are_taken(small_office: Office, task: Task, days: int) -> None:
    day = clock.today() + timedelta(days=days)
    assert small_office.submit(task, "kasubbag", **{**DRAFT, "batas_waktu_opd": day}).state == "done"


def test_yesterday_is_refused_at_the_field_with_all_else(small_office: Office, task: Task) -> None:
    answers = {**DRAFT, "batas_waktu_opd": clock.today() - timedelta(days=1), "daftar_opd": []}
    with pytest.raises(InvalidAnswers) as refused:
        small_office.submit(task, "kasubbag", **answers)
    assert refused.value.problems == {
        "batas_waktu_opd": f"Batas waktu penyampaian OPD tidak boleh sebelum {long_date(clock.today())}. Isi tanggal itu atau sesudahnya.",
        "daftar_opd": "OPD yang dituju belum dipilih.",
    }


def test_a_date_that_no_deadline_reads_may_be_past(small_office: Office) -> None:
    assert small_office.start(batas_waktu_pusat="2020-01-01") == 1


def test_the_opening_form_is_asked_as_well(small_office: Office) -> None:
    redraw(small_office.database, ("${batas_waktu_opd}", "${batas_waktu_pusat}"))
    with pytest.raises(InvalidAnswers) as refused:
        small_office.start(batas_waktu_pusat="2020-01-01")
    assert set(refused.value.problems) == {"batas_waktu_pusat"}


def test_what_was_set_on_paper_had_to_lie_ahead_of_that_day(sqlite: Database) -> None:
    """The draft of this drawing may be recorded from paper: days later its deadline may be over, and it counts all the same."""
    here = '<camunda:property name="kelengkapan" value="Konsep Surat" />'
    redraw(sqlite, (here, f'{here}<camunda:property name="pencatat" value="tu_bagian" />'))
    office = Office(sqlite)
    office.run_until(office.start(**OPENING), "Task_4a")
    task, token, today = office.task("Task_4a"), uuid4().hex, clock.today()
    with sqlite.transaction() as session:
        session.get_one(Task, task.id).opened_at = clock.now() - timedelta(days=9)
    received = [
        office.storage.receive("naskah_fisik", "Naskah", "paraf.jpg", io.BytesIO(b"\xff\xd8\xff\xe0" + b"0" * 64)),
        office.storage.receive("konsep_surat", "Konsep", "konsep.pdf", io.BytesIO(PDF)),
    ]
    with sqlite.transaction() as session:
        attachments.add_drafts(session, office.actor("tu"), token, received)
    answers = posted({**DRAFT, "batas_waktu_opd": today - timedelta(days=3)})
    with pytest.raises(InvalidAnswers, match="tidak boleh sebelum"), sqlite.transaction() as session:
        instances.record_decision(session, office.actor("tu"), task.id, answers, token, today)
    with sqlite.transaction() as session:
        done = instances.record_decision(session, office.actor("tu"), task.id, answers, token, today - timedelta(days=5))
    assert done.state == "done"
