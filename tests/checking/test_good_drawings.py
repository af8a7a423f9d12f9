"""Good drawings are not refused: the shipped ones, and four in the manner of the BPMN MIWG's reference files.

Those vary what tools vary: prefixes, vendors' extensions, pools of partners, data objects, notes, ``gatewayDirection``, a property that
bpmn-js adds. They bring no identity and no rows, so warnings about the sheet stay.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app import definitions, engine
from app.checking import Bundle
from app.checking.verdict import stages
from app.models import Definition
from tests.definitions.test_rules import SHIPPED
from tests.support.bundles import decision, form, text
from tests.support.figures import Tally

GOOD = sorted((Path(__file__).parent / "good").glob("*.bpmn"))
FORMS = {
    "buka": form("buka", text("tahun", kunci="true")),
    "isi": form("isi", decision("keputusan")),
    "lain": form("lain", text("catatan")),
}
SHEET = {"identitas", "uraian", "arah-tidak"}


def good(path: Path) -> Bundle:
    return definitions.bundle_from_files(path.name, path.read_bytes(), FORMS)


def test_there_are_some() -> None:
    assert len(GOOD) >= 4 and SHIPPED


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_it_passes_every_stage(path: Path) -> None:
    told = dict(stages(good(path)))
    assert told.keys() == {"rules", "lint", "soundness"} and told["lint"] == told["soundness"] == ()
    assert {finding.rule for finding in told["rules"]} <= SHEET


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_it_runs_to_an_end(path: Path, tally: Tally) -> None:
    """Every task is completed with “ya”; what waits for a timer is not waited for."""
    definition = Definition(digest=f"good:{path.stem}", bpmn=path.read_bytes(), file=path.name)
    reads = engine.load_spec(definition).reads
    advance = engine.start(definition, {})
    waiting = {task.task for task in advance.opened}
    while waiting:
        advance = engine.complete(definition, advance.state, waiting.pop(), dict.fromkeys(reads, "ya"))
        waiting = (waiting | {task.task for task in advance.opened}) - advance.closed
    assert advance.finished
    tally("Janji 18", "good drawings of others pass every check and run to their end")


def test_one_passes_through_the_child() -> None:
    assert {finding.rule for finding in definitions.check_apart(good(GOOD[0]))} <= SHEET
