"""Conditions of forms against what gateways are attacked with: refused, or an ordinary comparison; never slow."""

from __future__ import annotations

import json

import pytest

from app.forms import feel
from tests.support.figures import Figure
from tests.support.hostile import BOMBS, ESCAPES, VALUES, answered_at_once, shortened

# A name is the key of a field here, whatever it says, and one = compares.
ORDINARY_HERE = {"x = 1", "yield", "Ellipsis", "NotImplemented", "__builtins__", "__debug__", "__name__", "_x"}
HOSTILE = [text for text in (*ESCAPES, *BOMBS) if text not in ORDINARY_HERE]
MORE = ["(" * 990, "not(" * 240, "x = " * 240, "x or " * 199 + "x", "x and " * 160 + "x", '"' * 999, '"' + "\\" * 998, "x = " + "9" * 990,
        'x = "' + "a" * 999 + '"', "<" * 1000, "x = -" + "1" * 900, " " * 1000, "=" * 1000, "\t\n\r\x0b\x0c\x1c" * 160 + "?",
        'x = "\ud800"', 'x = "te\x00ks"', 'x = "\u202eteks"']  # fmt: skip


@pytest.mark.parametrize("text", [*HOSTILE, *MORE], ids=shortened)
def test_nothing_hostile_is_a_condition_of_a_form(text: str) -> None:
    with answered_at_once(), pytest.raises(feel.FeelError):
        feel.read(f"={text}")


@pytest.mark.parametrize("text", sorted(ORDINARY_HERE))
def test_a_name_is_a_field_that_nobody_filled_in(text: str) -> None:
    assert feel.read(f"={text}").holds({}) is False


def test_the_largest_condition_is_worked_out_at_once() -> None:
    with answered_at_once():
        condition = feel.read("=" + " or ".join(["(((((((x = 1)))))))"] * 30))
        assert condition.holds(VALUES) is False
        assert len(json.loads(condition.as_json)) == 3


def test_as_many_were_tried_as_on_gateways(figure: Figure) -> None:
    figure("Janji 17", f"{len(set(HOSTILE) | set(MORE))} hostile conditions of forms refused, each within 100 ms of CPU")
