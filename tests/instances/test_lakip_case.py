"""SOP 02 as its people run it, on both databases."""

import json
from datetime import date

import pytest

from app import audit, definitions, instances
from app.clock import WIB
from app.errors import Conflict, Forbidden, InvalidAnswers, NotFound
from tests.support.office import Office, posted

TWO = ["dinas_kesehatan", "dinas_pendidikan"]


def steps(office: Office, case: int) -> list[tuple[str, int]]:
    return [(data["element"], data["round"]) for event in office.events(case) if event.kind == "step" for data in [json.loads(event.data)]]


def flows(office: Office, case: int) -> set[str]:
    return {flow for event in office.events(case) if event.kind == "step" for flow in json.loads(event.data)["flows"]}


def test_a_straight_case_runs_to_its_end(office: Office) -> None:
    case = office.start()
    office.finish(case)
    assert office.instance(case).state == "finished"
    drawing = definitions.spec_of(office.definition()).drawing
    straight = {flow.id for flow in drawing.flows.values() if not flow.id.endswith("_tidak")}
    assert flows(office, case) == straight


def test_the_chain_of_a_finished_case_verifies(office: Office) -> None:
    case = office.start()
    office.finish(case)
    with office.database.reading() as session:
        assert audit.verify_instance(session, office.instance(case)).problems == ()


