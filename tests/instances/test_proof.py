"""Altering anything of a case is noticed, and the first broken event is named."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from app import audit, clock
from app.audit.chain import PURPOSE, message_of
from app.audit.verification import _chain
from app.checking.bundle import digest_of
from app.db import keys_of
from app.models import Attachment, Definition, DefinitionForm, Event, Instance, InstanceState, Task
from tests.support.figures import Figure, Tally
from tests.support.office import PDF, Office


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


def edit_the_drawing(session: Session, case: int) -> None:
    definition = session.get_one(Definition, session.get_one(Instance, case).definition_id)
    definition.bpmn = definition.bpmn.replace(b"Disetujui Kabag?", b"Disetujui siapa?")


def edit_the_drawing_and_its_digest(session: Session, case: int) -> None:
    edit_the_drawing(session, case)
    definition = session.get_one(Definition, session.get_one(Instance, case).definition_id)
    forms = session.scalars(select(DefinitionForm).where(DefinitionForm.definition_id == definition.id))
    definition.digest = digest_of(definition.bpmn, definition.composed, {form.form_id: form.content for form in forms})


def edit_a_form(session: Session, case: int) -> None:
    form = session.scalars(select(DefinitionForm).join(Instance, Instance.definition_id == DefinitionForm.definition_id)).first()
    assert form is not None
    form.content += b" "


def two_files(session: Session, case: int) -> tuple[Attachment, Attachment]:
    first, second = session.scalars(select(Attachment).where(Attachment.instance_id == case).limit(2)).all()
    return first, second


def swap_the_bytes_of_two_files(session: Session, case: int) -> None:
    first, second = two_files(session, case)
    one, other = first.storage_key, second.storage_key
    for file, key in ((first, "lain"), (second, one), (first, other)):
        file.storage_key = key
        session.flush()


def swap_two_files_whole(session: Session, case: int) -> None:
    first, second = two_files(session, case)
    swap_the_bytes_of_two_files(session, case)
    first.digest, second.digest = second.digest, first.digest


def move_a_file_to_another_task(session: Session, case: int) -> None:
    first, second = two_files(session, case)
    first.task_id = second.task_id


CHANGES: dict[Callable[[Session, int], None], str] = {
    change_event: "ke-3", change_time: "ke-3", change_data: "ke-3", drop_event: "ke-3", cut_tail: "berakhir pada ke-3",
    swap_events: "ke-3", change_answers: "Isian pada peristiwa ke-3", invent_a_task: "tanpa peristiwa", change_state: "Segel",
    edit_the_drawing: "Diagram atau formulir", edit_the_drawing_and_its_digest: "Diagram atau formulir",
    edit_a_form: "Diagram atau formulir", swap_the_bytes_of_two_files: "Isi berkas", swap_two_files_whole: "bukan lagi berkas yang dikirim",
    move_a_file_to_another_task: "tidak ada lagi dalam daftar",
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_is_noticed(office: Office, change: Callable[[Session, int], None], tally: Tally) -> None:
    office.content_of = lambda field: PDF + field.encode()
    case = office.start()
    office.run_until(case, "Task_4b")
    assert verdict_of(office, case).problems == ()
    with office.database.transaction() as session:
        session.execute(text("select 1"))
        change(session, case)
    problems = verdict_of(office, case).problems
    assert problems and CHANGES[change] in problems[0]
    tally("Janji 30", "alterations of rows, drawings and files noticed")


def verdict_of(office: Office, case: int) -> audit.Verdict:
    with office.database.reading() as session:
        return audit.verify_instance(session, office.instance(case), office.storage)


COLUMNS = ("seq", "kind", "at", "actor_id", "data", "key_id", "mac", "instance_id")


def altered(value: object) -> Iterator[object]:
    """Each byte of it in turn; of a number or moment, the next one."""
    if isinstance(value, bytes):
        yield from (value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :] for place in range(len(value)))
    elif isinstance(value, str):
        yield from (value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :] for place in range(len(value)))
    elif isinstance(value, datetime):
        yield value + timedelta(microseconds=1)
    else:
        yield value + 1 if isinstance(value, int) else 1


def test_every_byte_of_every_column_counts(small_office: Office, figure: Figure) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_4b")
    instance, flips, named = small_office.instance(case), 0, 0
    with small_office.database.reading() as session:
        events = session.scalars(select(Event).where(Event.instance_id == case).order_by(Event.seq)).all()
        session.expunge_all()
        for event in events:
            for column in COLUMNS:
                kept, seq = getattr(event, column), event.seq
                for value in altered(kept):
                    setattr(event, column, value)
                    problem = next(_chain(session, instance, events), None)
                    flips, named = flips + 1, named + (problem is not None and problem.seq == seq)
                setattr(event, column, kept)
        assert next(_chain(session, instance, events), None) is None
    figure("Janji 30", f"{flips} bytes and values of {len(events)} events altered, one at a time: {named} noticed at that very event")
    assert flips > 1000 and named == flips


def test_a_hundred_thousand_events_verify_without_a_false_alarm(small_office: Office, figure: Figure) -> None:
    keys, previous = keys_of(small_office.database._reader()), b""
    instance, at = Instance(id=1, event_seq=100_000), clock.now()
    events = []
    for number in range(1, 100_001):
        event = Event(
            instance_id=1, seq=number, kind="step", at=at, actor_id=number % 40, data='{"element":"Task_4b"}', key_id=keys.current
        )
        event.mac = previous = keys.mac(PURPOSE, message_of(event, previous))
        events.append(event)
    instance.event_mac = previous
    began = time.process_time()
    with small_office.database.reading() as session:
        found = list(_chain(session, instance, events))
    figure("Janji 30", f"100 000 events verified in {time.process_time() - began:.1f} s of CPU: {len(found)} false alarms")
    assert found == []


def test_an_untouched_case_has_no_problem_at_any_step(small_office: Office) -> None:
    case = small_office.start()
    while waiting := small_office.open(case):
        with small_office.database.reading() as session:
            assert audit.verify_instance(session, small_office.instance(case)).problems == ()
        small_office.do(case, waiting[0].element, item=waiting[0].item)


def test_events_hold_no_answer(small_office: Office) -> None:
    case = small_office.start(nomor_surat="RAHASIA-7")
    assert not any("RAHASIA" in event.data for event in small_office.events(case))
