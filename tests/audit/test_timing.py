"""Norm against actual: passes through a row, what is counted and what is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from app.audit.evidence import load_evidence
from app.audit.timing import Pass, passes_of, total_of
from app.diagram import Norm
from app.models import Definition, Instance
from tests.support import deeds
from tests.support.office import Office


@pytest.fixture
def clock(small_office: Office) -> Iterator[time_machine.Coordinates]:
    deeds.long_in_office(small_office)
    with time_machine.travel("2026-06-08 08:00:00+07:00") as traveller:
        yield traveller


def passes(office: Office, case: int, row: str = "") -> list[Pass]:
    with office.database.reading() as session:
        instance = session.get_one(Instance, case)
        found = passes_of(load_evidence(session, instance, session.get_one(Definition, instance.definition_id)))
    return [one for one in found if row in ("", one.row)]


def at(clock: time_machine.Coordinates, moment: str) -> None:
    """A second late, so that whole minutes have passed since the last one."""
    clock.move_to(f"2026-06-{moment}:30+07:00")


def test_the_steps_of_a_row_add_up_and_waiting_for_others_does_not(small_office: Office, clock: time_machine.Coordinates) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_4a")
    at(clock, "08 08:40")
    small_office.do(case, "Task_4a")
    at(clock, "08 08:51")  # ten whole minutes later, and some seconds
    small_office.do(case, "Task_4b")
    (one,) = passes(small_office, case, "4")
    assert (one.minutes, one.norm, one.is_over, one.is_open) == (50, Norm(minutes=60), False, False)


def test_a_return_begins_another_pass_and_keeps_the_first(small_office: Office, clock: time_machine.Coordinates) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_4a")
    at(clock, "08 09:10")
    small_office.do(case, "Task_4a")
    small_office.do(case, "Task_4b", "tidak")
    at(clock, "08 09:30")
    small_office.do(case, "Task_4a")
    small_office.do(case, "Task_4b")
    assert [(one.number, one.minutes, one.is_over) for one in passes(small_office, case, "4")] == [(1, 70, True), (2, 19, False)]


def test_a_row_of_three_signatures_is_passed_again_from_the_first(small_office: Office, clock: time_machine.Coordinates) -> None:
    """The Asisten sends back once: the Sekda's first time belongs to the second pass."""
    case = small_office.start()
    small_office.run_until(case, "Task_10a", opd=["setda"])
    small_office.do(case, "Task_10a", "tidak")
    small_office.run_until(case, "Task_11")
    assert [[task.element for task in one.tasks] for one in passes(small_office, case, "10")] == [
        ["Task_10a"], ["Task_10a", "Task_10b", "Task_10c"],
    ]  # fmt: skip


def test_what_was_taken_back_goes_on_in_the_same_pass(small_office: Office, clock: time_machine.Coordinates) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_4a")
    at(clock, "08 08:20")
    done = small_office.do(case, "Task_4a")
    deeds.recall(small_office, done, "kasubbag")
    at(clock, "08 08:40")
    small_office.do(case, "Task_4a")
    small_office.do(case, "Task_4b")
    (one,) = passes(small_office, case, "4")
    assert [task.state for task in one.tasks] == ["recalled", "done", "done"] and 39 <= one.minutes <= 40


def test_days_are_counted_in_days(small_office: Office, clock: time_machine.Coordinates) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_9", opd=["setda"])
    at(clock, "22 09:00")  # the tenth working day: Tuesday the 16th is a holiday
    assert (passes(small_office, case, "9")[0].days, passes(small_office, case, "9")[0].is_over) == (9, False)
    at(clock, "24 09:00")
    (one,) = passes(small_office, case, "9")
    assert (one.days, one.is_over, one.is_open) == (11, True, True)


def test_what_every_opd_does_for_itself_has_no_norm(small_office: Office, clock: time_machine.Coordinates) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_7b", opd=["setda"])
    at(clock, "12 09:00")
    assert passes(small_office, case, "7") == []


def test_the_total_keeps_days_and_minutes_apart(small_office: Office, clock: time_machine.Coordinates) -> None:
    case = small_office.start()
    at(clock, "08 08:05")
    small_office.run_until(case, "Task_9", opd=["setda"])
    at(clock, "10 08:05")
    assert total_of(passes(small_office, case)) == Norm(minutes=5, days=2)
