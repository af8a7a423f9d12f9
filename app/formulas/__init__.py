"""Formulas that forms may name: what the application calculates so that nobody has to, and nobody can.

A form names one in the property `hitung`, or calls it in an expression: ``=capaian(realisasi, target, polaritas)``. What an office may
change (classes, weights, the order of the unsur) is data: `tables.toml`.
"""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from app.formulas import monitoring, performance, satisfaction
from app.formulas.model import Columns, Formula, Row, half_up

__all__ = ["FORMULAS", "MAX_RESULT", "Columns", "Formula", "calculate"]

MAX_RESULT = 10**15  # every integer up to here is exact in JSON and in a browser

_REACHED = ("realisasi", "target", "polaritas")
_POLARITY = {"polaritas": performance.POLARITIES}
_UNITS = {"rekap": dict.fromkeys(("responden", *satisfaction.COLUMNS))}
_METHOD = {"metode": satisfaction.METHODS}
_SCORED: dict[str, Columns] = {"penilaian": {"aspek": monitoring.KEYS, "bobot": None, "skor": None}}

FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        "capaian": Formula(performance.capaian, _REACHED, "%", _POLARITY),
        "kelas_capaian": Formula(performance.kelas_capaian, _REACHED, choices=_POLARITY, gives="text"),
        "serapan": Formula(performance.serapan, ("realisasi", "pagu"), "%"),
        "ikm": Formula(satisfaction.ikm, satisfaction.COLUMNS),
        "mutu_ikm": Formula(satisfaction.mutu_ikm, satisfaction.COLUMNS, gives="text"),
        "unsur_terendah": Formula(satisfaction.unsur_terendah, satisfaction.COLUMNS, gives="text"),
        "catatan_sampel": Formula(satisfaction.catatan_sampel, ("responden", "populasi"), gives="text"),
        "ikm_gabungan": Formula(satisfaction.ikm_gabungan, ("rekap", "metode"), choices=_METHOD, tables=_UNITS),
        "mutu_ikm_gabungan": Formula(satisfaction.mutu_ikm_gabungan, ("rekap", "metode"), choices=_METHOD, tables=_UNITS, gives="text"),
        "unsur_terendah_gabungan": Formula(
            satisfaction.unsur_terendah_gabungan, ("rekap", "metode"), choices=_METHOD, tables=_UNITS, gives="text"
        ),
        "cakupan_ikm": Formula(satisfaction.cakupan_ikm, ("rekap", "metode"), choices=_METHOD, tables=_UNITS, gives="text"),
        "ipp": Formula(monitoring.ipp, ("penilaian",), tables=_SCORED),
        "mutu_ipp": Formula(monitoring.mutu_ipp, ("penilaian",), tables=_SCORED, gives="text"),
        "catatan_ipp": Formula(monitoring.catatan_ipp, ("penilaian",), tables=_SCORED, gives="text"),
    }
)


def calculate(name: str, arguments: Sequence[object]) -> int | float | str | None:
    """A number rounded half up to two decimals, or a text; None where an argument is missing, or a number is beyond ± 10^15.

    arguments: in the order of the formula's inputs, as stored: numbers int or float, tables a list of {column: value}, choices the option
    value; trailing ones may be left out. Raises KeyError for a formula that is not in the table.
    """
    formula = FORMULAS[name]
    given = dict(zip(formula.inputs, arguments, strict=False))
    values: dict[str, object] = {key: given[key] for key, known in formula.choices.items() if _is_one_of(given.get(key), known)}
    for key in formula.required:
        read = _rows(given.get(key), formula.tables[key]) if key in formula.tables else _number(given.get(key))
        if read is None:
            return None
        values[key] = read
    result = formula.compute(**values)
    if result is None or isinstance(result, str):
        return result or None
    if not -MAX_RESULT <= result <= MAX_RESULT:
        return None
    rounded = half_up(result, 2)
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def _number(value: object) -> Decimal | None:
    """By way of its shortest text: 0.1 is a tenth, as it was typed."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return Decimal(str(value))


def _rows(value: object, columns: Columns) -> list[Row] | None:
    """None without a row."""
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else []
    return [_row(row, columns) for row in rows] or None


def _row(row: Mapping[str, object], columns: Columns) -> Row:
    found: dict[str, Fraction | str] = {}
    for key, known in columns.items():
        value = row.get(key)
        if known is not None and isinstance(value, str) and value in known:
            found[key] = value
        elif known is None and (number := _number(value)) is not None:
            found[key] = Fraction(number)
    return found


def _is_one_of(value: object, known: frozenset[str]) -> bool:
    return isinstance(value, str) and value in known