def test_a_draft_returned_by_kabag_goes_back_to_kasubbag_as_round_two(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_4b")
    office.do(case, "Task_4b", "tidak")
    task = office.task("Task_4a")
    assert (task.round, task.opened_from) == (2, "Kabag Organisasi")
    office.do(case, "Task_4a")
    office.do(case, "Task_4b")
    assert [step for step in steps(office, case) if step[0] == "Gw_4"] == [("Gw_4", 1), ("Gw_4", 2)]


def test_a_stale_ya_never_passes(office: Office) -> None:
    """Asisten said ya in round one; in round two the answer is asked again, and a missing one is refused before the engine."""
    case = office.start()
    office.run_until(case, "Task_5b")
    office.do(case, "Task_5b", "tidak")
    office.run_until(case, "Task_5a")
    with pytest.raises(InvalidAnswers):
        office.submit(office.task("Task_5a"), "asisten")
    office.do(case, "Task_5a", "tidak")
    assert [task.element for task in office.open(case)] == ["Task_4a"]


def test_every_opd_gets_its_own_task_and_the_last_one_completes_the_step(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=TWO)
    assert [task.item for task in office.open(case)] == TWO
    office.do(case, "Task_7b", item="dinas_kesehatan")
    assert [task.item for task in office.open(case)] == ["dinas_pendidikan"]
    office.do(case, "Task_7b", item="dinas_pendidikan")
    assert [task.element for task in office.open(case)] == ["Task_8"]


def test_second_round_of_row_7_for_two_opd_only(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_8", opd=[*TWO, "dinas_sosial", "setda"])
    office.do(case, "Task_8", "tidak", daftar_opd=TWO)
    waiting = office.open(case)
    assert [(task.element, task.item, task.round) for task in waiting] == [("Task_7b", item, 2) for item in TWO]
    office.finish(case)
    assert ("Task_7b", 2) in steps(office, case)


def test_an_opd_cannot_do_the_task_of_another(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=TWO)
    with pytest.raises(NotFound):
        office.submit(office.task("Task_7b", "dinas_kesehatan"), "opd.dinas_pendidikan", nama_petugas="Budi")


def test_one_opd_withdrawn_lets_the_others_finish(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=TWO)
    office.do(case, "Task_7b", item="dinas_kesehatan")
    with office.database.transaction() as session:
        instances.withdraw_item(session, office.actor("tu"), office.task("Task_7b", "dinas_pendidikan").id, "OPD digabung")
    assert [task.element for task in office.open(case)] == ["Task_8"]
    with office.database.reading() as session:
        assert audit.verify_instance(session, office.instance(case)).problems == ()


def test_a_deadline_is_extended_for_one_opd(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=TWO)
    with office.database.transaction() as session:
        instances.extend_deadline(session, office.actor("tu"), office.task("Task_7b", TWO[0]).id, date(2031, 4, 1), "Kendala jaringan")
    due = {task.item: task.due_at.astimezone(WIB).strftime("%Y-%m-%d %H.%M") for task in office.open(case) if task.due_at}
    assert due == {TWO[0]: "2031-04-01 16.00", TWO[1]: "2031-03-12 16.00"}


def test_only_the_collecting_office_may_withdraw(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=TWO)
    task = office.task("Task_7b", TWO[0])
    with pytest.raises(Forbidden), office.database.transaction() as session:
        instances.withdraw_item(session, office.actor("opd.dinas_kesehatan"), task.id, "Sibuk")
    with pytest.raises(InvalidAnswers), office.database.transaction() as session:
        instances.withdraw_item(session, office.actor("tu"), task.id, "  ")


def test_a_task_of_another_lane_is_refused_naming_the_lane(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_4b")
    with pytest.raises(Forbidden, match="Tugas ini hanya untuk Kabag Organisasi"):
        office.submit(office.task("Task_4b"), "tu", keputusan_kabag="ya")


def test_a_finished_task_is_refused_naming_who_was_first(office: Office) -> None:
    case = office.start()
    task = office.task("Task_2", case=case)
    office.do(case, "Task_2")
    with pytest.raises(Conflict, match="sudah diselesaikan oleh Siti Aminah"):
        office.submit(task, "tu2", nomor_agenda="9")


def test_the_same_token_twice_is_one_completion(office: Office) -> None:
    case = office.start()
    task = office.task("Task_2")
    first = office.submit(task, "tu", token="t-1", nomor_agenda="9")
    again = office.submit(task, "tu", token="t-1", nomor_agenda="9")
    assert first.id == again.id
    assert [event.kind for event in office.events(case)].count("step") == 2


def test_a_second_case_of_the_same_year_is_refused_and_another_year_is_not(office: Office) -> None:
    office.start(tahun=2025)
    with pytest.raises(Conflict, match="sudah berjalan"):
        office.start(tahun=2025)
    assert office.start(tahun=2026)


def test_only_the_starter_group_may_start(office: Office) -> None:
    with pytest.raises(Forbidden, match="dimulai oleh TU Bagian"):
        office.start(by="kabag")


def test_a_refused_answer_stores_nothing(office: Office) -> None:
    case = office.start()
    before = (office.instance(case).revision, len(office.events(case)), [task.state for task in office.rows(case)])
    with pytest.raises(InvalidAnswers):
        office.submit(office.task("Task_2"), "tu")
    assert before == (office.instance(case).revision, len(office.events(case)), [task.state for task in office.rows(case)])


@pytest.mark.parametrize("answer", ["mungkin", "YA", "", "ya tidak", "1"])
def test_a_decision_that_is_neither_ya_nor_tidak_is_refused(small_office: Office, answer: str) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_4b")
    with pytest.raises(InvalidAnswers) as refused:
        small_office.submit(small_office.task("Task_4b"), "kabag", keputusan_kabag=answer)
    assert "keputusan_kabag" in refused.value.problems


def test_an_undeclared_field_is_refused(small_office: Office) -> None:
    small_office.start()
    with pytest.raises(InvalidAnswers) as refused:
        small_office.submit(small_office.task("Task_2"), "tu", nomor_agenda="9", keputusan_kabag="ya")
    assert set(refused.value.problems) == {"keputusan_kabag"}


def test_posted_turns_lists_and_text_into_what_a_browser_sends() -> None:
    assert posted({"a": ["x", "y"], "b": 1, "c": None}) == {"a": ["x", "y"], "b": ["1"]}
