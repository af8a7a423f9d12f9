"""The formulas, with the vectors of their docstrings."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formulas import FORMULAS, MAX_RESULT, calculate


@pytest.mark.parametrize(
    ("realised", "target", "polarity", "percent"),
    [
        (90, 100, "tinggi", 90),
        (120, 100, "tinggi", 120),
        (8, 10, "rendah", 120),
        (12, 10, "rendah", 80),
        (25, 10, "rendah", -50),
        (82.22, 80, "tinggi", 102.78),
        (2, 3, "tinggi", 66.67),
        (1, 8, "tinggi", 12.5),
        (0, 5, "tinggi", 0),
        (0.1, 0.3, "tinggi", 33.33),
        (1.005, 100, "tinggi", 1.01),  # half up, and 1.005 as typed: binary floats would give 1.0
        (5, 0, "tinggi", None),
        (5, 0, "rendah", None),
        (-1, -2, "tinggi", None),
        (90, 100, None, 90),
        (None, 100, "tinggi", None),
        (90, None, "tinggi", None),
        (True, 100, "tinggi", None),
        ("90", 100, "tinggi", None),
        (10**15, 0.001, "tinggi", None),
    ],
)
def test_capaian(realised, target, polarity, percent):
    assert calculate("capaian", [realised, target, polarity]) == percent


@pytest.mark.parametrize(("realised", "ceiling", "percent"), [(950, 1000, 95), (0, 1000, 0), (1, 3, 33.33), (1, 0, None), (None, 1, None)])
def test_serapan(realised, ceiling, percent):
    assert calculate("serapan", [realised, ceiling]) == percent


def test_a_choice_may_be_left_out():
    assert calculate("capaian", [90, 100]) == 90


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_says_its_source_and_its_vectors(name):
    text = FORMULAS[name].compute.__doc__ or ""
    assert "Source:" in text and "Vectors:" in text


NUMBERS = st.integers(-(10**15), 10**15) | st.floats(allow_nan=True, allow_infinity=True) | st.none()


@given(st.sampled_from(sorted(FORMULAS)), st.lists(NUMBERS, max_size=4))
def test_a_result_is_a_plain_number_or_nothing(name, arguments):
    found = calculate(name, arguments)
    assert found is None or (math.isfinite(found) and abs(found) <= MAX_RESULT)
