"""The small safe language of conditions: ``${keputusan_kabag == 'ya'}``.

Literals, names, comparisons, ``and or not`` (also ``&& || !``), arithmetic without powers, ``in``, conditional
expressions, list literals and a fixed table of functions. Evaluated by simpleeval with its node, operator and function tables cut
down to this list; everything is checked before the first evaluation, so a drawing with anything else is never deployed.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from simpleeval import EvalWithCompoundTypes, InvalidExpression

MAX_LENGTH = 500
MAX_NODES = 100
MAX_DEPTH = 15
MAX_INT = 10**12
MAX_TEXT = 10_000
MAX_ITEMS = 10_000

_WRAPPED = re.compile(r"^\s*[$#]\{(.*)\}\s*$", re.DOTALL)
_TOKEN = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(&&)|(\|\|)|(!(?!=))""")

_NODES: tuple[type[ast.AST], ...] = (
    ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Compare, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.UAdd,
    ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE,
    ast.In, ast.NotIn, ast.Is, ast.IsNot, ast.IfExp, ast.List, ast.Tuple, ast.Call,
)  # fmt: skip


class ExprError(Exception):
    """The expression is not in the language, or cannot be worked out with these values. A sentence in Indonesian."""


def _size(value: object) -> int:
    if not isinstance(value, str | list | tuple | dict):
        raise ExprError("Fungsi panjang() hanya untuk teks atau daftar.")
    return len(value)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {"panjang": _size, "len": _size}


def _guard_number(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        raise ExprError("Hitungan hanya untuk angka.")
    if isinstance(value, int | float):
        if abs(value) > MAX_INT:
            raise ExprError("Angka dalam syarat terlalu besar.")
        return value
    raise ExprError("Hitungan hanya untuk angka.")


def _arithmetic(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def guarded(left: Any, right: Any) -> Any:
        return _guard_number(function(_guard_number(left), _guard_number(right)))

    return guarded


def _contains(left: Any, right: Any) -> bool:
    if isinstance(right, str):
        return isinstance(left, str) and left in right
    if isinstance(right, list | tuple | dict):
        return left in right
    return False


_OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: _arithmetic(operator.add), ast.Sub: _arithmetic(operator.sub), ast.Mult: _arithmetic(operator.mul),
    ast.Div: _arithmetic(operator.truediv), ast.FloorDiv: _arithmetic(operator.floordiv), ast.Mod: _arithmetic(operator.mod),
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.In: _contains, ast.NotIn: lambda left, right: not _contains(left, right), ast.Is: operator.is_, ast.IsNot: operator.is_not,
    ast.Not: operator.not_, ast.USub: lambda value: -_guard_number(value), ast.UAdd: _guard_number,
}  # fmt: skip
_CONSTANTS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}


@lru_cache(maxsize=2048)
def parse(expression: str) -> ast.expr:
    """The checked syntax tree. Raises ExprError."""
    text = unwrap(expression)
    if not text or len(text) > MAX_LENGTH:
        raise ExprError("Syarat kosong atau terlalu panjang (paling banyak 500 huruf).")
    try:
        body = ast.parse(_TOKEN.sub(_translate, text), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ExprError(f"Syarat “{text[:80]}” tidak dapat dibaca.") from error
    _check(body, text)
    return body


def names(expression: str) -> frozenset[str]:
    """The variables an expression reads. Raises ExprError."""
    called = {id(node.func) for node in ast.walk(parse(expression)) if isinstance(node, ast.Call)}
    return frozenset(
        node.id
        for node in ast.walk(parse(expression))
        if isinstance(node, ast.Name) and id(node) not in called and node.id not in _CONSTANTS
    )


def evaluate(expression: str, values: Mapping[str, Any]) -> Any:
    """Work the expression out. Raises ExprError, for an unknown name too; nothing else ever leaves here."""
    tree = parse(expression)
    evaluator = EvalWithCompoundTypes(operators=dict(_OPERATORS), functions=dict(FUNCTIONS), names={**_CONSTANTS, **values})
    try:
        return evaluator.eval(expression, previously_parsed=tree)
    except ExprError:
        raise
    except (InvalidExpression, TypeError, ValueError, ArithmeticError, LookupError, RecursionError, AttributeError) as error:
        raise ExprError(f"Syarat “{unwrap(expression)[:80]}” tidak dapat dihitung: {error}") from error


def unwrap(expression: str) -> str:
    """``${a == 'b'}`` -> ``a == 'b'``."""
    found = _WRAPPED.match(expression)
    return (found.group(1) if found else expression).strip()


def _translate(found: re.Match[str]) -> str:
    text, both, either, _negation = found.groups()
    if text:
        return text
    return " and " if both else " or " if either else " not "


def _check(tree: ast.expr, text: str) -> None:
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES or _depth(tree) > MAX_DEPTH:
        raise ExprError("Syarat terlalu rumit; pecah menjadi beberapa gerbang.")
    for node in nodes:
        if not isinstance(node, _NODES):
            raise ExprError(f"Syarat “{text[:80]}” memakai tulisan yang tidak dikenal ({type(node).__name__}).")
        if isinstance(node, ast.Constant):
            _check_constant(node.value)
        if isinstance(node, ast.Name) and node.id.startswith("_"):
            raise ExprError("Nama yang diawali garis bawah tidak dipakai.")
        if isinstance(node, ast.Call) and (
            not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords or len(node.args) != 1
        ):
            raise ExprError(f"Fungsi dalam syarat “{text[:80]}” tidak dikenal.")


def _check_constant(value: object) -> None:
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise ExprError("Teks dalam syarat terlalu panjang.")
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int | float):
        if not abs(value) <= MAX_INT:
            raise ExprError("Angka dalam syarat terlalu besar.")
    else:
        raise ExprError("Nilai dalam syarat hanya teks, angka, true, false, atau null.")


def _depth(node: ast.AST) -> int:
    return 1 + max((_depth(child) for child in ast.iter_child_nodes(node)), default=0)
