"""bpmnlint on the server: the same rules as in the editor, in sentences of ours."""

from __future__ import annotations

import json

import pytest

from app.checking import lint
from app.checking.verdict import stages
from app.config import ROOT
from app.errors import Finding
from tests.support.bundles import END, FLOWS, GATE, START, TASK, Bundle, bundle, laid_out


def linted(made: Bundle) -> tuple[Finding, ...]:
    return dict(stages(made))["lint"]


def test_every_recommended_rule_has_a_sentence() -> None:
    assert set(lint.SENTENCES) == lint.RECOMMENDED
    assert all("{name}" in sentence and sentence.endswith(".") for sentence in lint.SENTENCES.values())


def test_the_settings_are_those_of_the_editor() -> None:
    assert json.loads((ROOT / ".bpmnlintrc").read_text("utf-8")) == lint.linter().config
    assert "fake-join" not in {rule["name"] for rule in lint.linter().resolve_rules(lint.linter().config)}


def test_a_drawing_with_a_picture_has_no_remark() -> None:
    assert linted(laid_out(bundle())) == ()


def test_what_nobody_can_see_is_an_error_that_names_it() -> None:
    (finding,) = [one for one in linted(bundle()) if one.element == "T"]
    assert (finding.rule, finding.severity, finding.name) == ("lint-no-bpmndi", "error", "Memeriksa")
    assert finding.message == "“Memeriksa” tidak tampak pada gambar; gambar ulang di editor, atau hapus."


def test_a_gateway_for_nothing_is_a_warning() -> None:
    nodes = START + TASK + GATE + END + '<exclusiveGateway id="H" name="Tanpa guna"/>'
    made = laid_out(bundle(nodes, FLOWS.replace("S>T", "S>H H>T"), "S T G E H"))
    assert [(one.rule, one.severity, one.element) for one in linted(made)] == [("lint-superfluous-gateway", "warning", "H")]


def test_arrows_that_the_file_does_not_repeat_are_seen() -> None:
    """``incoming`` and ``outgoing`` are optional in BPMN; without them the linter alone would call everything disconnected."""
    assert b"<incoming>" not in bundle().bpmn
    assert "lint-no-disconnected" not in {finding.rule for finding in linted(bundle())}


def test_an_element_that_already_has_an_error_is_not_told_twice() -> None:
    made = laid_out(bundle(START + TASK + END, "S>T", "S T E"))
    told = dict(stages(made))
    assert {finding.element for finding in told["rules"]} == {"S", "T", "E"}
    assert told["lint"] == ()


def test_two_drawings_do_not_hear_of_each_other() -> None:
    """Some of bpmnlint's rules remember what they have seen: a linter serves one drawing."""
    assert linted(laid_out(bundle())) == linted(laid_out(bundle())) == ()


def test_a_linter_that_gives_up_is_a_remark(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise KeyError("rootElements")

    monkeypatch.setattr(lint, "linter", fail)
    assert [(one.rule, one.severity) for one in linted(bundle())] == [("lint", "info")]
