"""IKM: the worked example, the borders of the classes, and an independent calculation with nothing but fractions."""

import random
from collections import Counter
from fractions import Fraction
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formulas import calculate
from app.formulas.satisfaction import (
    UNSUR,
    Unit,
    compile_units,
    grade_of,
    index_of,
    lowest_of,
    sample_size,
    tally,
)

# Ten people, U1 to U9 of each.
EXAMPLE = (333433433, 433434433, 332433333, 443444443, 333333323, 333433332, 444444444, 322433333, 333433433, 333434434)
ANSWERS = [[int(score) for score in str(person)] for person in EXAMPLE]
NRR = [3.30, 3.10, 2.90, 3.90, 3.20, 3.40, 3.60, 3.10, 3.10]
LOWEST = "U3 Waktu Penyelesaian (72,50); U2 Sistem, Mekanisme, dan Prosedur (77,50); U8 Sarana dan Prasarana (77,50)"

PEOPLE = st.lists(st.lists(st.integers(1, 4), min_size=9, max_size=9), min_size=1, max_size=60)


def row(means, people=10):
    return {"responden": people, **{f"u{place}": mean for place, mean in enumerate(means, 1)}}


# -- the worked example --


def test_the_sums_of_the_example():
    found = tally(ANSWERS)
    assert (found.sums, found.counts, found.people) == ((33, 31, 29, 39, 32, 34, 36, 31, 31), (10,) * 9, 10)
    assert [float(mean) for mean in found.means] == NRR


def test_the_index_of_the_example_is_exact():
    assert index_of(tally(ANSWERS).means) == Fraction(296, 90) * 25


def test_the_example_as_a_row_of_a_form():
    assert calculate("ikm", NRR) == 82.22
    assert calculate("mutu_ikm", NRR) == "B (Baik)"
    assert calculate("unsur_terendah", NRR) == LOWEST


def test_the_printed_weights_would_have_said_less():
    assert [float(sum(Fraction(str(nrr)) for nrr in NRR) * Fraction(weight) * 25) for weight in ("0.11", "0.111")] == [81.4, 82.14]


@pytest.mark.parametrize(("score", "index"), [(1, 25), (2, 50), (3, 75), (4, 100)])
def test_equal_answers(score, index):
    assert calculate("ikm", [score] * 9) == index


@pytest.mark.parametrize("wrong", [0, 0.99, 4.01, 5, -1, None, "3", True])
def test_an_unsur_that_is_missing_or_out_of_range_leaves_no_index(wrong):
    for name in ("ikm", "mutu_ikm", "unsur_terendah"):
        assert calculate(name, [3] * 8 + [wrong]) is None


# -- classes --


@pytest.mark.parametrize(
    ("index", "words"),
    [
        ("100", "A (Sangat baik)"),
        ("88.31", "A (Sangat baik)"),
        ("88.305", "A (Sangat baik)"),
        ("88.304", "B (Baik)"),
        ("76.61", "B (Baik)"),
        ("76.605", "B (Baik)"),
        ("76.6049", "C (Kurang baik)"),
        ("65", "C (Kurang baik)"),
        ("64.995", "C (Kurang baik)"),
        ("64.9949", "D (Tidak baik)"),
        ("25", "D (Tidak baik)"),
    ],
)
def test_the_index_is_rounded_first_and_classed_then(index, words):
    assert grade_of(Fraction(index)).words == words


@given(st.integers(2500, 10_000))
def test_every_index_on_paper_has_the_class_of_the_regulation(hundredths):
    table = [("D", 2500, 6499), ("C", 6500, 7660), ("B", 7661, 8830), ("A", 8831, 10_000)]
    assert [grade for grade, low, high in table if low <= hundredths <= high] == [grade_of(Fraction(hundredths, 100)).grade]


# -- properties --


@given(PEOPLE)
def test_the_index_equals_an_independent_calculation(people):
    columns = list(zip(*people, strict=True))
    by_hand = Fraction(100, 36 * len(people)) * sum(score * times for column in columns for score, times in Counter(column).items())
    assert index_of(tally(people).means) == by_hand
    assert 25 <= by_hand <= 100


@given(PEOPLE, st.randoms())
def test_the_order_of_the_answers_does_not_matter(people, chance):
    shuffled = people.copy()
    chance.shuffle(shuffled)
    assert tally(shuffled) == tally(people)


@given(PEOPLE, st.integers(0, 8))
def test_a_better_answer_never_lowers_the_index(people, place):
    better = [[min(4, score + (at == place)) for at, score in enumerate(person)] for person in people]
    assert index_of(tally(better).means) >= index_of(tally(people).means)


def test_a_missing_answer_is_divided_by_the_answers_to_that_unsur():
    found = tally([[4, *[3] * 8], [None, *[3] * 8], [2, *[3] * 8]])
    assert found.means == (3,) * 9
    assert (found.counts[0], found.people) == (2, 3)


def test_an_unsur_nobody_answered_leaves_no_means():
    assert tally([[None, *[3] * 8]]).means is None
    assert tally([]).means is None


# -- the lowest unsur --


def test_equal_unsur_stand_in_their_order():
    assert [column for column, _, _ in lowest_of((Fraction(3),) * 9)] == ["u1", "u2", "u3"]
    assert [column for column, _, _ in lowest_of(tuple(map(Fraction, (3, 3, 3, 3, 3, 2, 3, 2, 1))))] == ["u9", "u6", "u8"]


