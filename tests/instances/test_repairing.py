"""What an admin does to a case that cannot go on as drawn: with a reason, in the trail, and the case runs to its end after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update

from app import audit, clock, definitions, engine, instances, jobs
from app.audit.deviations import find_deviations
from app.audit.evidence import load_evidence
from app.checking.bundle import digest_of
from app.errors import AppError, Conflict, EngineFault, Forbidden, InvalidAnswers, InvalidInput
from app.models import Definition, DefinitionForm, Event, Incident, Instance, InstanceState, Task, Timer
from tests.support.bundles import FORMS, form, text
from tests.support.office import Office

TIMED = Path(__file__).parent.parent / "checking" / "good" / "tunggu.bpmn"
UNITS = ["dinas_kesehatan", "dinas_pendidikan", "dinas_perikanan"]


def as_admin(office: Office, deed: Callable[..., object], *given: object) -> None:
    with office.database.transaction() as session:
        deed(session, office.actor("admin"), *given)


def restart(office: Office, case: int, element: str, **values: object) -> None:
    submitted = {key: [str(one) for one in value] if isinstance(value, list) else [str(value)] for key, value in values.items()}
    as_admin(office, instances.restart_instance, case, element, submitted or None, "Salah jalan.")


def problems_of(office: Office, case: int) -> tuple[str, ...]:
    with office.database.reading() as session:
        return audit.verify_instance(session, session.get_one(Instance, case)).problems


def kinds(office: Office, case: int) -> list[str]:
    return [event.kind for event in office.events(case)]


def start_timed(office: Office) -> int:
    """A case of a drawing with a reminder beside its task and a wait behind it."""
    asked = {**{name: FORMS[name] for name in ("buka", "isi")}, "lain": form("lain", text("catatan"))}
    with office.database.transaction() as session:
        bpmn = TIMED.read_bytes()
        row = Definition(
            key="tunggu", version=1, name="Menunggu", digest=digest_of(bpmn, None, asked), file=TIMED.name, bpmn=bpmn, findings=[],
            deployed_at=clock.now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add_all(DefinitionForm(definition_id=row.id, form_id=name, content=content) for name, content in asked.items())
    with office.database.transaction() as session:
        return instances.start_instance(session, office.actor("tu"), "tunggu", {"tahun": ["2026"]}, uuid4().hex).id


def make_due(office: Office, case: int) -> None:
    with office.database.transaction() as session:
        session.execute(update(Timer).where(Timer.instance_id == case).values(due_at=clock.now() - timedelta(minutes=1)))


def timers(office: Office, case: int) -> list[tuple[str, str]]:
    with office.database.reading() as session:
        return sorted((row.element, row.state) for row in session.scalars(select(Timer).where(Timer.instance_id == case)))


@pytest.mark.parametrize("element", ["Task_2", "Task_4a", "Task_4b", "Task_7b", "Task_10c"])
def test_a_case_begins_again_at_a_step_and_runs_to_its_end(office: Office, element: str) -> None:
    """From the middle of a collection to an earlier step, to the collection itself, to a later step."""
    case = office.start()
    office.run_until(case, "Task_7b", opd=UNITS)
    office.do(case, "Task_7b", item=UNITS[0])
    restart(office, case, element)
    opened = office.open(case)
    assert {(task.element, task.item) for task in opened} == {(element, unit if element == "Task_7b" else None) for unit in UNITS}
    assert problems_of(office, case) == ()
    assert len([row for row in office.rows(case) if row.state in ("open", "submitted")]) == len(opened)
    office.finish(case)
    assert (office.instance(case).state, problems_of(office, case)) == ("finished", ())


def test_it_needs_neither_the_state_nor_its_row(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_5a")
    with office.database.transaction() as session:
        session.execute(delete(InstanceState).where(InstanceState.instance_id == case))
    restart(office, case, "Task_5a")
    assert problems_of(office, case) == ()
    office.finish(case)
    assert office.instance(case).state == "finished"


def test_values_are_those_recorded_last_unless_typed(small_office: Office) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_8", opd=UNITS[:2])
    restart(small_office, case, "Task_7b", daftar_opd=UNITS[2:], batas_waktu_opd="2031-03-12")
    assert [task.item for task in small_office.open(case)] == UNITS[2:]


def test_a_value_that_the_form_would_refuse_is_refused(small_office: Office) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_8", opd=UNITS[:2])
    before = small_office.events(case)
    for values in ({"daftar_opd": ["tidak_ada"]}, {"batas_waktu_opd": "besok"}, {"keputusan_kabag": "mungkin"}, {"typename": "x"}):
        with pytest.raises(InvalidAnswers):
            restart(small_office, case, "Task_7b", **values)
    assert len(small_office.events(case)) == len(before)


def test_a_collection_over_nobody_is_a_fault_and_changes_nothing(small_office: Office) -> None:
    case = small_office.start()
    with pytest.raises(EngineFault, match="Daftar"):
        restart(small_office, case, "Task_7b")
    assert [task.element for task in small_office.open(case)] == ["Task_2"] and problems_of(small_office, case) == ()


def test_a_round_begun_again_is_no_correction_and_one_done_again_is(small_office: Office) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_4b")
    restart(small_office, case, "Task_4b")
    assert small_office.open(case)[0].round == 1
    restart(small_office, case, "Task_4a")
    assert small_office.open(case)[0].round == 2


def test_the_step_before_a_restart_is_not_recalled(small_office: Office) -> None:
    case = small_office.start()
    done = small_office.do(case, "Task_2")
    restart(small_office, case, "Task_3a")
    with pytest.raises(Conflict), small_office.database.transaction() as session:
        instances.recall_task(session, small_office.actor("tu"), done.id, "Salah.")


@pytest.mark.parametrize("element", ["Gw_4", "tidak_ada", "", "StartEvent_1"])
def test_only_a_step_of_people_is_begun_again(small_office: Office, element: str) -> None:
    case = small_office.start()
    with pytest.raises(InvalidInput):
        restart(small_office, case, element)


def test_a_line_is_taken_out_and_a_collection_closed_in_the_place_of_those_who_collect(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=UNITS)
    as_admin(office, instances.withdraw_row, case, office.task("Task_7b", UNITS[0]).id, "Digabung.")
    assert (len(office.open(case)), problems_of(office, case)) == (2, ())
    as_admin(office, instances.close_fan_out, case, office.task("Task_7b", UNITS[1]).id, "Sudah lewat.")
    assert [task.element for task in office.open(case)] == ["Task_8"] and problems_of(office, case) == ()
    office.finish(case)
    assert office.instance(case).state == "finished"


def test_nobody_completes_a_suspended_case_and_after_it_goes_on_they_do(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=UNITS[:1])
    office.submit(office.task("Task_7b", UNITS[0]), f"opd.{UNITS[0]}", nama_petugas="Budi", **_achievement())
    sent = next(row for row in office.rows(case) if row.state == "submitted")
    as_admin(office, instances.suspend_instance, case, "Menunggu surat edaran.")
    with pytest.raises(Conflict):
        office.accept(sent.id)
    assert problems_of(office, case) == ()
    as_admin(office, instances.resume_instance, case, "Surat sudah terbit.")
    office.accept(sent.id)
    office.finish(case)
    assert office.instance(case).state == "finished" and problems_of(office, case) == ()


def test_timers_of_a_suspended_case_fire_after_it_goes_on(office: Office) -> None:
    case = start_timed(office)
    as_admin(office, instances.suspend_instance, case, "Libur bersama.")
    make_due(office, case)
    assert jobs.fire_due_timers(office.database) == 0
    as_admin(office, instances.resume_instance, case, "Masuk kembali.")
    assert jobs.fire_due_timers(office.database) == 1 and jobs.fire_due_timers(office.database) == 0
    assert {task.element for task in office.open(case)} == {"Task_1", "Task_2"} and problems_of(office, case) == ()


def test_a_restart_stops_old_timers_and_waits_for_new_ones(office: Office) -> None:
    case = start_timed(office)
    restart(office, case, "Task_1")
    assert timers(office, case) == [("Remind", "stopped"), ("Remind", "waiting")] and problems_of(office, case) == ()
    make_due(office, case)
    assert jobs.fire_due_timers(office.database) == 1
    for element, answers in (("Task_2", {"catatan": "Ingat."}), ("Task_1", {"keputusan": "ya"})):
        office.submit(office.task(element, case=case), "tu", **answers)
    assert office.instance(case).state == "finished"


def test_a_timer_that_fails_three_times_stops_and_is_tried_again(small_office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it raises, and the timers of others fire meanwhile."""
    case, fire = start_timed(small_office), engine.fire
    make_due(small_office, case)
    monkeypatch.setattr(engine, "fire", lambda *_given: 1 / 0)
    for _ in range(5):
        assert jobs.fire_due_timers(small_office.database) == 0
    assert timers(small_office, case) == [("Remind", "stopped")] and small_office.instance(case).state == "running"
    with small_office.database.reading() as session:
        found = session.scalars(select(Incident)).one()
        assert (found.instance_id, found.element, "ZeroDivisionError" in found.message) == (case, "Remind", True)
    monkeypatch.setattr(engine, "fire", fire)
    as_admin(small_office, instances.retry_instance, case)
    assert jobs.fire_due_timers(small_office.database) == 1 and problems_of(small_office, case) == ()


