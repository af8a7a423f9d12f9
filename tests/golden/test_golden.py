"""A state that an earlier version sealed finishes today, over the same steps and with the same data. See `making.py`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from app import engine
from app.config import ROOT
from app.engine import state
from app.engine.state import Place, StateRejected
from app.models import Definition
from app.version import VERSION
from tests.golden.making import GOLDEN, HERE, KEYS, data_of, definition_of, make, to_the_end
from tests.support.figures import Tally

STATES = sorted(HERE.glob("*/*.state"))


def opened(path: Path) -> tuple[dict[str, Any], Definition, bytes]:
    told = json.loads(path.with_suffix(".json").read_text("utf-8"))
    definition = definition_of((path.parent / told["bpmn"]).read_bytes(), told["bpmn"], f"{path.parent.name}:{told['digest']}")
    return told, definition, engine.unseal(path.read_bytes(), Place(1, told["digest"], told["sequence"]), KEYS)


@pytest.mark.parametrize("path", STATES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_it_finishes_today_as_it_did_then(path: Path, tally: Tally) -> None:
    told, definition, payload = opened(path)
    assert data_of(definition, payload) == told["data"]
    assert list(to_the_end(definition, payload, frozenset(told["firing"]))) == told["then"]
    tally("Janji 12", f"golden states of {path.parent.name} finish with the same data")


def test_this_version_has_its_golden_states() -> None:
    assert {path.stem for path in STATES if path.parent.name == VERSION} == {golden.name for golden in GOLDEN}


def test_they_are_made_as_they_were(tmp_path: Path) -> None:
    """Of this version: what it would write today of the same drawing goes the same way."""
    again, then = tmp_path / "lagi", HERE / VERSION
    make(again)
    same = {path.name for path in then.glob("*.bpmn") if path.read_bytes() == (again / path.name).read_bytes()}
    assert "buatan.bpmn" in same
    for path in sorted(then.glob("*.json")):
        told = json.loads(path.read_text("utf-8"))
        assert told["bpmn"] not in same or json.loads((again / path.name).read_text("utf-8")) == told, path.stem


def test_an_older_app_refuses_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "VERSION", "0.0.1")
    for path in STATES:
        with pytest.raises(StateRejected, match="lebih baru"):
            opened(path)


def test_the_version_sealed_into_states_is_that_of_the_package() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == VERSION
