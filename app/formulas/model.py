"""What a formula is, and how numbers are rounded and written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

Number: TypeAlias = Decimal | Fraction
Row: TypeAlias = Mapping[str, Fraction | str]  # one row of a table: what is missing or no such value is absent
Rows: TypeAlias = Sequence[Row]
Columns: TypeAlias = Mapping[str, frozenset[str] | None]  # {column: the option values it takes, None for a number}


@dataclass(frozen=True, slots=True)
class Formula:
    """inputs: names of its arguments in order: numbers, unless in `choices` or `tables`.

    choices: {argument: the option values it takes}; these may be missing. tables: {argument: the columns it reads of that table}.
    unit: of the result. gives: what the result is; a text is at most 500 characters, of one line.
    """

    compute: Callable[..., Number | str | None]
    inputs: tuple[str, ...]
    unit: str = ""
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tables: Mapping[str, Columns] = field(default_factory=dict)
    gives: Literal["number", "text"] = "number"

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name in self.inputs if name not in self.choices)


def half_up(value: Number, places: int) -> Decimal:
    """Exactly, halves away from zero: 82.225 -> 82.23, -0.125 -> -0.13."""
    exact = abs(Fraction(value)) * 10**places
    whole = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-places)


def in_words(value: Number, places: int = 2) -> str:
    """ "72,50"."""
    return str(half_up(value, places)).replace(".", ",")
