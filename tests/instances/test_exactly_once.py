"""Two people, one moment: barriers instead of sleeps, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app import audit
from app.errors import AppError, Conflict
from tests.support.office import ANSWERS, Office, posted

TWO = ["dinas_kesehatan", "dinas_pendidikan"]


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Each deed in a thread of its own, let go together; what it returned, or what it raised."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        barrier.wait(timeout=30)
        try:
            return deed()
        except AppError as error:
            return error

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def complete(office: Office, task_id: object, by: str, token: str, **answers: object) -> Callable[[], object]:
    from app import instances

    actor = office.actor(by)

    def deed() -> object:
        with office.database.transaction() as session:
            return instances.complete_task(session, actor, task_id, posted(answers), token).id  # type: ignore[arg-type]

    return deed


@pytest.mark.parametrize("attempt", range(10))
def test_two_people_one_task_exactly_one_succeeds(office: Office, attempt: int) -> None:
    case = office.start()
    task = office.task("Task_2", case=case)
    results = at_once(
        complete(office, task.id, "tu", f"a{attempt}", nomor_agenda="1"), complete(office, task.id, "tu2", f"b{attempt}", nomor_agenda="2")
    )
    conflicts = [result for result in results if isinstance(result, Conflict)]
    assert len(conflicts) == 1 and results.count(task.id) == 1
    assert "sudah diselesaikan oleh" in str(conflicts[0])
    assert [event.kind for event in office.events(case)].count("step") == 2


@pytest.mark.parametrize("attempt", range(10))
def test_the_same_press_twice_at_once_is_one_completion_and_two_successes(office: Office, attempt: int) -> None:
    case = office.start()
    task = office.task("Task_2", case=case)
    deed = complete(office, task.id, "tu", f"t{attempt}", nomor_agenda="1")
    assert at_once(deed, deed) == [task.id, task.id]
    assert [event.kind for event in office.events(case)].count("step") == 2


def test_the_two_last_opd_at_once_complete_the_step_once(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=TWO)
    actors = {item: office.actor(f"opd.{item}") for item in TWO}
    tasks = {item: office.task("Task_7b", item, case) for item in TWO}
    for item, task in tasks.items():
        office._attach(actors[item], f"token-{item}", task.form_id, office.definition().id)
    results = at_once(*(complete(office, tasks[item].id, f"opd.{item}", f"token-{item}", **ANSWERS["Task_7b"]) for item in TWO))
    assert set(results) == {task.id for task in tasks.values()}
    at_once(*(lambda id=task.id, by=by: office.accept(id, by) for task, by in zip(tasks.values(), ("tu", "tim"), strict=True)))
    assert [task.element for task in office.open(case)] == ["Task_8"]
    with office.database.reading() as session:
        assert audit.verify_instance(session, office.instance(case)).problems == ()


def test_two_cases_of_one_year_at_once_leave_one(office: Office) -> None:
    def begin(token: str) -> Callable[[], object]:
        return lambda: office.start(token=token)

    results = at_once(begin("s1"), begin("s2"))
    assert sum(isinstance(result, Conflict) for result in results) == 1
