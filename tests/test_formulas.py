"""The formulas, with the vectors of their docstrings."""

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formulas import FORMULAS, MAX_RESULT, calculate
from app.formulas.bands import load, read_bands, read_parts
from app.formulas.model import half_up


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


@pytest.mark.parametrize(
    ("percent", "words"),
    [
        (130, "Sangat tinggi"),
        (100, "Sangat tinggi"),
        (91, "Sangat tinggi"),
        (90.5, "Sangat tinggi"),
        (90.49, "Tinggi"),
        (76, "Tinggi"),
        (75.5, "Tinggi"),
        (75.49, "Sedang"),
        (65.5, "Sedang"),
        (65.49, "Rendah"),
        (50.5, "Rendah"),
        (50.49, "Sangat rendah"),
        (0, "Sangat rendah"),
        (-50, "Sangat rendah"),
    ],
)
def test_a_capaian_between_two_classes_is_rounded_into_one(percent, words):
    assert calculate("kelas_capaian", [percent, 100, "tinggi"]) == words


def test_the_class_follows_the_polarity():
    assert calculate("kelas_capaian", [12, 10, "rendah"]) == "Tinggi"  # 80 per cent
    assert calculate("kelas_capaian", [12, 10]) == "Sangat tinggi"
    assert calculate("kelas_capaian", [12, 0]) is None


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
SCORES = st.floats(1, 4) | st.integers(1, 4)
CELLS = NUMBERS | SCORES | st.sampled_from(["tinggi", "sederhana", "sdm", "", "x"])
ROWS = st.lists(st.dictionaries(st.sampled_from(["responden", "u1", "u2", "u9", "aspek", "bobot", "skor", "lain"]), CELLS), max_size=4)
ANYTHING = CELLS | ROWS | st.booleans() | st.dictionaries(st.text(max_size=2), CELLS, max_size=2)


@given(st.sampled_from(sorted(FORMULAS)), st.lists(ANYTHING, max_size=10))
def test_whatever_it_is_given_a_formula_gives_its_kind_or_nothing(name, arguments):
    found = calculate(name, arguments)
    if FORMULAS[name].gives == "text":
        assert found is None or (isinstance(found, str) and 0 < len(found) <= 500 and found.isprintable())
    else:
        assert found is None or (math.isfinite(found) and abs(found) <= MAX_RESULT)


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("82.225", 2, "82.23"),
        ("82.2249999999999999999999999999999", 2, "82.22"),
        ("-0.125", 2, "-0.13"),
        ("0.5", 0, "1"),
        ("99.995", 2, "100.00"),
    ],
)
def test_halves_go_up_and_nothing_else_does(value, places, rounded):
    assert str(half_up(Decimal(value), places)) == rounded


@given(st.fractions(-1000, 1000), st.integers(0, 4))
def test_rounding_is_never_further_off_than_half_a_place(value, places):
    assert abs(Fraction(half_up(value, places)) - value) <= Fraction(1, 2 * 10**places)


# -- the table an office may edit --


def bands(*starts, places=2):
    rows = "".join(f"{{ dari = {start}, mutu = 'x' }}," for start in starts)
    return read_bands(load(f"desimal = {places}\nkelas = [{rows} {{ mutu = 'terendah' }}]"))


def test_other_limits_make_other_classes():
    assert [bands(3, 2).of(Decimal(value)).grade for value in ("3", "2.995", "2.994", "1")] == ["x", "x", "x", "terendah"]
    assert bands(90.5, places=0).of(Decimal("90.4")).grade == "terendah"


@pytest.mark.parametrize("starts", [(1, 2), (2, 2), (3, 1, 2)])
def test_classes_out_of_order_are_refused(starts):
    with pytest.raises(ValueError, match="berurutan"):
        bands(*starts)


def test_only_the_last_class_goes_without_a_limit():
    for kelas in ("[]", "[{ mutu = 'a' }, { mutu = 'b' }]", "[{ dari = 2, mutu = 'a' }]"):
        with pytest.raises(ValueError, match="berurutan"):
            read_bands(load(f"desimal = 2\nkelas = {kelas}"))


def test_weights_must_add_up():
    with pytest.raises(ValueError, match="berjumlah 100"):
        read_parts([{"kunci": "a", "nama": "A", "bobot": 60}, {"kunci": "b", "nama": "B", "bobot": 30}])
    with pytest.raises(ValueError, match="berjumlah 100"):
        read_parts([{"kunci": "a", "nama": "A", "bobot": 100}, {"kunci": "b", "nama": "B"}])


def test_keys_must_differ_and_all_be_there():
    with pytest.raises(ValueError, match="kunci sendiri"):
        read_parts([{"kunci": "a", "nama": "A"}, {"kunci": "a", "nama": "B"}])
    with pytest.raises(ValueError, match="jumlahnya 9"):
        read_parts([{"kunci": "a", "nama": "A"}], 9)
