"""What meets below HTTP: the last OPD of a step, two cases of one year. One task and one case: tests/web/test_exactly_once.py."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

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
