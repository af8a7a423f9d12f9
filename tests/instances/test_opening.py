"""Who opened a task first, on both databases: performers only, once, in one statement."""

from __future__ import annotations

from uuid import UUID

import pytest

from app import instances
from app.models import Task
from tests.instances.test_size import counting
from tests.support.office import Office


@pytest.fixture
def task(office: Office) -> Task:
    """Waits in the group of TU."""
    office.start()
    return office.task("Task_2")


def open_page(office: Office, by: str, task_id: UUID) -> None:
    with office.database.transaction() as session:
        instances.mark_opened(session, office.actor(by), task_id)


def seen_by(office: Office, task_id: UUID) -> int | None:
    with office.database.reading() as session:
        return session.get_one(Task, task_id).seen_by


def test_the_first_performer_counts(office: Office, task: Task) -> None:
    open_page(office, "tu2", task.id)
    open_page(office, "tu", task.id)
    assert seen_by(office, task.id) == office.actor("tu2").id


@pytest.mark.parametrize("reader", ["kabag", "auditor", "opd.setda"])
def test_nobody_else_counts(office: Office, task: Task, reader: str) -> None:
    open_page(office, reader, task.id)
    assert seen_by(office, task.id) is None


def test_a_colleague_does_not_open_what_somebody_has_taken(office: Office, task: Task) -> None:
    with office.database.transaction() as session:
        instances.claim_task(session, office.actor("tu2"), task.id)
    open_page(office, "tu", task.id)
    assert seen_by(office, task.id) is None


def test_a_task_that_is_done_is_not_opened_any_more(office: Office, task: Task) -> None:
    office.do(task.instance_id, "Task_2")
    open_page(office, "tu", task.id)
    assert seen_by(office, task.id) is None


def test_an_opd_opens_its_own_only(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=["setda", "dinas_kesehatan"])
    own = office.task("Task_7b", "setda")
    open_page(office, "opd.dinas_kesehatan", own.id)
    assert seen_by(office, own.id) is None
    open_page(office, "opd.setda", own.id)
    assert seen_by(office, own.id) == office.actor("opd.setda").id


def test_it_is_one_statement_and_one_commit_and_no_event(office: Office, task: Task) -> None:
    actor, events = office.actor("tu"), len(office.events(task.instance_id))
    with counting(office.database) as counts, office.database.transaction() as session:
        instances.mark_opened(session, actor, task.id)
    assert counts == {"statements": 1, "commits": 1}
    assert len(office.events(task.instance_id)) == events


def test_one_s_own_next_step_ends_nothing(office: Office) -> None:
    """TU sends the document and archives it: looking at the second step is not somebody else's beginning."""
    case = office.start()
    office.run_until(case, "Task_11", opd=["setda"])
    done = office.do(case, "Task_11")
    open_page(office, "tu", office.task("Task_12").id)
    with office.database.transaction() as session:
        again = instances.recall_task(session, office.actor("tu"), done.id, "Salah tanggal.")
    assert again.state == "open"
