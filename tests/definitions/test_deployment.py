"""Versions: the same bytes never twice, a running case keeps its own."""

import pytest

from app import definitions
from app.config import ROOT
from app.definitions import Bundle
from app.errors import InvalidBundle
from tests.definitions.test_rules import BAD, bundle
from tests.support.office import SOP, Office


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
        definitions.deploy(session, BAD["a script"][1])
    assert any(finding.rule == "elemen" for finding in refused.value.findings)
    with office.database.reading() as session:
        assert [found.key for found in definitions.latest_all(session)] == [SOP]


def test_another_sop_needs_no_code(office: Office) -> None:
    """The small drawing of the rules' tests, deployed and started."""
    with office.database.transaction() as session:
        assert definitions.deploy(session, bundle()).key == "p"
    case = office.start(key="p", asal_surat=None, nomor_surat=None, tanggal_surat=None, hal=None, tahun="2026")
    office.submit(office.task("T", case=case), "tu", keputusan="tidak")
    office.submit(office.task("T", case=case), "tu", keputusan="ya")
    assert office.instance(case).state == "finished"
