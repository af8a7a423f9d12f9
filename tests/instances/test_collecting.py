"""Collecting from every OPD, on both databases: sent, accepted, sent back, received on paper, closed, late."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from app import attachments, audit, clock, instances
from app.errors import Conflict, Forbidden, InvalidAnswers
from app.models import Task
from tests.support.office import ANSWERS, PDF, Office, posted

TWO = ["dinas_kesehatan", "dinas_pendidikan"]
BUDI = ANSWERS["Task_7b"]


@pytest.fixture
def case(office: Office) -> int:
    case = office.start()
    office.run_until(case, "Task_7b", opd=TWO)
    return case


def send(office: Office, item: str) -> Task:
    return office.submit(office.task("Task_7b", item), f"opd.{item}", **BUDI)


def outside(office: Office, task_id: UUID, by: str = "tu", day: date | None = None, channel: str = "WhatsApp") -> Task:
    token = uuid4().hex
    received = [office.storage.receive("berkas_dokumen", "Berkas", "LKjIP.pdf", io.BytesIO(PDF))]
    with office.database.transaction() as session:
        attachments.add_drafts(session, office.actor(by), token, received)
    with office.database.transaction() as session:
        return instances.receive_outside(session, office.actor(by), task_id, posted(BUDI), token, day or clock.today(), channel)


def kinds(office: Office, case: int) -> list[str]:
    return [event.kind for event in office.events(case)]


def verified(office: Office, case: int) -> bool:
    with office.database.reading() as session:
        return audit.verify_instance(session, office.instance(case)).problems == ()


def test_what_an_opd_sends_waits_to_be_accepted(office: Office, case: int) -> None:
    sent = send(office, TWO[0])
    assert sent.state == "submitted" and kinds(office, case)[-1] == "submitted"
    office.accept(sent.id)
    assert next(row for row in office.rows(case) if row.id == sent.id).state == "done"
    assert verified(office, case)


def test_the_last_acceptance_completes_the_step_once(office: Office, case: int) -> None:
    first, second = (send(office, item) for item in TWO)
    office.accept(first.id)
    office.accept(first.id)  # a colleague presses too: nothing more happens
    assert not [task for task in office.open(case) if task.element == "Task_8"]
    office.accept(second.id, by="tim")
    assert [task.element for task in office.open(case)] == ["Task_8"]
    assert verified(office, case)


def test_a_paper_sent_back_opens_again_as_the_next_round_with_the_note(office: Office, case: int) -> None:
    sent = send(office, TWO[0])
    with office.database.transaction() as session:
        instances.return_item(session, office.actor("tu"), sent.id, "Tabel capaian belum ada.")
    again = office.task("Task_7b", TWO[0], case)
    assert (again.round, again.id != sent.id) == (2, True)
    office.do(case, "Task_7b", item=TWO[0])
    office.do(case, "Task_7b", item=TWO[1])
    assert [task.element for task in office.open(case)] == ["Task_8"]
    assert verified(office, case)


def test_sending_back_wants_a_note(office: Office, case: int) -> None:
    sent = send(office, TWO[0])
    with pytest.raises(InvalidAnswers, match="Catatan perbaikan"), office.database.transaction() as session:
        instances.return_item(session, office.actor("tu"), sent.id, " ")


def test_an_opd_may_not_accept_its_own_paper(office: Office, case: int) -> None:
    sent = send(office, TWO[0])
    with pytest.raises(Forbidden):
        office.accept(sent.id, by=f"opd.{TWO[0]}")


def test_a_paper_that_came_by_message_is_recorded_with_channel_day_and_recorder(office: Office, case: int) -> None:
    task = outside(office, office.task("Task_7b", TWO[0]).id, day=clock.today() - timedelta(days=1))
    assert (task.state, task.channel, task.completed_by, task.recorded_by) == ("done", "WhatsApp", None, office.actor("tu").id)
    told = json.loads(office.events(case)[-1].data)
    assert told["channel"] == "WhatsApp" and told["recorded_by"] == office.actor("tu").id
    assert verified(office, case)


@pytest.mark.parametrize(("day", "channel", "field"), [(1, "WhatsApp", "tanggal_terima"), (0, "merpati", "saluran")])
def test_a_day_to_come_and_an_unknown_channel_are_refused(office: Office, case: int, day: int, channel: str, field: str) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        outside(office, office.task("Task_7b", TWO[0]).id, day=clock.today() + timedelta(days=day), channel=channel)
    assert field in refused.value.problems


def test_closing_freezes_who_has_not_sent_and_completes_the_step(office: Office, case: int) -> None:
    office.do(case, "Task_7b", item=TWO[0])
    with office.database.transaction() as session:
        instances.close_collection(session, office.actor("tu"), office.task("Task_7b", TWO[1]).id, "Batas waktu lewat.")
    assert [task.element for task in office.open(case)] == ["Task_8"]
    closed = next(json.loads(event.data) for event in office.events(case) if event.kind == "closed")
    assert (closed["items"], closed["reason"]) == ([TWO[1]], "Batas waktu lewat.")
    assert verified(office, case)


def test_closing_waits_for_what_was_sent(office: Office, case: int) -> None:
    send(office, TWO[0])
    with pytest.raises(Conflict, match="Masih ada 1 kiriman"), office.database.transaction() as session:
        instances.close_collection(session, office.actor("tu"), office.task("Task_7b", TWO[1]).id, "Lewat.")


def test_a_late_paper_is_taken_until_the_draft_is_done(office: Office, case: int) -> None:
    late = office.task("Task_7b", TWO[1])
    office.do(case, "Task_7b", item=TWO[0])
    with office.database.transaction() as session:
        instances.close_collection(session, office.actor("tu"), late.id, "Lewat.")
    office.do(case, "Task_8")
    assert outside(office, late.id).state == "done"
    assert verified(office, case)


def test_after_the_draft_a_late_paper_is_refused(office: Office, case: int) -> None:
    late = office.task("Task_7b", TWO[1])
    office.do(case, "Task_7b", item=TWO[0])
    with office.database.transaction() as session:
        instances.close_collection(session, office.actor("tu"), late.id, "Lewat.")
    office.do(case, "Task_8")
    office.do(case, "Task_9")
    with pytest.raises(Conflict, match="terlambat"):
        outside(office, late.id)


def test_many_deeds_in_one_transaction_leave_a_whole_chain_on_both_databases(office: Office, case: int) -> None:
    lines = [office.task("Task_7b", item).id for item in TWO]
    with office.database.transaction() as session:
        assert len(instances.extend_deadlines(session, office.actor("tu"), lines, date(2031, 4, 1), "Dinas luar.")) == 2
    sent = [send(office, item).id for item in TWO]
    with office.database.transaction() as session:
        assert len(instances.accept_items(session, office.actor("tu"), [*sent, sent[0]])) == 2
    assert [task.element for task in office.open(case)] == ["Task_8"] and verified(office, case)
