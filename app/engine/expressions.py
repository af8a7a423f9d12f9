"""The small safe language of conditions: ``${keputusan_kabag == 'ya'}``.

Literals, names, comparisons, ``and or not`` (also ``&& || !``), arithmetic without powers, ``in``, conditional expressions, lists and a
fixed table of functions. Python's parser reads the text; what is in the language is what has a builder below, and nothing else. The tree
becomes closures once (decision 0024), so what a gateway asks is neither parsed nor walked again; nobody ever runs it as Python.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn, TypeAlias

MAX_LENGTH = 500
MAX_NODES = 100
MAX_DEPTH = 15
MAX_INT = 10**12
MAX_ITEMS = 10_000
MAX_TEXT = 10_000  # of texts that are searched
MAX_OPERATIONS = 100_000  # comparisons inside of lists, in one evaluation
_STRIDE = 256  # letters compared count as one operation

_TOKEN = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(&&)|(\|\|)|(!(?!=))|(\s+)|([^\x21-\x7e]|[#;\\])""", re.DOTALL)
_CONSTANTS = {"true": True, "false": False, "null": None}
_PLAIN = frozenset({str, int, float, bool, type(None), list, tuple, dict})  # what engine data may hold; no methods of anybody else


class ExprError(Exception):
    """The expression is not in the language, or cannot be worked out with these values. A sentence in Indonesian."""


class _Run:
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


Work: TypeAlias = Callable[[_Run], Any]
Comparison: TypeAlias = Callable[[_Run, Any, Any], bool]


@dataclass(frozen=True, slots=True)
class Expression:
    """names: the variables it reads."""

    names: frozenset[str]
    work: Work


@lru_cache(maxsize=2048)
def read(expression: str) -> Expression:
    """The checked expression. Raises ExprError."""
    text = unwrap(expression)
    if not text or len(text) > MAX_LENGTH:
        raise ExprError(f"Syarat kosong atau terlalu panjang (paling banyak {MAX_LENGTH} huruf).")
    try:
        body = ast.parse(_TOKEN.sub(_translate, text).strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ExprError(f"Syarat “{_quotable(text)}” tidak dapat dibaca.") from error
    nodes = list(ast.walk(body))
    if len(nodes) > MAX_NODES or _depth(body) > MAX_DEPTH:
        raise ExprError("Syarat terlalu rumit; pecah menjadi beberapa gerbang.")
    work = _build(body)
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    return Expression(frozenset(n.id for n in nodes if isinstance(n, ast.Name) and id(n) not in called and n.id not in _CONSTANTS), work)


def names(expression: str) -> frozenset[str]:
    """The variables an expression reads. Raises ExprError."""
    return read(expression).names


def evaluate(expression: str, values: Mapping[str, Any]) -> Any:
    """Work the expression out. Raises ExprError, for an unknown name too; nothing else ever leaves here."""
    try:
        return read(expression).work(_Run(values))
    except (ArithmeticError, RecursionError) as error:
        raise ExprError(f"Syarat “{_quotable(unwrap(expression))}” tidak dapat dihitung: dibagi nol, atau terlalu besar.") from error


def unwrap(expression: str) -> str:
    """``${a == 'b'}`` -> ``a == 'b'``."""
    text = expression.strip()
    return text[2:-1].strip() if text[:2] in ("${", "#{") and text.endswith("}") else text


def _translate(found: re.Match[str]) -> str:
    text, both, either, negation, blank, strange = found.groups()
    if text:
        return str(text)
    if strange:  # look-alikes of letters and quotes, and what would hide the rest of the line from the parser
        _refuse(f"“{_quotable(strange)}” hanya boleh di antara tanda petik lurus ('…')")
    return " and " if both else " or " if either else " not " if negation else " " if blank else ""


def _quotable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "·" for letter in text[:80])


def _refuse(what: str) -> NoReturn:
    raise ExprError(f"Syarat tidak dapat dipakai: {what}.")


def _depth(node: ast.AST) -> int:
    return 1 + max((_depth(child) for child in ast.iter_child_nodes(node)), default=0)


# -- from nodes to closures --


def _build(node: ast.expr) -> Work:
    builder = _BUILDERS.get(type(node))
    return builder(node) if builder else _refuse(f"tulisan yang tidak dikenal ({type(node).__name__})")


def _constant(node: ast.Constant) -> Work:
    value = node.value
    if isinstance(value, str):
        if not value.isprintable():
            _refuse("teks di dalamnya memuat tanda yang tidak tercetak")
    elif isinstance(value, int | float):  # a bool too
        if not abs(value) <= MAX_INT:
            _refuse("angka di dalamnya terlalu besar")
    elif value is not None:
        _refuse("nilai hanya teks, angka, true, false, atau null")
    return lambda run: value


