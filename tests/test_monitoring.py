"""IPP: scores of indicators, weighed twice."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formulas import calculate
from app.formulas.monitoring import ASPECTS, CLASSES

POLICY = [(17, 5), (14, 4), (7, 3), (14, 5), (10, 2), (17, 4), (7, 3), (7, 3), (7, 5)]  # 3.97


def rows(**scores):
    """One indicator for each aspect, the nine of the first one as they are weighed."""
    first = [{"aspek": "kebijakan", "bobot": weight, "skor": scores.get("kebijakan", score)} for weight, score in POLICY]
    return first + [{"aspek": part.key, "bobot": 100, "skor": scores.get(part.key, 3)} for part in ASPECTS[1:]]


EXAMPLE = rows(sdm=4, sarana=3, informasi=2, konsultasi=4, inovasi=1)


def test_the_worked_example():
    """0.24 x 3.97 + 0.25 x 4 + 0.18 x 3 + 0.11 x 2 + 0.10 x 4 + 0.12 x 1 = 3.2328."""
    assert calculate("ipp", [EXAMPLE]) == 3.23
    assert calculate("mutu_ipp", [EXAMPLE]) == "B- (Baik dengan catatan)"
    assert calculate("catatan_ipp", [EXAMPLE]) is None


@pytest.mark.parametrize(("score", "grade"), [(5, "A (Pelayanan prima)"), (4, "B (Baik)"), (3, "C (Cukup)"), (0, "F (Gagal)")])
def test_equal_scores(score, grade):
    same = rows(**{part.key: score for part in ASPECTS})
    assert (calculate("ipp", [same]), calculate("mutu_ipp", [same])) == (score, grade)


@given(st.integers(0, 500))
def test_every_index_on_paper_has_the_class_of_the_table(hundredths):
    table = [("A", 451, 500), ("A-", 401, 450), ("B", 351, 400), ("B-", 301, 350), ("C", 251, 300), ("C-", 201, 250),
             ("D", 151, 200), ("E", 101, 150), ("F", 0, 100)]  # fmt: skip
    assert [grade for grade, low, high in table if low <= hundredths <= high] == [CLASSES.of(Fraction(hundredths, 100)).grade]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda table: table[:-1], "aspek Inovasi belum dinilai"),
        (lambda table: table[1:], "aspek Kebijakan Pelayanan berjumlah 83, seharusnya 100"),
        (lambda table: [*table, {"aspek": "sdm", "skor": 3}], "baris 15 belum lengkap"),
        (lambda table: [{**table[0], "skor": 5.1}, *table[1:]], "baris 1 memerlukan bobot di atas 0 dan skor 0 sampai 5"),
        (lambda table: [{**table[0], "aspek": "lain"}, *table[1:]], "baris 1 belum lengkap"),
        (lambda table: [{**table[0], "bobot": -17}, *table[1:]], "baris 1 memerlukan bobot"),
    ],
)
def test_what_is_missing_leaves_no_index_and_is_named(change, why):
    table = change(EXAMPLE)
    assert calculate("ipp", [table]) is None and calculate("mutu_ipp", [table]) is None
    assert why in calculate("catatan_ipp", [table])


@given(st.permutations(EXAMPLE))
def test_the_order_of_the_rows_does_not_matter(table):
    assert calculate("ipp", [table]) == 3.23
