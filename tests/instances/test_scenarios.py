"""The scenarios of every SOP (tests/scenarios/<process>/*.toml), driven through the use-cases to their ends: every drawn flow is taken.

A scenario is data: ``title``; ``decisions = { Gw_4 = ["tidak", "ya"] }``, by gateway or task, in the order asked and "ya" from then on;
``opd = ["dinas_kesehatan"]``, the OPD that are asked.
"""

from pathlib import Path

import pytest

from app import definitions
from app.config import ROOT
from tests.support.driving import Drive, Scenario, drawing_of, every_question_once, read_scenario
from tests.support.office import Office

SCENARIOS = ROOT / "tests" / "scenarios"
SOPS = sorted(path.stem for path in (ROOT / "bpmn").glob("*.bpmn"))
STRICT = sorted((ROOT / "bpmn" / "strict").glob("*.bpmn"))


def drive(office: Office, key: str, scenario: Scenario) -> Drive:
    driven = Drive(office, key, scenario)
    driven.run()
    assert (driven.state, driven.unasked, driven.problems) == ("finished", set(), ())
    return driven


@pytest.mark.parametrize("key", SOPS)
def test_the_scenarios_of_an_sop_take_every_drawn_flow(key: str, small_office: Office, subtests: pytest.Subtests) -> None:
    drawn, taken = set(drawing_of(small_office, key).flows), set[str]()
    for path in sorted((SCENARIOS / key).glob("*.toml")):
        with subtests.test(path.stem):
            taken |= drive(small_office, key, read_scenario(path)).flows
    assert drawn - taken == set()


@pytest.mark.parametrize("path", STRICT, ids=lambda path: path.stem)
def test_an_sop_as_printed_runs_through_every_drawn_flow(path: Path, small_office: Office) -> None:
    with small_office.database.transaction() as session:
        key = definitions.deploy(session, definitions.read_bundle(path, ROOT / "forms")).key
    drawing = drawing_of(small_office, key)
    driven = drive(small_office, key, every_question_once(drawing))
    assert set(drawing.flows) - driven.flows == set()


def test_every_folder_of_scenarios_belongs_to_an_sop() -> None:
    assert {path.name for path in SCENARIOS.iterdir()} == set(SOPS)
