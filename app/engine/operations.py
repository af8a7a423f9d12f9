"""What conditions do with values: arithmetic, comparisons, a table of functions, and how much of it one evaluation may cost."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

MAX_INT = 10**12
MAX_ITEMS = 10_000
MAX_TEXT = 10_000  # of texts that are searched
MAX_OPERATIONS = 100_000  # comparisons inside of lists, in one evaluation
_STRIDE = 256  # letters compared count as one operation


class ExprError(Exception):
    """The expression is not in the language, or cannot be worked out with these values. A sentence in Indonesian."""


class Run:
    """One evaluation: the values, and how many operations are left."""

    __slots__ = ("left", "values")

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.left = MAX_OPERATIONS

    def spend(self, operations: int) -> None:
        self.left -= operations
        if self.left < 0:
            raise ExprError("Syarat membandingkan terlalu banyak hal.")

    def weigh(self, value: object) -> None:
        """Before a value is compared with another: as much as that can cost."""
        self.spend(1)
        if isinstance(value, str):
            self.spend(len(value) // _STRIDE)
        elif isinstance(value, list | tuple):
            for part in value:
                self.weigh(part)
        elif isinstance(value, dict):
            for part in value.values():
                self.weigh(part)


Comparison: TypeAlias = Callable[[Run, Any, Any], bool]


def number(value: Any) -> Any:
    if type(value) not in (int, float):  # true and null are none
        raise ExprError("Hitungan hanya untuk angka.")
    if not abs(value) <= MAX_INT:  # so written that no "nan" passes
        raise ExprError("Angka dalam syarat terlalu besar.")
    return value


def _size(value: object) -> int:
    if not isinstance(value, str | list | tuple | dict):
        raise ExprError("Fungsi panjang() hanya untuk teks atau daftar.")
    return len(value)


def _same(run: Run, left: Any, right: Any) -> bool:
    if isinstance(left, list | tuple | dict) and isinstance(right, list | tuple | dict):
        run.weigh(left)
        run.weigh(right)
        return list(left) == list(right) if not isinstance(left, dict) and not isinstance(right, dict) else left == right
    return bool(left == right)


def _ordered(compare: Callable[[Any, Any], bool]) -> Comparison:
    def work(run: Run, left: Any, right: Any) -> bool:
        if (isinstance(left, int | float) and isinstance(right, int | float)) or (isinstance(left, str) and isinstance(right, str)):
            return compare(left, right)
        raise ExprError("Lebih besar atau lebih kecil hanya antara dua angka atau dua teks.")

    return work


def _contains(run: Run, left: Any, right: Any) -> bool:
    if isinstance(right, str):
        if not isinstance(left, str):
            return False
        if len(left) > MAX_TEXT or len(right) > MAX_TEXT:
            raise ExprError("Teks yang dicari dalam syarat terlalu panjang.")
        run.spend((len(left) + len(right)) // _STRIDE)
        return left in right
    if not isinstance(right, list | tuple | dict):
        return False
    if len(right) > MAX_ITEMS:
        raise ExprError("Daftar dalam syarat terlalu panjang.")
    run.weigh(right)
    run.weigh(left)
    items: Sequence[Any] = list(right)
    return left in items


FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {"panjang": _size, "len": _size}
ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
}  # fmt: skip
COMPARISONS: Mapping[type[ast.cmpop], Comparison] = {
    ast.Eq: _same, ast.NotEq: lambda run, left, right: not _same(run, left, right),
    ast.Lt: _ordered(operator.lt), ast.LtE: _ordered(operator.le), ast.Gt: _ordered(operator.gt), ast.GtE: _ordered(operator.ge),
    ast.In: _contains, ast.NotIn: lambda run, left, right: not _contains(run, left, right),
}  # fmt: skip
