"""Formulas that forms may name: what the application calculates so that nobody has to, and nobody can.

A form names one in the property `hitung`, or calls it in an expression: ``=capaian(realisasi, target, polaritas)``.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

MAX_RESULT = 10**15  # every integer up to here is exact in JSON and in a browser

HIGHER = "tinggi"
LOWER = "rendah"


@dataclass(frozen=True, slots=True)
class Formula:
    """inputs: names of its arguments in order, numbers unless in `choices`; the ones in `choices` may be missing.

    choices: {argument: the option values it takes}. unit: of the result.
    """

    compute: Callable[..., Decimal | None]
    inputs: tuple[str, ...]
    unit: str
    choices: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name in self.inputs if name not in self.choices)


def capaian(realisasi: Decimal, target: Decimal, polaritas: object = HIGHER) -> Decimal | None:
    """Capaian kinerja in percent, not capped; None where the target is not above zero: then people judge it by hand.

    "tinggi" (higher is better): realisasi / target x 100. "rendah" (lower is better): (2 x target - realisasi) / target x 100.
    A negative target has no share that means anything: with -2 meant and -1 reached, both formulas call the better year half done.
    Source: laporan kinerja under Perpres 29/2014 and PermenPAN-RB 53/2014, lampiran II (perbandingan target dan realisasi); of the
    two usual forms for "rendah" this is the one that stays linear.
    Vectors: 90 of 100 -> 90; 120 of 100 -> 120; lower is better, 8 for at most 10 -> 120; 12 for at most 10 -> 80; 25 for 10 -> -50.
    """
    if target <= 0:
        return None
    reached = 2 * target - realisasi if polaritas == LOWER else realisasi
    return reached / target * 100


def serapan(realisasi: Decimal, pagu: Decimal) -> Decimal | None:
    """Budget absorbed, in percent: realisasi / pagu x 100; None where there is no pagu.

    Source: realisasi anggaran in the laporan kinerja, PermenPAN-RB 53/2014, lampiran II, bab III.B.
    Vectors: 950 of 1,000 -> 95; 0 of 1,000 -> 0; 1 of 3 -> 33.33.
    """
    return realisasi / pagu * 100 if pagu > 0 else None


FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        "capaian": Formula(capaian, ("realisasi", "target", "polaritas"), "%", {"polaritas": frozenset({HIGHER, LOWER})}),
        "serapan": Formula(serapan, ("realisasi", "pagu"), "%"),
    }
)


def calculate(name: str, arguments: Sequence[object]) -> int | float | None:
    """The result rounded half up to two decimals; None where an argument is missing, or the result is beyond ± 10^15.

    arguments: in the order of the formula's inputs, numbers as stored (int or float); trailing ones may be left out.
    Raises KeyError for a formula that is not in the table.
    """
    formula = FORMULAS[name]
    given = dict(zip(formula.inputs, arguments, strict=False))
    values: dict[str, object] = {key: given[key] for key in formula.choices if given.get(key) is not None}
    for key in formula.required:
        number = given.get(key)
        if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
            return None
        # By way of its shortest text: 0.1 is a tenth, as it was typed.
        values[key] = Decimal(str(number))
    result = formula.compute(**values)
    if result is None or not result.is_finite() or abs(result) > MAX_RESULT:
        return None
    rounded = result.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)