def test_a_timer_of_a_rotten_case_stops_the_case_at_once(small_office: Office) -> None:
    case = start_timed(small_office)
    make_due(small_office, case)
    with small_office.database.transaction() as session:
        session.get_one(InstanceState, case).blob = b"busuk"
    assert jobs.fire_due_timers(small_office.database) == 0
    assert small_office.instance(case).state == "incident" and timers(small_office, case) == [("Remind", "waiting")]


def test_a_cancelled_case_waits_for_nobody(office: Office) -> None:
    case = office.start()
    office.run_until(case, "Task_7b", opd=UNITS)
    as_admin(office, instances.cancel_instance, case, "Surat dicabut.")
    assert office.open(case) == [] and office.instance(case).state == "cancelled" and problems_of(office, case) == ()
    assert office.start() != case  # the same SOP and year may begin anew


DEEDS: dict[str, Callable[[Office, int], None]] = {
    "suspended": lambda office, case: as_admin(office, instances.suspend_instance, case, "Menunggu."),
    "cancelled": lambda office, case: as_admin(office, instances.cancel_instance, case, "Menunggu."),
    "restarted": lambda office, case: as_admin(office, instances.restart_instance, case, "Task_2", None, "Menunggu."),
    "withdrawn": lambda office, case: as_admin(office, instances.withdraw_row, case, office.open(case)[0].id, "Menunggu."),
    "closed": lambda office, case: as_admin(office, instances.close_fan_out, case, office.open(case)[0].id, "Menunggu."),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_is_told_to_the_auditor_with_its_reason(small_office: Office, deed: str) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_7b", opd=UNITS)
    DEEDS[deed](small_office, case)
    event = next(event for event in small_office.events(case) if event.kind == deed)
    assert event.actor_id == small_office.actor("admin").id and "Menunggu." in event.data
    with small_office.database.reading() as session:
        instance = session.get_one(Instance, case)
        found = find_deviations(load_evidence(session, instance, session.get_one(Definition, instance.definition_id)))
    told = next(one for one in found if one.rule.key == "tindakan-admin")
    assert "Menunggu." in told.deviations[0].text


@pytest.mark.parametrize("reason", ["", "  \n", "a" * 1001])
@pytest.mark.parametrize("deed", [instances.suspend_instance, instances.cancel_instance])
def test_no_deed_without_a_reason(small_office: Office, deed: Callable[..., object], reason: str) -> None:
    case = small_office.start()
    with pytest.raises(InvalidAnswers):
        as_admin(small_office, deed, case, reason)
    assert small_office.instance(case).state == "running"


def test_no_restart_without_a_reason(small_office: Office) -> None:
    case = small_office.start()
    with pytest.raises(InvalidAnswers):
        as_admin(small_office, instances.restart_instance, case, "Task_2", None, " ")
    assert "restarted" not in kinds(small_office, case)


@pytest.mark.parametrize("person", ["tu", "kabag", "auditor", "analis"])
def test_only_an_admin_repairs(small_office: Office, person: str) -> None:
    case = small_office.start()
    task, actor = small_office.open(case)[0], small_office.actor(person)
    for deed, given in (
        (instances.suspend_instance, ("Alasan.",)), (instances.resume_instance, ("Alasan.",)), (instances.cancel_instance, ("Alasan.",)),
        (instances.retry_instance, ()), (instances.restart_instance, ("Task_2", None, "Alasan.")),
        (instances.withdraw_row, (task.id, "Alasan.")), (instances.close_fan_out, (task.id, "Alasan.")),
    ):  # fmt: skip
        with pytest.raises(Forbidden), small_office.database.transaction() as session:
            deed(session, actor, case, *given)  # type: ignore[operator]
    assert kinds(small_office, case) == ["started", "step"]


def test_a_finished_case_is_not_repaired(small_office: Office) -> None:
    case = small_office.start()
    small_office.finish(case)
    for deed in ("suspended", "cancelled", "restarted"):
        with pytest.raises(Conflict):
            DEEDS[deed](small_office, case)


def test_a_task_of_another_case_is_not_touched(small_office: Office) -> None:
    first, second = small_office.start(tahun=2024), small_office.start(tahun=2025)
    small_office.run_until(second, "Task_7b", opd=UNITS)
    with pytest.raises(AppError):
        as_admin(small_office, instances.withdraw_row, first, small_office.task("Task_7b", UNITS[0], second).id, "Salah.")


def test_the_replay_stands_where_the_case_stands(small_office: Office) -> None:
    case = small_office.start()
    small_office.run_until(case, "Task_7b", opd=UNITS)
    restart(small_office, case, "Task_4b")
    with small_office.database.reading() as session:
        drawing = definitions.spec_of(small_office.definition()).drawing
        events = session.scalars(select(Event).where(Event.instance_id == case).order_by(Event.seq)).all()
        rows = session.scalars(select(Task).where(Task.instance_id == case)).all()
        frames = audit.read_frames(drawing, events, rows, audit.Cast())
    assert frames[-1].current == {"Task_4b"} and "dimulai lagi" in frames[-1].text


def _achievement() -> dict[str, object]:
    row = {"indikator": "Angka", "target": "7", "realisasi": "6", "polaritas": "rendah"}
    return {f"capaian.1.{key}": value for key, value in row.items()}
