"""Leaders on paper, and taking a step back, on both databases."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from app import attachments, audit, clock, definitions, drafts, instances
from app.errors import Conflict, Forbidden, InvalidAnswers, NotFound
from app.models import Attachment, Task
from tests.support.office import ANSWERS, PDF, Office, posted


def verified(office: Office, case: int) -> bool:
    with office.database.reading() as session:
        return audit.verify_instance(session, office.instance(case)).problems == ()


def record(office: Office, task: Task, by: str, answers: dict[str, object], day: date | None, proof: bool = True) -> Task:
    token = uuid4().hex
    if proof:
        received = [office.storage.receive("naskah_fisik", "Naskah", "paraf.jpg", io.BytesIO(b"\xff\xd8\xff\xe0" + b"0" * 64))]
        with office.database.transaction() as session:
            attachments.add_drafts(session, office.actor(by), token, received)
    with office.database.transaction() as session:
        return instances.record_decision(session, office.actor(by), task.id, posted(answers), token, day)


def at(office: Office, element: str) -> tuple[int, Task]:
    case = office.start()
    office.run_until(case, element)
    return case, office.task(element)


def test_a_decision_on_paper_names_decider_and_recorder(office: Office) -> None:
    case, task = at(office, "Task_5a")
    done = record(office, task, "tu", {"keputusan_asisten": "ya"}, clock.today())
    assert (done.completed_by, done.recorded_by) == (office.actor("asisten").id, office.actor("tu").id)
    told = next(data for event in office.events(case) if "decider" in (data := json.loads(event.data)))
    assert (told["decider"], told["recorded_by"]) == (office.actor("asisten").id, office.actor("tu").id)
    assert len(told["proof"]) == 64  # the digest of the photo
    assert [open_.element for open_ in office.open(case)] == ["Task_5b"]
    assert verified(office, case)


def test_the_ajudan_records_for_the_bupati_and_for_nobody_else(office: Office) -> None:
    case, task = at(office, "Task_5a")
    with pytest.raises(NotFound):
        record(office, task, "ajudan", {"keputusan_asisten": "ya"}, clock.today())
    office.run_until(case, "Task_10c")
    assert record(office, office.task("Task_10c"), "ajudan", {"keputusan_bupati": "ya"}, clock.today()).state == "done"


def test_a_step_that_names_no_recorder_is_never_recorded(office: Office) -> None:
    _case, task = at(office, "Task_4b")
    with pytest.raises(Forbidden):
        record(office, task, "tu", {"keputusan_kabag": "ya"}, clock.today())


@pytest.mark.parametrize(
    ("days", "proof", "field"), [(1, True, "tanggal_kejadian"), (-2, True, "tanggal_kejadian"), (0, False, "naskah_fisik")]
)
def test_the_day_and_the_proof_are_checked(office: Office, days: int, proof: bool, field: str) -> None:
    case, task = at(office, "Task_5a")
    with pytest.raises(InvalidAnswers) as refused:
        record(office, task, "tu", {}, clock.today() + timedelta(days=days), proof)
    assert set(refused.value.problems) == {field, "keputusan_asisten"}
    assert office.task("Task_5a", case=case).answers is None


def recall(office: Office, by: str, task_id: UUID, reason: str = "Salah lampiran") -> Task:
    with office.database.transaction() as session:
        return instances.recall_task(session, office.actor(by), task_id, reason)


def test_a_step_is_recalled_until_the_next_performer_begins(office: Office) -> None:
    case, _task = at(office, "Task_4a")
    done = office.do(case, "Task_4a")
    again = recall(office, "kasubbag", done.id)
    assert [(task.element, task.id) for task in office.open(case)] == [("Task_4a", again.id)]
    assert verified(office, case)
    office.finish(case)
    assert office.instance(case).state == "finished" and verified(office, case)


def test_the_path_no_longer_counts_a_recalled_step(office: Office) -> None:
    case, _task = at(office, "Task_4b")
    done = office.do(case, "Task_4b", "tidak")
    recall(office, "kabag", done.id)
    office.do(case, "Task_4b", "ya")
    drawing = definitions.spec_of(office.definition()).drawing
    path = audit.read_path(drawing, audit.read_events(office.events(case)), office.open(case))
    assert "Flow_Gw_4_tidak" not in path.done and "Flow_Gw_4_ya" in path.done
    assert path.counts["Task_4b"] == 1


@pytest.mark.parametrize("begun", ["opened", "claimed", "drafted", "done"])
def test_nothing_is_recalled_once_the_next_has_begun(office: Office, begun: str) -> None:
    case, _task = at(office, "Task_2")
    done = office.do(case, "Task_2")
    following = office.task("Task_3a", case=case)
    with office.database.transaction() as session:
        if begun == "opened":
            instances.mark_opened(session, office.actor("kabag"), following.id)
        elif begun == "claimed":
            instances.claim_task(session, office.actor("kabag"), following.id)
        elif begun == "drafted":
            drafts.save_draft(session, office.actor("kabag"), str(following.id), {"instruksi": ["Segera"]}, "t")
    if begun == "done":
        office.do(case, "Task_3a")
    with pytest.raises(Conflict, match="sudah dibuka atau dikerjakan"):
        recall(office, "tu", done.id)


def test_only_the_performer_recalls_and_says_why(office: Office) -> None:
    case, _task = at(office, "Task_2")
    done = office.do(case, "Task_2")
    with pytest.raises(Forbidden):
        recall(office, "tu2", done.id)
    with pytest.raises(InvalidAnswers):
        recall(office, "tu", done.id, " ")


def test_an_opd_recalls_what_it_sent_until_it_is_accepted(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=["setda"])
    sent = office.submit(office.task("Task_7b", "setda"), "opd.setda", **ANSWERS["Task_7b"])
    again = recall(office, "opd.setda", sent.id)
    assert (again.item, again.round, again.state) == ("setda", 1, "open")
    office.do(case, "Task_7b", item="setda")
    assert verified(office, case)


def test_a_file_is_replaced_and_the_old_version_kept(office: Office) -> None:
    case, _task = at(office, "Task_4a")
    done = office.do(case, "Task_4a")
    token = uuid4().hex
    received = [office.storage.receive("konsep_surat", "Konsep", "konsep v2.pdf", io.BytesIO(PDF + b"\n"))]
    with office.database.transaction() as session:
        attachments.add_drafts(session, office.actor("kasubbag"), token, received)
    with office.database.transaction() as session:
        instances.replace_file(session, office.actor("kasubbag"), done.id, "konsep_surat", token)
    with office.database.reading() as session:
        task = session.get_one(Task, done.id)
        assert [file.filename for file in instances.versions_of(session, task)] == ["konsep v2.pdf", "konsep_surat.pdf"]
        assert (task.answers or {})["konsep_surat"][0]["nama"] == "konsep v2.pdf"
        assert session.query(Attachment).filter_by(task_id=done.id).count() == 2
    assert verified(office, case)
