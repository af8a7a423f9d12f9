"""Survei Kepuasan Masyarakat (SKM): nine unsur scored 1 to 4, Indeks Kepuasan Masyarakat (IKM), its mutu, the unsur to work on.

Everything is exact until the very end: the printed weights 0.11 and 0.111 give 99.00 and 99.90 where everybody answers 4; here a ninth
is a ninth. The IKM is rounded half up to two decimals first and classed then, so no value falls between two classes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from app.formulas.bands import TABLES, Band, Part, read_bands, read_parts
from app.formulas.model import Row, Rows, half_up, in_words

UNSUR = read_parts(TABLES["unsur"], 9)  # their places are u1 to u9
COLUMNS = tuple(f"u{place}" for place in range(1, 10))
CLASSES = read_bands(TABLES["ikm"])
SCORES = (1, 2, 3, 4)
LOWEST = 3  # how many unsur a report works on
PLAIN, WEIGHTED = "sederhana", "tertimbang"
METHODS = frozenset({PLAIN, WEIGHTED})

Means: TypeAlias = tuple[Fraction, ...]  # NRR of each unsur, in the order of UNSUR, 1 to 4


@dataclass(frozen=True, slots=True)
class Tally:
    """What is kept of the answers to a questionnaire: sums and counts in the order of UNSUR. people: who answered anything at all."""

    sums: tuple[int, ...]
    counts: tuple[int, ...]
    people: int

    @property
    def means(self) -> Means | None:
        """NRR: a missing answer is not a zero, so each unsur is divided by its own answers. None where nobody answered one of them."""
        return tuple(Fraction(total, count) for total, count in zip(self.sums, self.counts, strict=True)) if all(self.counts) else None


def tally(answers: Iterable[Sequence[int | None]]) -> Tally:
    """answers: nine scores of each person in the order of UNSUR, None where unanswered."""
    sums, counts, people = [0] * 9, [0] * 9, 0
    for given in answers:
        people += any(score is not None for score in given)
        for place, score in enumerate(given):
            if score is not None:
                sums[place] += score
                counts[place] += 1
    return Tally(tuple(sums), tuple(counts), people)


def index_of(means: Means) -> Fraction:
    """SKM x 25, exact; SKM = the sum of the NRR, each weighing a ninth."""
    return sum(means, Fraction()) / 9 * 25


def grade_of(index: Decimal | Fraction) -> Band:
    return CLASSES.of(index)


def lowest_of(means: Means, count: int = LOWEST) -> tuple[tuple[str, Part, Fraction], ...]:
    """(column, unsur, its value x 25), the lowest first, equal ones in the order of the unsur."""
    ranked = sorted(zip(COLUMNS, UNSUR, means, strict=True), key=lambda one: one[2])  # the sort is stable
    return tuple((column, unsur, mean * 25) for column, unsur, mean in ranked[:count])


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a compilation. means: None where it gives no direct service."""

    means: Means | None
    respondents: Fraction | int = 0


@dataclass(frozen=True, slots=True)
class Compiled:
    """counted: units with a survey; left_out: those without direct service, which are in no denominator."""

    means: Means
    counted: int
    left_out: int


def compile_units(units: Sequence[Unit], weighted: bool = False) -> Compiled | None:
    """The means of the units' exact values, plain or by respondents; None without a unit, or without respondents to weigh by.

    The mean of the units' IKM is the IKM of the mean of each unsur, for both are sums. Weighted, it is the IKM of all answers together.
    """
    surveyed = [(unit.means, Fraction(unit.respondents) if weighted else Fraction(1)) for unit in units if unit.means is not None]
    if not surveyed or any(weight <= 0 for _, weight in surveyed):
        return None
    total = sum(weight for _, weight in surveyed)
    means = tuple(sum((means[place] * weight for means, weight in surveyed), Fraction()) / total for place in range(9))
    return Compiled(means, len(surveyed), len(units) - len(surveyed))


def sample_size(population: int | Fraction) -> int:
    """Krejcie and Morgan (1970), chi square 3.841, P = 0.5, d = 0.05; 0 for nobody."""
    if population <= 0:
        return 0
    spread = Fraction(3841, 1000) / 4
    return int(half_up(spread * population / (Fraction(25, 10_000) * (population - 1) + spread), 0))


# -- formulas of forms: a row of a unit --


def ikm(**nilai: Decimal) -> Fraction | None:
    """Indeks Kepuasan Masyarakat of a unit from the NRR of its nine unsur; None where one of them is not between 1 and 4.

    Source: PermenPAN-RB 14/2017, lampiran, bab II (pengolahan data): SKM = sum of NRR x 1/9, IKM = SKM x 25.
    Vectors: 3.30 3.10 2.90 3.90 3.20 3.40 3.60 3.10 3.10 -> 82.22; all 4 -> 100; all 1 -> 25; all 2 -> 50.
    """
    means = _checked(nilai.values())
    return index_of(means) if means else None


def mutu_ikm(**nilai: Decimal) -> str | None:
    """Mutu pelayanan with kinerja unit pelayanan, of the IKM rounded half up to two decimals.

    Source: PermenPAN-RB 14/2017, lampiran, tabel nilai persepsi, nilai interval konversi; `tables.toml`.
    Vectors: 82.22 -> B (Baik); 88.31 -> A (Sangat baik); 88.30 -> B; 76.61 -> B; 76.60 -> C (Kurang baik); 65.00 -> C; 64.99 -> D (Tidak
    baik); 64.996 is 65.00 -> C.
    """
    means = _checked(nilai.values())
    return grade_of(index_of(means)).words if means else None


