""" "Pengingat dibuat", on both databases: who may, one event a press, and a chain that holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID

import pytest

from app import audit, instances
from app.errors import Conflict, Forbidden, InvalidAnswers, InvalidInput, NotFound
from app.instances import Reminder
from tests.instances.test_size import counting
from tests.support.office import ANSWERS, Office

TWO = ["dinas_kesehatan", "dinas_pendidikan"]


@pytest.fixture
def case(office: Office) -> int:
    case = office.start()
    office.run_until(case, "Task_7b", opd=TWO)
    return case


def remind(office: Office, case: int, by: str = "tu", items: Sequence[str] = TWO, message: str = "belum", token: str = "a") -> Reminder:
    with office.database.transaction() as session:
        return instances.remind(session, office.actor(by), case, "Task_7b", message, items, token)


def write(
    office: Office, case: int, chosen: Sequence[UUID] | None = None, signer: str = "kabag_organisasi", each: bool = False, by: str = "tu"
) -> Reminder:
    with office.database.transaction() as session:
        return instances.remind_by_letter(session, office.actor(by), case, "Task_7b", chosen, each, signer, "b")


def told(office: Office, case: int) -> list[dict[str, object]]:
    return [json.loads(event.data) for event in office.events(case) if event.kind == "reminded"]


def test_a_message_is_an_event_with_channel_message_and_opd(office: Office, case: int) -> None:
    remind(office, case)
    (event,) = told(office, case)
    assert (event["channel"], event["message"], event["items"], event["letter"]) == ("whatsapp", "belum", TWO, None)
    with office.database.reading() as session:
        assert audit.verify_instance(session, office.instance(case)).problems == ()


def test_the_same_press_twice_is_one_reminder(office: Office, case: int) -> None:
    assert remind(office, case).seq == remind(office, case).seq
    assert len(told(office, case)) == 1
    remind(office, case, token="another")
    assert len(told(office, case)) == 2


def test_an_opd_named_many_times_is_one_opd(office: Office, case: int) -> None:
    assert remind(office, case, items=[*TWO, *TWO, TWO[0]]).items == tuple(TWO)
    assert [event["items"] for event in told(office, case)] == [TWO]


def test_a_letter_is_for_those_still_waited_for(office: Office, case: int) -> None:
    office.submit(office.task("Task_7b", TWO[0]), f"opd.{TWO[0]}", **ANSWERS["Task_7b"])
    made = write(office, case)
    assert made.items == (TWO[1],) and made.letter is not None and made.letter.due.startswith("2031-03-12T09:00")
    with office.database.reading() as session:
        again, _found = instances.reminder_letter_for(session, office.actor("tim"), case, "Task_7b", made.seq)
        assert again == made


def test_a_letter_to_nobody_and_signed_by_nobody_says_both(office: Office, case: int) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        write(office, case, chosen=[], signer="tu_bagian")  # several colleagues: no office that signs
    assert set(refused.value.problems) == {"pilih", "penanda_tangan"}


@pytest.mark.parametrize(("by", "refusal"), [("kabag", Forbidden), ("auditor", Forbidden), ("opd.dinas_kesehatan", NotFound)])
def test_only_those_who_collect_remind(office: Office, case: int, by: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        remind(office, case, by)
    with pytest.raises(refusal):
        write(office, case, by=by)
    assert told(office, case) == []


@pytest.mark.parametrize(("items", "message"), [([], "belum"), (["setda"], "belum"), (TWO, "apa saja")])
def test_what_no_page_of_ours_sends_is_refused(office: Office, case: int, items: list[str], message: str) -> None:
    with pytest.raises(InvalidInput):
        remind(office, case, items=items, message=message)


def test_nobody_is_reminded_of_what_is_closed(office: Office, case: int) -> None:
    with office.database.transaction() as session:
        instances.close_collection(session, office.actor("tu"), office.task("Task_7b", TWO[0]).id, "Lewat.")
    with pytest.raises(Conflict):
        remind(office, case)


def test_reminders_of_many_cases_are_one_statement(office: Office, case: int) -> None:
    remind(office, case)
    with counting(office.database) as counts, office.database.reading() as session:
        found = instances.reminders_of(session, [case, 999])
    assert (len(found), counts["statements"]) == (1, 1)


def test_the_office_s_own_head_signs_unless_another_is_chosen(office: Office) -> None:
    """Kabag decides in the drawing and is no leader, whose paper others record."""
    with office.database.reading() as session:
        definition = office.definition()
        from app.definitions import spec_of

        offices = instances.signers_of(session, spec_of(definition).drawing)
        assert instances.head_of_office(session, definition, offices) == "kabag_organisasi"
        assert {"kasubbag_tatalaksana", "sekda"} <= {group.key for group in offices} and "tu_bagian" not in {g.key for g in offices}