def _name(node: ast.Name) -> Work:
    name = node.id
    if name in _CONSTANTS:
        value = _CONSTANTS[name]
        return lambda run: value
    if name.startswith("_"):
        _refuse("nama yang diawali garis bawah")

    def look_up(run: _Run) -> Any:
        try:
            value = run.values[name]
        except KeyError:
            raise ExprError(f"Syarat menyebut “{name}”, yang tidak ada.") from None
        if type(value) not in _PLAIN:
            raise ExprError(f"Nilai “{name}” bukan teks, angka, atau daftar.")
        return value

    return look_up


def _bool_op(node: ast.BoolOp) -> Work:
    parts = tuple(map(_build, node.values))
    last, wanted = parts[-1], isinstance(node.op, ast.Or)

    def work(run: _Run) -> Any:
        for part in parts[:-1]:
            if bool(value := part(run)) is wanted:
                return value
        return last(run)

    return work


def _unary(node: ast.UnaryOp) -> Work:
    inner = _build(node.operand)
    if isinstance(node.op, ast.Not):
        return lambda run: not inner(run)
    if isinstance(node.op, ast.USub):
        return lambda run: -_number(inner(run))
    if isinstance(node.op, ast.UAdd):
        return lambda run: _number(inner(run))
    return _refuse("tanda ~")


def _binary(node: ast.BinOp) -> Work:
    work_out = _ARITHMETIC.get(type(node.op))
    if work_out is None:
        return _refuse(f"hitungan yang tidak dikenal ({type(node.op).__name__})")
    left, right = _build(node.left), _build(node.right)
    return lambda run: _number(work_out(_number(left(run)), _number(right(run))))


def _compare(node: ast.Compare) -> Work:
    if any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops):
        _refuse("“is”; pakai == atau !=")
    first = _build(node.left)
    rest = tuple((_COMPARISONS[type(op)], _build(right)) for op, right in zip(node.ops, node.comparators, strict=True))
    if len(rest) == 1:
        ((compare, second),) = rest
        return lambda run: compare(run, first(run), second(run))

    def chain(run: _Run) -> bool:
        left = first(run)
        for compare, part in rest:
            right = part(run)
            if not compare(run, left, right):
                return False
            left = right
        return True

    return chain


def _if_else(node: ast.IfExp) -> Work:
    test, then, otherwise = _build(node.test), _build(node.body), _build(node.orelse)
    return lambda run: then(run) if test(run) else otherwise(run)


def _list(node: ast.List | ast.Tuple) -> Work:
    parts = tuple(map(_build, node.elts))
    return lambda run: [part(run) for part in parts]


def _call(node: ast.Call) -> Work:
    function = FUNCTIONS.get(node.func.id) if isinstance(node.func, ast.Name) else None
    if function is None or node.keywords or len(node.args) != 1:
        return _refuse(f"fungsi yang tidak dikenal; yang ada: {', '.join(f'{name}(…)' for name in FUNCTIONS)}")
    argument = _build(node.args[0])
    return lambda run: function(argument(run))


_BUILDERS: Mapping[type[ast.expr], Callable[[Any], Work]] = {
    ast.Constant: _constant, ast.Name: _name, ast.BoolOp: _bool_op, ast.UnaryOp: _unary, ast.BinOp: _binary, ast.Compare: _compare,
    ast.IfExp: _if_else, ast.List: _list, ast.Tuple: _list, ast.Call: _call,
}  # fmt: skip


# -- what is worked out --


def _number(value: Any) -> Any:
    if type(value) not in (int, float):  # true and null are none
        raise ExprError("Hitungan hanya untuk angka.")
    if not abs(value) <= MAX_INT:  # so written that no "nan" passes
        raise ExprError("Angka dalam syarat terlalu besar.")
    return value


def _size(value: object) -> int:
    if not isinstance(value, str | list | tuple | dict):
        raise ExprError("Fungsi panjang() hanya untuk teks atau daftar.")
    return len(value)


def _same(run: _Run, left: Any, right: Any) -> bool:
    if isinstance(left, list | tuple | dict) and isinstance(right, list | tuple | dict):
        run.weigh(left)
        run.weigh(right)
        return list(left) == list(right) if not isinstance(left, dict) and not isinstance(right, dict) else left == right
    return bool(left == right)


def _ordered(compare: Callable[[Any, Any], bool]) -> Comparison:
    def work(run: _Run, left: Any, right: Any) -> bool:
        if (isinstance(left, int | float) and isinstance(right, int | float)) or (isinstance(left, str) and isinstance(right, str)):
            return compare(left, right)
        raise ExprError("Lebih besar atau lebih kecil hanya antara dua angka atau dua teks.")

    return work


def _contains(run: _Run, left: Any, right: Any) -> bool:
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
_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
}  # fmt: skip
_COMPARISONS: Mapping[type[ast.cmpop], Comparison] = {
    ast.Eq: _same, ast.NotEq: lambda run, left, right: not _same(run, left, right),
    ast.Lt: _ordered(operator.lt), ast.LtE: _ordered(operator.le), ast.Gt: _ordered(operator.gt), ast.GtE: _ordered(operator.ge),
    ast.In: _contains, ast.NotIn: lambda run, left, right: not _contains(run, left, right),
}  # fmt: skip