def unsur_terendah(**nilai: Decimal) -> str | None:
    """The three lowest unsur with their values x 25; equal ones in the order of the unsur.

    Source: PermenPAN-RB 14/2017, lampiran (rencana tindak lanjut begins with the lowest unsur).
    Vectors: the NRR of `ikm` above -> U3 (72.50), U2 (77.50), U8 (77.50).
    """
    means = _checked(nilai.values())
    return _lowest_in_words(means) if means else None


def catatan_sampel(responden: Decimal, populasi: Decimal) -> str | None:
    """A warning where fewer people answered than the sample should have; None where it is large enough, or more answered than there are.

    Source: PermenPAN-RB 14/2017, lampiran ("dapat menggunakan" the table of Krejcie and Morgan): a smaller sample is not refused.
    Vectors: population -> sample: 10 -> 10; 50 -> 44; 100 -> 80; 200 -> 132; 300 -> 169; 500 -> 217; 1,000 -> 278; 2,000 -> 322;
    5,000 -> 357; 10,000 -> 370; 100,000 -> 383 (the formula; the printed table has 384).
    """
    wanted = sample_size(Fraction(populasi))
    if responden < 0 or responden >= wanted:
        return None
    given, whole = _count(responden), _count(populasi)
    return f"{given} responden dari {whole} penerima layanan; sampel menurut Krejcie dan Morgan paling sedikit {wanted}. Tulis alasannya."


# -- formulas of forms: the table of all units --


def ikm_gabungan(rekap: Rows, metode: str = PLAIN) -> Fraction | None:
    """IKM of all units: "sederhana" each unit counts the same, "tertimbang" each respondent does. None where a row is incomplete.

    A row without any unsur gives no direct service and leaves the denominator. The rows' exact values are used, not their rounded IKM.
    Source: laporan SKM of a regency as a compilation of the reports of its units (PermenPAN-RB 14/2017, pelaporan).
    Vectors: units of 80 (10 respondents) and 100 (30) -> 90 plain, 95 weighted; a third without service -> the same.
    """
    found = _compiled(rekap, metode)
    return index_of(found.means) if isinstance(found, Compiled) else None


def mutu_ikm_gabungan(rekap: Rows, metode: str = PLAIN) -> str | None:
    """The class of `ikm_gabungan`.

    Source: as `mutu_ikm`. Vectors: 90 -> A (Sangat baik); 80 -> B (Baik).
    """
    found = _compiled(rekap, metode)
    return grade_of(index_of(found.means)).words if isinstance(found, Compiled) else None


def unsur_terendah_gabungan(rekap: Rows, metode: str = PLAIN) -> str | None:
    """The three lowest unsur of all units together.

    Source: as `unsur_terendah`. Vectors: one unit with the NRR of `ikm` -> U3 (72.50), U2 (77.50), U8 (77.50).
    """
    found = _compiled(rekap, metode)
    return _lowest_in_words(found.means) if isinstance(found, Compiled) else None


def cakupan_ikm(rekap: Rows, metode: str = PLAIN) -> str | None:
    """How many rows the compilation counts, or which row keeps it from being calculated.

    Source: as `ikm_gabungan` (units that reported / units obliged). Vectors: two units and one without service -> "2 dari 3 unit dihitung;
    1 tidak menyelenggarakan layanan langsung."; the second row without u5 -> "Belum dapat dihitung: baris 2 belum lengkap …".
    """
    found = _compiled(rekap, metode)
    if isinstance(found, str):
        return found
    counted = f"{found.counted} dari {found.counted + found.left_out} unit dihitung"
    return f"{counted}; {found.left_out} tidak menyelenggarakan layanan langsung." if found.left_out else f"{counted}."


def _compiled(rows: Rows, method: str) -> Compiled | str:
    """Or the sentence why not."""
    weighted = method == WEIGHTED
    units: list[Unit] = []
    for number, row in enumerate(rows, 1):
        given = [row[column] for column in COLUMNS if column in row]
        people = _number(row, "responden")
        means = _checked(given)
        if given and means is None:
            return f"Belum dapat dihitung: baris {number} belum lengkap (U1 sampai U9, masing-masing 1 sampai 4)."
        if people > 0 and means is None:
            return f"Belum dapat dihitung: baris {number} punya responden tetapi belum punya nilai unsur."
        if weighted and means is not None and people <= 0:
            return f"Belum dapat dihitung: jumlah responden baris {number} belum diisi."
        units.append(Unit(means, people))
    return compile_units(units, weighted) or "Belum dapat dihitung: belum ada unit yang menyampaikan nilai."


def _number(row: Row, column: str) -> Fraction:
    value = row.get(column, 0)
    return Fraction(0) if isinstance(value, str) else Fraction(value)


def _checked(values: Iterable[Decimal | Fraction | str]) -> Means | None:
    """Nine numbers from 1 to 4."""
    means = tuple(Fraction(value) for value in values if not isinstance(value, str))
    return means if len(means) == 9 and all(SCORES[0] <= mean <= SCORES[-1] for mean in means) else None


def _lowest_in_words(means: Means) -> str:
    return "; ".join(f"{column.upper()} {unsur.name} ({in_words(value)})" for column, unsur, value in lowest_of(means))


def _count(value: Decimal) -> str:
    return f"{half_up(value, 0):,}".replace(",", ".")
