"""docs/forms.md names everything that exists, and nothing else."""

import re
from pathlib import Path

import pytest

from app.forms.compiling import REFUSED
from app.forms.feel import WORDS
from app.forms.fields import FIELD_TYPES
from app.forms.properties import KNOWN
from app.formulas import FORMULAS

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "forms.md").read_text()
SOURCE = "".join(path.read_text() for path in (ROOT / "app" / "forms").glob("*.py"))


def section(title):
    return DOC.split(f"# {title}\n", 1)[1].split("\n#", 1)[0]


def first_column(text):
    return {name for row in re.findall(r"^\| (`.+?) \|", text, re.M) for name in re.findall(r"`(\w[\w-]*)`", row)}


def test_every_component_is_in_the_table():
    other = {"dynamiclist", "expression", "group", "text", "html", "separator", "spacer", "button"}
    assert first_column(section("Components")) - {"tombol"} == FIELD_TYPES | other


def test_every_refused_component_is_in_the_table():
    assert first_column(section("Refused")) == set(REFUSED)


def test_every_property_is_in_the_table():
    assert first_column(section("Custom properties")) == set(KNOWN)


def test_every_rule_is_in_the_table():
    assert first_column(section("Findings")) == set(re.findall(r'"(form-[a-z]+)"', SOURCE))


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_word_of_the_conditions_is_in_the_grammar(word):
    assert f'"{word}"' in section("Conditions")


def test_every_formula_is_in_the_table():
    assert first_column(section("Formulas")) == set(FORMULAS)


def test_every_argument_of_a_formula_is_in_the_table():
    assert all(f"`{name}`" in section("Formulas") for formula in FORMULAS.values() for name in formula.inputs)
