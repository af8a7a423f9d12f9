"""Drawings with each kind of element, deployed and run to their ends by people: rows, trail and engine agree at every step."""

from __future__ import annotations

import pytest

from app import clock, definitions, instances
from app.definitions import Bundle
from app.errors import NotFound
from app.models import Task, Timer
from tests.definitions.test_rules import SUB, events, inclusive, repeated_sub, thrown
from tests.support.bundles import END, FORMS, START, bundle, decision, fan_out, form, properties, simple, task
from tests.support.driving import Drive, Scenario
from tests.support.office import Office

MANUAL = '<{tag} id="T" name="Mengantar naskah">' + properties({"baris": "1", "uraian": "Mengantar"}) + "</{tag}>"


def run(office: Office, made: Bundle, **decisions: list[str]) -> Drive:
    with office.database.transaction() as session:
        definitions.deploy(session, made)
    drive = Drive(office, "p", Scenario("uji", decisions))
    drive.run()
    assert (drive.state, drive.problems) == ("finished", ())
    return drive


def begin(office: Office, made: Bundle) -> int:
    with office.database.transaction() as session:
        definitions.deploy(session, made)
    drive = Drive(office, "p", Scenario("uji"))
    drive._start()
    return drive.case


@pytest.mark.parametrize("tag", ["manualTask", "task"])
def test_a_step_without_a_form_is_confirmed(tag: str, small_office: Office) -> None:
    drive = run(small_office, simple(MANUAL.format(tag=tag)))
    (row,) = [row for row in small_office.rows(drive.case) if row.element == "T"]
    assert (row.state, row.form_id, row.lane) == ("done", definitions.CONFIRMED, "TU")


def test_an_inclusive_gateway_opens_what_holds(small_office: Office) -> None:
    drive = run(small_office, inclusive())
    assert {"G_A", "A_J"} <= drive.flows and "G_B" not in drive.flows


def test_the_event_that_comes_first_ends_the_other(small_office: Office) -> None:
    case = begin(small_office, events())
    with small_office.database.transaction() as session:
        first = session.query(Timer).filter_by(instance_id=case, element="W").one()
        first.due_at = clock.now()
    with small_office.database.transaction() as session:
        assert instances.fire_timer(session, first.id)
    with small_office.database.reading() as session:
        assert {timer.element: timer.state for timer in session.query(Timer)} == {"W": "fired", "V": "stopped"}
    assert [row.element for row in small_office.open(case)] == ["T"]


def test_somebody_of_the_lane_records_that_a_message_has_come(small_office: Office) -> None:
    waits = '<intermediateCatchEvent id="T" name="Balasan Kementerian"><messageEventDefinition/></intermediateCatchEvent>'
    drive = run(small_office, simple(waits))
    (row,) = [row for row in small_office.rows(drive.case) if row.element == "T"]
    assert (row.name, row.state) == ("Catat bahwa Balasan Kementerian telah diterima", "done") and row.completed_by is not None


def test_an_error_leaves_the_sub_process_by_its_border(small_office: Office) -> None:
    assert "B_F" in run(small_office, thrown(), U=["tidak"]).flows
    assert "T_E" in run(small_office, thrown(), U=["ya"]).flows


def for_each_opd() -> Bundle:
    """In every OPD's own sub-process the OPD writes, and the office judges; “tidak” returns to that OPD alone."""
    inside = (
        '<startEvent id="s" name="Mulai"/>'
        + task("W", "Menyusun", ' camunda:formRef="opd" camunda:candidateGroups="opd"')
        + task("U", "Menilai", ' camunda:formRef="dalam"')
        + '<exclusiveGateway id="g" name="Baik?" default="g_W"/><endEvent id="e" name="Selesai"/>'
        + "".join(f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in ("sW", "WU", "Ug", "gW"))
        + '<sequenceFlow id="g_e" sourceRef="g" targetRef="e"><conditionExpression>${baik == \'ya\'}</conditionExpression></sequenceFlow>'
    )
    chosen = task("K", "Memilih OPD", ' camunda:formRef="pilih"')
    nodes = START + chosen + SUB.format(inside=fan_out() + inside, more="") + END
    return bundle(nodes, "S>K K>T T>E", "S K T E", {**FORMS, "dalam": form("dalam", decision("baik"))})


def test_every_opd_goes_through_its_own_sub_process(small_office: Office) -> None:
    drive = run(small_office, for_each_opd(), U=["tidak"])
    rows = [row for row in small_office.rows(drive.case) if row.item]
    assert {(row.element, row.item, row.round) for row in rows} == {
        ("W", "dinas_kesehatan", 1), ("W", "dinas_pendidikan", 1), ("U", "dinas_kesehatan", 1), ("U", "dinas_pendidikan", 1),
        *returned(rows),
    }  # fmt: skip
    assert len(returned(rows)) == 2, "one OPD was sent back, once"
    assert {row.state for row in rows} == {"done"}


def returned(rows: list[Task]) -> set[tuple[str, str | None, int]]:
    return {(row.element, row.item, row.round) for row in rows if row.round == 2}


def test_only_its_own_opd_may_do_a_step_inside(small_office: Office) -> None:
    case = begin(small_office, for_each_opd())
    small_office.submit(small_office.open(case)[0], "tu", daftar=["dinas_kesehatan", "dinas_pendidikan"])
    for item in ("dinas_kesehatan", "dinas_pendidikan"):
        own = small_office.task("W", item)
        with small_office.database.reading() as session:
            assert instances.task_seen_by(session, small_office.actor(f"opd.{item}"), own.id).mine
            other = "dinas_pendidikan" if item == "dinas_kesehatan" else "dinas_kesehatan"
            with pytest.raises(NotFound):
                instances.task_seen_by(session, small_office.actor(f"opd.{other}"), own.id)


def test_a_second_round_of_all_repeats_begins_anew(small_office: Office) -> None:
    drive = run(small_office, repeated_sub(fan_out() + SIMPLE), Z=["tidak"])
    assert len([row for row in small_office.rows(drive.case) if row.element == "U"]) == 4


SIMPLE = (
    '<startEvent id="S1" name="Mulai"/>' + task("U") + '<endEvent id="E1" name="Selesai"/>'
    '<sequenceFlow id="S1_U" sourceRef="S1" targetRef="U"/><sequenceFlow id="U_E1" sourceRef="U" targetRef="E1"/>'
)  # fmt: skip
