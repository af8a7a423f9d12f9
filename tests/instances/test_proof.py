"""Altering anything of a case is noticed, and the first broken event is named."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from app import audit
from app.models import Event, InstanceState, Task
from tests.support.office import Office


def change_event(session: Session, case: int) -> None:
    session.execute(update(Event).where(Event.instance_id == case, Event.seq == 3).values(actor_id=4))


def change_time(session: Session, case: int) -> None:
    event = session.get_one(Event, (case, 3))
    event.at = event.at.replace(year=2020)


def change_data(session: Session, case: int) -> None:
    session.execute(update(Event).where(Event.instance_id == case, Event.seq == 3).values(data='{"element":"Task_2"}'))


def drop_event(session: Session, case: int) -> None:
    session.execute(delete(Event).where(Event.instance_id == case, Event.seq == 3))


def cut_tail(session: Session, case: int) -> None:
    session.execute(delete(Event).where(Event.instance_id == case, Event.seq > 3))


def swap_events(session: Session, case: int) -> None:
    for old, new in ((3, 900), (4, 3), (900, 4)):
        session.execute(update(Event).where(Event.instance_id == case, Event.seq == old).values(seq=new))


def change_answers(session: Session, case: int) -> None:
    session.execute(update(Task).where(Task.instance_id == case, Task.element == "Task_2").values(answers={"nomor_agenda": "1"}))


def invent_a_task(session: Session, case: int) -> None:
    session.execute(update(Task).where(Task.instance_id == case, Task.state == "open").values(state="done"))


def change_state(session: Session, case: int) -> None:
    state = session.get_one(InstanceState, case)
    state.blob = state.blob[:-1] + bytes([state.blob[-1] ^ 1])


CHANGES: dict[Callable[[Session, int], None], str] = {
    change_event: "ke-3", change_time: "ke-3", change_data: "ke-3", drop_event: "ke-3", cut_tail: "berakhir pada ke-3",
    swap_events: "ke-3", change_answers: "Isian pada peristiwa ke-3", invent_a_task: "tanpa peristiwa", change_state: "Segel",
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_is_noticed(office: Office, change: Callable[[Session, int], None]) -> None:
    case = office.start()
    office.run_until(case, "Task_4a")
    with office.database.transaction() as session:
        session.execute(text("select 1"))
        change(session, case)
    with office.database.reading() as session:
        verdict = audit.verify_instance(session, office.instance(case))
    assert verdict.problems and CHANGES[change] in verdict.problems[0]


def test_an_untouched_case_has_no_problem_at_any_step(small_office: Office) -> None:
    case = small_office.start()
    while waiting := small_office.open(case):
        with small_office.database.reading() as session:
            assert audit.verify_instance(session, small_office.instance(case)).problems == ()
        small_office.do(case, waiting[0].element, item=waiting[0].item)


def test_events_hold_no_answer(small_office: Office) -> None:
    case = small_office.start(nomor_surat="RAHASIA-7")
    assert not any("RAHASIA" in event.data for event in small_office.events(case))
