"""SOPs that call others: pinned with the version, the called steps with their own rows, lanes, forms and deadlines; refused ones."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

import pytest
from sqlalchemy import select

from app import definitions, engine, instances
from app.definitions import Bundle
from app.errors import Finding, InvalidBundle, NotFound
from app.models import Definition, Outbox
from tests.definitions.test_rules import sending
from tests.support.bundles import END, START, TASK, bundle, fan_out, form, properties, simple, task, text
from tests.support.driving import Drive, Scenario
from tests.support.office import Office

CALLED_FORMS = {"buka2": form("buka2", text("nama", kunci="true")), "isi2": form("isi2", text("hasil"))}


def called(name: str = "Menelaah", key: str = "q") -> Bundle:
    """An SOP of its own, of the Kabag's lane, with an opening form, that uses the same ids as its caller."""
    step = task("T", name, ' camunda:formRef="isi2"')
    made = bundle(
        START.replace('"buka"', '"buka2"') + step + END, "S>T T>E", "S T E", CALLED_FORMS,
        f'id="{key}" isExecutable="true" camunda:candidateStarterGroups="tu_bagian"', group="kabag_organisasi",
    )  # fmt: skip
    return Bundle(f"{key}.bpmn", made.bpmn, made.forms)


def calling(key: str = "q", inside: str = "", caller: str = "p", more: str = "") -> Bundle:
    call = f'<callActivity id="C" name="Memanggil" calledElement="{key}"{more}>{properties({"baris": "2"})}{inside}</callActivity>'
    made = simple(TASK, call, ids="T C")
    return Bundle(f"{caller}.bpmn", made.bpmn.replace(b'<process id="p"', f'<process id="{caller}"'.encode()), made.forms)


def deploy(office: Office, *bundles: Bundle) -> list[Definition]:
    found = []
    for one in bundles:
        with office.database.transaction() as session:
            found.append(definitions.deploy(session, one))
    return found


def refused(office: Office, made: Bundle) -> set[str]:
    with pytest.raises(InvalidBundle) as caught:
        deploy(office, made)
    return wrong(caught.value.findings)


def wrong(findings: Sequence[Finding]) -> set[str]:
    """Rules of the errors; these small drawings have no picture, which the linter minds."""
    return {finding.rule for finding in findings if finding.severity == "error" and finding.rule != "lint-no-bpmndi"}


def test_the_called_steps_are_rows_of_the_case_in_their_own_lane(small_office: Office) -> None:
    deploy(small_office, called(), calling())
    drive = Drive(small_office, "p", Scenario("uji"))
    drive.run()
    assert (drive.state, drive.problems) == ("finished", ())
    rows = {row.element: row for row in small_office.rows(drive.case)}
    assert rows.keys() == {"S", "T", "C.T"}
    assert (rows["C.T"].row, rows["C.T"].form_id, rows["C.T"].lane) == ("2.1", "isi2", "TU")
    assert {"T_C", "C.S_T", "C.T_E", "C_E"} <= drive.flows


def test_only_the_called_lane_may_do_its_step(small_office: Office) -> None:
    deploy(small_office, called(), calling())
    drive = Drive(small_office, "p", Scenario("uji"))
    drive._start()
    drive._do(small_office.open(drive.case)[0])
    (row,) = small_office.open(drive.case)
    assert row.element == "C.T"
    with small_office.database.reading() as session:
        assert instances.task_seen_by(session, small_office.actor("kabag"), row.id).mine
        assert not instances.task_seen_by(session, small_office.actor("tu"), row.id).mine


def test_a_version_goes_on_calling_what_it_was_deployed_with(small_office: Office) -> None:
    _old, caller = deploy(small_office, called(), calling())
    deploy(small_office, called("Menelaah ulang"))
    with small_office.database.reading() as session:
        held = session.get_one(Definition, caller.id)
        assert definitions.spec_of(held).drawing.elements["C.T"].name == "Menelaah"
        assert held.calls == [{"key": "q", "version": 1, "digest": _old.digest}]
    (again,) = deploy(small_office, calling())
    assert again.version == 2, "deployed again, the same drawing calls the newer one"
    with small_office.database.reading() as session:
        assert definitions.spec_of(session.get_one(Definition, again.id)).drawing.elements["C.T"].name == "Menelaah ulang"


def test_a_call_of_what_is_not_deployed_is_refused(small_office: Office) -> None:
    assert refused(small_office, calling("tiada")) == {"panggilan"}