def test_the_unsur_have_keys_of_their_own():
    assert [unsur.key for unsur in UNSUR][-2:] == ["sarana", "pengaduan"] and len({unsur.key for unsur in UNSUR}) == 9


# -- many units --


def test_units_are_compiled_plainly_or_by_respondents():
    rows = [row([3.2] * 9, 10), row([4] * 9, 30)]
    assert [calculate("ikm_gabungan", [rows, method]) for method in ("sederhana", "tertimbang", None)] == [90, 95, 90]
    assert calculate("mutu_ikm_gabungan", [rows]) == "A (Sangat baik)"


def test_a_unit_without_direct_service_leaves_the_denominator():
    rows = [row([3.2] * 9, 10), {"opd": "Inspektorat"}, row([4] * 9, 30)]
    assert calculate("ikm_gabungan", [rows]) == 90
    assert calculate("cakupan_ikm", [rows]) == "2 dari 3 unit dihitung; 1 tidak menyelenggarakan layanan langsung."


def test_the_lowest_unsur_of_all_units():
    assert calculate("unsur_terendah_gabungan", [[row(NRR)]]) == LOWEST
    assert calculate("unsur_terendah_gabungan", [[row(NRR, 10), row([*[4] * 8, 1], 90)], "tertimbang"]).startswith("U9 ")


@pytest.mark.parametrize(
    ("spoiled", "method", "why"),
    [
        ({"u5": None}, "sederhana", "baris 2 belum lengkap"),
        ({"u5": 5}, "sederhana", "baris 2 belum lengkap"),
        (dict.fromkeys(f"u{n}" for n in range(1, 10)), "sederhana", "baris 2 punya responden tetapi"),
        ({"responden": None}, "tertimbang", "jumlah responden baris 2 belum diisi"),
        ({"responden": 0}, "tertimbang", "jumlah responden baris 2 belum diisi"),
    ],
)
def test_an_incomplete_row_leaves_no_index_and_is_named(spoiled, method, why):
    rows = [row(NRR), {**row(NRR), **spoiled}]
    assert calculate("ikm_gabungan", [rows, method]) is None
    assert why in calculate("cakupan_ikm", [rows, method])


def test_nobody_with_a_direct_service_leaves_no_index():
    assert calculate("ikm_gabungan", [[{"opd": "Inspektorat"}]]) is None
    assert "belum ada unit" in calculate("cakupan_ikm", [[{}]])
    assert calculate("ikm_gabungan", [[]]) is None


@given(st.lists(PEOPLE, min_size=1, max_size=6))
def test_weighted_by_respondents_is_the_index_of_all_answers_together(offices):
    units = [Unit(tally(people).means, len(people)) for people in offices]
    assert index_of(compile_units(units, weighted=True).means) == index_of(tally(chain(*offices)).means)


@given(st.lists(PEOPLE, min_size=1, max_size=6), st.integers(0, 3))
def test_a_plain_mean_is_the_mean_of_the_units(offices, without):
    units = [Unit(tally(people).means, len(people)) for people in offices]
    each = [index_of(unit.means) for unit in units]
    found = compile_units([*units, *[Unit(None)] * without])
    assert (index_of(found.means), found.counted, found.left_out) == (sum(each) / len(each), len(each), without)


def test_thirty_nine_offices_with_ten_thousand_answers_each():
    """Against integers only: no mean, no fraction, no rounding on the way."""
    chance = random.Random(61_057)
    offices = [[chance.choices((1, 2, 3, 4), (1, 2, 5, 4), k=9) for _ in range(10_000)] for _ in range(39)]
    tallies = [tally(people) for people in offices]
    points = [sum(map(sum, people)) for people in offices]
    assert [index_of(found.means) for found in tallies] == [Fraction(total * 25, 90_000) for total in points]
    compiled = compile_units([Unit(found.means, found.people) for found in tallies], weighted=True)
    assert index_of(compiled.means) == Fraction(sum(points) * 25, 39 * 90_000)
    rows = [row([float(mean) for mean in found.means], found.people) for found in tallies]
    hundredths = (sum(points) * 2500 * 2 + 39 * 90_000) // (2 * 39 * 90_000)
    assert calculate("ikm_gabungan", [rows, "tertimbang"]) == calculate("ikm_gabungan", [rows]) == hundredths / 100


# -- the sample --


@pytest.mark.parametrize(
    ("population", "sample"),
    [(0, 0), (1, 1), (10, 10), (50, 44), (100, 80), (200, 132), (300, 169), (500, 217), (1000, 278), (2000, 322), (5000, 357),
     (10_000, 370), (100_000, 383)],
)  # fmt: skip
def test_the_sample_of_krejcie_and_morgan(population, sample):
    assert sample_size(population) == sample


@given(st.integers(1, 10**6))
def test_a_sample_is_never_larger_than_the_population(population):
    assert 0 < sample_size(population) <= min(population, 384)


def test_a_small_sample_is_a_warning_and_no_refusal():
    sentence = "60 responden dari 1.500 penerima layanan; sampel menurut Krejcie dan Morgan paling sedikit 306. Tulis alasannya."
    assert calculate("catatan_sampel", [60, 1500]) == sentence
    assert calculate("catatan_sampel", [306, 1500]) is None
    assert calculate("catatan_sampel", [60, None]) is None
