"""Indeks Pelayanan Publik (IPP): scores of indicators, weighed within their aspect, the aspects weighed in turn."""

from dataclasses import dataclass
from fractions import Fraction

from app.formulas.bands import TABLES, read_bands, read_parts
from app.formulas.model import Rows, in_words

ASPECTS = read_parts(TABLES["aspek"])
CLASSES = read_bands(TABLES["ipp"])
HIGHEST = 5
KEYS = frozenset(part.key for part in ASPECTS)


@dataclass(frozen=True, slots=True)
class Indicator:
    """weight: per cent of its aspect. score: 0 to 5."""

    aspect: str
    weight: Fraction
    score: Fraction


def aspect_values(indicators: list[Indicator]) -> dict[str, Fraction]:
    """{aspect: sum of score x weight}, 0 to 5."""
    found: dict[str, Fraction] = {}
    for one in indicators:
        found[one.aspect] = found.get(one.aspect, Fraction()) + one.score * one.weight / 100
    return found


def index_of(values: dict[str, Fraction]) -> Fraction:
    """values: of every aspect."""
    return sum((values[part.key] * Fraction(part.weight or 0) / 100 for part in ASPECTS), Fraction())


def ipp(penilaian: Rows) -> Fraction | None:
    """The index, 0 to 5; None where a row is incomplete, an aspect is missing, or the weights within one do not add up to 100.

    Source: PermenPAN-RB 29/2022 as amended by 4/2023 (PEKPPP): aspect = sum of score x weight of the indicator, index = sum of aspect x
    weight of the aspect; the weights and classes are in `tables.toml`. The share of the users' form (F-03) is not part of it.
    Vectors: all scores 5 -> 5; all 3 -> 3; aspects 3.97 4 3 2 4 1 -> 3.23 (weights 24 25 18 11 10 12).
    """
    found = _read(penilaian)
    return None if isinstance(found, str) else index_of(aspect_values(found))


def mutu_ipp(penilaian: Rows) -> str | None:
    """The class of the index, rounded half up to two decimals first.

    Source: as `ipp`. Vectors: 5 -> A (Pelayanan prima); 4.505 is 4.51 -> A; 4.50 -> A- (Sangat baik); 3.23 -> B- (Baik dengan catatan);
    1.00 -> F (Gagal).
    """
    found = _read(penilaian)
    return None if isinstance(found, str) else CLASSES.of(index_of(aspect_values(found))).words


def catatan_ipp(penilaian: Rows) -> str | None:
    """Why there is no index yet; None where there is one.

    Source: as `ipp`. Vectors: weights of an aspect that add up to 90 -> "… berjumlah 90, seharusnya 100."; an aspect without a row is
    named.
    """
    found = _read(penilaian)
    return found if isinstance(found, str) else None


def _read(rows: Rows) -> list[Indicator] | str:
    """Or the sentence why not."""
    indicators: list[Indicator] = []
    for number, row in enumerate(rows, 1):
        aspect, weight, score = row.get("aspek"), row.get("bobot"), row.get("skor")
        if not isinstance(aspect, str) or not isinstance(weight, Fraction) or not isinstance(score, Fraction):
            return f"Belum dapat dihitung: baris {number} belum lengkap (aspek, bobot, skor)."
        if weight <= 0 or not 0 <= score <= HIGHEST:
            return f"Belum dapat dihitung: baris {number} memerlukan bobot di atas 0 dan skor 0 sampai {HIGHEST}."
        indicators.append(Indicator(aspect, weight, score))
    for part in ASPECTS:
        total = sum((one.weight for one in indicators if one.aspect == part.key), Fraction())
        if not total:
            return f"Belum dapat dihitung: aspek {part.name} belum dinilai."
        if total != 100:
            return f"Belum dapat dihitung: bobot indikator aspek {part.name} berjumlah {_plain(total)}, seharusnya 100."
    return indicators


def _plain(value: Fraction) -> str:
    return in_words(value).removesuffix(",00")
