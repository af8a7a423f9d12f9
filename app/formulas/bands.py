"""The classes of a value, the unsur of the survey and the weights of the aspects, as `tables.toml` beside this module has them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.formulas.model import Number, half_up

FILE = Path(__file__).with_name("tables.toml")


@dataclass(frozen=True, slots=True)
class Band:
    """One class. start: the smallest value in it, None for the last one. grade: "B"; meaning: "Baik", "" where the grade says it all."""

    start: Decimal | None
    grade: str
    meaning: str = ""

    @property
    def words(self) -> str:
        """ "B (Baik)"."""
        return f"{self.grade} ({self.meaning})" if self.meaning else self.grade


@dataclass(frozen=True, slots=True)
class Bands:
    """places: decimals a value is rounded to before it is classed, so that no value falls between two classes."""

    places: int
    bands: tuple[Band, ...]

    def of(self, value: Number) -> Band:
        rounded = half_up(value, self.places)
        return next(band for band in self.bands if band.start is None or rounded >= band.start)


@dataclass(frozen=True, slots=True)
class Part:
    """An unsur or an aspect. weight: per cent, None where all weigh the same."""

    key: str
    name: str
    weight: Decimal | None = None


def load(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


def read_bands(written: Mapping[str, Any]) -> Bands:
    """Raises ValueError where the classes do not go from the highest to the lowest, or the last one has a lower bound."""
    bands = tuple(Band(_start(one), one["mutu"], one.get("kinerja", "")) for one in written["kelas"])
    starts = [band.start for band in bands[:-1]]
    if not bands or bands[-1].start is not None or None in starts or starts != sorted(set(starts), reverse=True):  # type: ignore[type-var]
        raise ValueError("Kelas harus berurutan dari yang tertinggi; hanya kelas terakhir yang tanpa batas bawah.")
    return Bands(written["desimal"], bands)


def read_parts(written: Sequence[Mapping[str, Any]], count: int | None = None) -> tuple[Part, ...]:
    """count: how many there must be. Raises ValueError where keys are alike, the count is another, or weights do not add up to 100."""
    parts = tuple(Part(one["kunci"], one["nama"], Decimal(one["bobot"]) if "bobot" in one else None) for one in written)
    weights = [part.weight for part in parts if part.weight is not None]
    if len({part.key for part in parts}) != len(parts) or len(parts) != (count or len(parts)):
        raise ValueError(f"Setiap bagian harus punya kunci sendiri{f', dan jumlahnya {count}' if count else ''}.")
    if weights and (len(weights) != len(parts) or sum(weights) != 100):
        raise ValueError("Bobot harus ada pada setiap bagian dan berjumlah 100.")
    return parts


def _start(one: Mapping[str, Any]) -> Decimal | None:
    return Decimal(one["dari"]) if "dari" in one else None


TABLES = load(FILE.read_text("utf-8"))
