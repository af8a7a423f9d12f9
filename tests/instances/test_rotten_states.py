"""One rotten state hurts one case: it stops, an incident says why, nothing of it is run, and everything else goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import audit, incidents, instances
from app.engine.state import Place, StateRejected, seal
from app.errors import Conflict
from app.keys import Keys
from app.models import Definition, Incident, Instance, InstanceState
from tests.support.figures import Tally
from tests.support.office import Office

Rot = Callable[[Session, InstanceState], None]


def flip_a_byte(_session: Session, state: InstanceState) -> None:
    state.blob = state.blob[:200] + bytes([state.blob[200] ^ 1]) + state.blob[201:]


def truncate(_session: Session, state: InstanceState) -> None:
    state.blob = state.blob[: len(state.blob) // 2]


def empty(_session: Session, state: InstanceState) -> None:
    state.blob = b""


def edit_the_sequence(_session: Session, state: InstanceState) -> None:
    state.sequence += 1


def edit_it_below_zero(_session: Session, state: InstanceState) -> None:
    state.sequence = -5


def edit_it_to_the_end(_session: Session, state: InstanceState) -> None:
    state.sequence = 2**31 - 1


def of_another_case(session: Session, state: InstanceState) -> None:
    other = session.scalars(select(InstanceState).where(InstanceState.instance_id != state.instance_id)).one()
    state.blob, other.blob = other.blob, other.blob


def under_a_foreign_key(session: Session, state: InstanceState) -> None:
    definition = session.scalars(select(Definition).join(Instance).where(Instance.id == state.instance_id)).one()
    forged = Keys("k1", {"k1": b"f" * 32}, "s")
    state.blob = seal(b'{"workflow": {}, "visits": {}}', Place(state.instance_id, definition.digest, state.sequence), forged)


ROTS: list[Rot] = [
    flip_a_byte, truncate, empty, edit_the_sequence, edit_it_below_zero, edit_it_to_the_end, of_another_case, under_a_foreign_key,
]  # fmt: skip


def spoil(office: Office, case: int, rot: Rot) -> None:
    with office.database.transaction() as session:
        rot(session, session.get_one(InstanceState, case))


def fault_of(office: Office, case: int) -> str:
    """What the person's press leads to: a refusal, recorded after the rollback as the error page does it."""
    with pytest.raises(StateRejected) as caught:
        office.do(case, office.open(case)[0].element)
    with office.database.transaction() as session:
        return incidents.record_fault(session, caught.value)


@pytest.fixture
def two(office: Office) -> tuple[int, int]:
    first, second = office.start(tahun=2024), office.start(tahun=2025)
    office.run_until(first, "Task_4b")
    office.run_until(second, "Task_3a")
    return first, second


@pytest.mark.parametrize("rot", ROTS, ids=lambda rot: rot.__name__)
def test_it_stops_one_case_and_a_restart_brings_it_to_its_end(office: Office, two: tuple[int, int], rot: Rot, tally: Tally) -> None:
    sick, other = two
    before = len(office.events(sick))
    spoil(office, sick, rot)
    reference = fault_of(office, sick)
    assert (office.instance(sick).state, office.instance(other).state) == ("incident", "running")
    assert [event.kind for event in office.events(sick)[before:]] == ["faulted"]
    with pytest.raises(Conflict, match=reference):
        office.do(sick, "Task_4b")
    with office.database.reading() as session:
        assert audit.verify_instance(session, session.get_one(Instance, sick)).problems
        assert audit.verify_instance(session, session.get_one(Instance, other)).problems == ()
        assert [row.instance.id for row in instances.cases_for(session, office.actor("admin"))[0]] == [other, sick]
    office.do(other, "Task_3a")
    with office.database.transaction() as session:
        instances.restart_instance(session, office.actor("admin"), sick, "Task_4b", None, "Keadaan mesin rusak.")
    assert [(task.element, task.round) for task in office.open(sick)] == [("Task_4b", 1)]
    assert problems_of(office, sick) == ()
    office.finish(sick)
    assert office.instance(sick).state == "finished" and problems_of(office, sick) == ()
    tally("Janji 9", "rotten states stopped one case each, 0 executed, and were repaired")


def test_a_healed_state_goes_on_when_it_is_tried_again(office: Office, two: tuple[int, int]) -> None:
    sick, _other = two
    with office.database.reading() as session:
        whole = session.get_one(InstanceState, sick).blob
    spoil(office, sick, empty)
    fault_of(office, sick)
    with pytest.raises(Conflict, match="belum dapat dilanjutkan"), office.database.transaction() as session:
        instances.retry_instance(session, office.actor("admin"), sick)
    with office.database.transaction() as session:
        session.get_one(InstanceState, sick).blob = whole
    with office.database.transaction() as session:
        instances.retry_instance(session, office.actor("admin"), sick)
    assert office.instance(sick).state == "running" and problems_of(office, sick) == ()
    with office.database.reading() as session:
        assert session.scalar(select(func.count(Incident.id)).where(Incident.resolved_at.is_(None))) == 0
    office.finish(sick)


def test_a_second_fault_of_a_stopped_case_adds_no_event(small_office: Office) -> None:
    case = small_office.start()
    for _ in range(2):
        with small_office.database.transaction() as session:
            incidents.record_incident(session, "Segel tidak cocok.", "", case, stops_case=True)
    assert [event.kind for event in small_office.events(case)].count("faulted") == 1


def test_a_fault_of_a_case_that_was_rolled_back_is_still_recorded(office: Office) -> None:
    with office.database.transaction() as session:
        assert incidents.record_incident(session, "Tidak jadi dimulai.", "", 999_999, stops_case=True).startswith("K-1")


def problems_of(office: Office, case: int) -> tuple[str, ...]:
    with office.database.reading() as session:
        return audit.verify_instance(session, session.get_one(Instance, case)).problems
