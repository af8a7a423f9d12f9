"""What of the unit of work is done by hand."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import write_changes
from app.models import Instance, Task
from tests.support.counting import counting
from tests.support.office import Office


def test_changed_rows_are_written_once_and_go_on_being_followed(office: Office) -> None:
    case = office.start()
    id = office.task("Task_2", case=case).id
    with counting(office.database) as counts, office.database.transaction() as session:
        task, instance = session.get_one(Task, id), session.get_one(Instance, case)
        task.reason, task.lane = "pertama", task.lane
        before = counts["statements"]
        write_changes(session, task, instance)
        assert counts["statements"] == before + 1  # the case is as it was
        session.flush()
        assert counts["statements"] == before + 1 and not session.dirty
        task.reason = "kedua"
    with office.database.reading() as session:
        assert session.scalar(sa.select(Task.reason).where(Task.id == id)) == "kedua"


def test_a_row_that_is_rolled_back_is_as_it_was(office: Office) -> None:
    case = office.start()
    id = office.task("Task_2", case=case).id
    with office.database._writer() as session:
        session.get_one(Task, id).reason = "tidak jadi"
        write_changes(session, session.get_one(Task, id))
        session.rollback()
        assert session.get_one(Task, id).reason == ""