def test_calls_in_a_circle_are_refused(small_office: Office) -> None:
    assert refused(small_office, calling("p")) == {"panggilan"}
    deploy(small_office, called())
    deploy(small_office, calling("q", caller="r"))
    back = Bundle("q.bpmn", calling("r", caller="q").bpmn, calling().forms)
    assert refused(small_office, back) == {"panggilan"}


def test_a_call_of_a_call_runs(small_office: Office) -> None:
    deploy(small_office, called(), calling("q", caller="r"), calling("r"))
    drive = Drive(small_office, "p", Scenario("uji"))
    drive.run()
    assert drive.state == "finished" and {row.element for row in small_office.rows(drive.case)} == {"S", "T", "C.T", "C.C.T"}


def test_a_form_of_another_content_under_the_same_id_is_refused(small_office: Office) -> None:
    clashing = Bundle("q.bpmn", called().bpmn.replace(b"isi2", b"isi"), {"buka2": CALLED_FORMS["buka2"], "isi": form("isi", text("hasil"))})
    deploy(small_office, clashing)
    assert "formulir" in refused(small_office, calling())


def test_the_check_apart_sees_what_is_called(small_office: Office) -> None:
    deploy(small_office, called())
    with small_office.database.reading() as session:
        whole = definitions.with_calls(session, calling())
    assert wrong(definitions.check_apart(whole)) == set()
    assert wrong(definitions.check_apart(calling())) == {"panggilan"}


def test_a_call_for_every_opd(small_office: Office) -> None:
    deploy(small_office, called())
    chosen = task("T", "Memilih OPD", ' camunda:formRef="pilih"')
    made = calling(inside=fan_out())
    deploy(small_office, Bundle(made.file, made.bpmn.replace(TASK.encode(), chosen.encode()), made.forms))
    drive = Drive(small_office, "p", Scenario("uji"))
    drive.run()
    rows = [row for row in small_office.rows(drive.case) if row.element == "C.T"]
    assert drive.state == "finished" and {row.item for row in rows} == {"dinas_kesehatan", "dinas_pendidikan"}


def test_the_spec_of_a_caller_is_read_from_what_was_composed(small_office: Office) -> None:
    _called, caller = deploy(small_office, called(), calling())
    with small_office.database.reading() as session:
        held = session.get_one(Definition, caller.id)
        assert b"callActivity" in held.bpmn and b"callActivity" not in (held.composed or b"")
        assert engine.parse_spec(held.composed or b"").drawing.elements["C"].tag == "subProcess"


# what a drawing sends


def test_a_send_task_leaves_one_row_for_every_office_it_names(small_office: Office) -> None:
    deploy(small_office, simple(TASK, sending("tu_bagian, kabag_organisasi"), ids="T K"))
    drive = Drive(small_office, "p", Scenario("uji"))
    drive.run()
    with small_office.database.reading() as session:
        rows = session.scalars(select(Outbox).order_by(Outbox.group_key)).all()
        assert [(row.group_key, row.element, row.name) for row in rows] == [
            ("kabag_organisasi", "K", "Mengirim tembusan"),
            ("tu_bagian", "K", "Mengirim tembusan"),
        ]


def test_a_notice_is_shown_to_its_office_until_somebody_there_has_read_it(office: Office) -> None:
    deploy(office, simple(TASK, sending("tu_bagian"), ids="T K"))
    Drive(office, "p", Scenario("uji")).run()
    tu, second, kabag = (office.actor(name) for name in ("tu", "tu2", "kabag"))
    with office.database.reading() as session:
        (notice,) = instances.notices_for(session, second)
        assert not instances.notices_for(session, kabag)
    with office.database.transaction() as session:
        instances.mark_read(session, tu, notice.sent.id)
    with office.database.transaction() as session:
        assert instances.mark_read(session, second, notice.sent.id).read_by == tu.id
        with pytest.raises(NotFound):
            instances.mark_read(session, kabag, notice.sent.id)
    with office.database.reading() as session:
        assert not instances.notices_for(session, second)


def test_pressing_twice_sends_once(small_office: Office) -> None:
    deploy(small_office, simple(TASK, sending("tu_bagian"), ids="T K"))
    drive = Drive(small_office, "p", Scenario("uji"))
    drive._start()
    (row,) = small_office.open(drive.case)
    token = uuid4().hex
    for _press in range(2):
        small_office.submit(row, "tu", token, keputusan="ya")
    with small_office.database.reading() as session:
        assert len(session.scalars(select(Outbox)).all()) == 1
