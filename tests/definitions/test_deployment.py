"""Versions: the same bytes never twice, a running case keeps its own."""

import pytest
from sqlalchemy import select

from app import definitions
from app.config import ROOT
from app.definitions import Bundle
from app.errors import Finding, InvalidBundle
from app.models import DefinitionEvent
from tests.support.bundles import bundle, simple
from tests.support.office import Office


def test_the_same_bytes_are_no_new_version(office: Office) -> None:
    again = definitions.read_bundle(ROOT / "bpmn" / "sop_02_lakip.bpmn", ROOT / "forms")
    with office.database.transaction() as session:
        assert definitions.deploy(session, again).version == 1


def test_one_changed_form_is_a_new_version(office: Office) -> None:
    shipped = definitions.read_bundle(ROOT / "bpmn" / "sop_02_lakip.bpmn", ROOT / "forms")
    changed = Bundle(shipped.file, shipped.bpmn, {**shipped.forms, "ar12": shipped.forms["ar12"].replace(b"Lokasi", b"Tempat")})
    with office.database.transaction() as session:
        assert definitions.deploy(session, changed).version == 2
    assert office.definition().version == 2


def test_a_running_case_stays_on_its_version(office: Office) -> None:
    case = office.start()
    shipped = definitions.read_bundle(ROOT / "bpmn" / "sop_02_lakip.bpmn", ROOT / "forms")
    renamed = Bundle(shipped.file, shipped.bpmn.replace(b'name="Menerima disposisi"', b'name="Menerima lembar disposisi"'), shipped.forms)
    with office.database.transaction() as session:
        definitions.deploy(session, renamed)
    office.run_until(case, "Task_3b")
    assert office.task("Task_3b", case=case).name == "Menerima disposisi"
    newer = office.start(tahun=2026)
    office.run_until(newer, "Task_3b")
    assert office.task("Task_3b", case=newer).name == "Menerima lembar disposisi"


def test_a_bundle_with_an_error_is_not_stored(office: Office) -> None:
    with pytest.raises(InvalidBundle) as refused, office.database.transaction() as session:
        definitions.deploy(session, simple('<scriptTask id="T" name="x"/>'))
    assert any(finding.rule == "elemen" for finding in refused.value.findings)
    with office.database.reading() as session:
        assert "p" not in {found.key for found in definitions.latest_all(session)}


def test_who_deployed_what_through_what_is_recorded(small_office: Office) -> None:
    actor = small_office.actor("analis").id
    with small_office.database.transaction() as session:
        made = definitions.deploy(session, bundle(), actor, note="Versi uji", source="Camunda Modeler")
        assert (made.source, made.note, made.deployed_by) == ("Camunda Modeler", "Versi uji", actor)
    with small_office.database.reading() as session:
        events = session.scalars(select(DefinitionEvent).where(DefinitionEvent.definition_id == made.id)).all()
        assert [(event.deed, event.actor_id, event.detail) for event in events] == [("deployed", actor, "Versi uji")]
        assert events[0].at == made.deployed_at


def test_the_same_bytes_are_no_new_deed(small_office: Office) -> None:
    for _ in range(2):
        with small_office.database.transaction() as session:
            made = definitions.deploy(session, bundle())
    with small_office.database.reading() as session:
        assert len(session.scalars(select(DefinitionEvent).where(DefinitionEvent.definition_id == made.id)).all()) == 1


def test_findings_made_before_the_transaction_are_kept_and_obeyed(small_office: Office) -> None:
    warning = Finding("uji.bpmn", 1, "T", "Memeriksa", "lint-superfluous-label", "warning", "Kosongkan nama panah.")
    error = Finding("uji.bpmn", 1, "T", "Memeriksa", "macet", "error", "Pelaksanaan dapat macet.")
    with pytest.raises(InvalidBundle) as refused, small_office.database.transaction() as session:
        definitions.deploy(session, bundle(), findings=[warning, error])
    assert refused.value.findings == (warning, error)
    with small_office.database.transaction() as session:
        assert definitions.deploy(session, bundle(), findings=[warning]).findings == [warning.as_dict()]


def test_the_groups_of_the_office_are_known(small_office: Office) -> None:
    with small_office.database.transaction() as session:
        known = definitions.known_groups(session)
        assert known is not None and {"tu_bagian", "opd"} <= known
        found = definitions.deploy(session, bundle(group="dewan")).findings
    assert [finding["rule"] for finding in found] == ["kelompok"]


def test_another_sop_needs_no_code(office: Office) -> None:
    """The small drawing of the rules' tests, deployed and started."""
    with office.database.transaction() as session:
        assert definitions.deploy(session, bundle()).key == "p"
    case = office.start(key="p", asal_surat=None, nomor_surat=None, tanggal_surat=None, hal=None, tahun="2026")
    office.submit(office.task("T", case=case), "tu", keputusan="tidak")
    office.submit(office.task("T", case=case), "tu", keputusan="ya")
    assert office.instance(case).state == "finished"
