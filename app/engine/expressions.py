"""The small safe language of conditions: ``${keputusan_kabag == 'ya'}``.

Literals, names, comparisons, ``and or not`` (also ``&& || !``), arithmetic without powers, ``in``, conditional expressions, lists and a
fixed table of functions. Python's parser reads the text; what is in the language is what has a builder below, and nothing else. The tree
becomes closures once (decision 0024), so what a gateway asks is neither parsed nor walked again; nobody ever runs it as Python.
"""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn, TypeAlias

from app.engine.operations import ARITHMETIC, COMPARISONS, FUNCTIONS, MAX_INT, Run, number
from app.engine.operations import ExprError as ExprError

MAX_LENGTH = 500
MAX_NODES = 100
MAX_DEPTH = 15

_TOKEN = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(&&)|(\|\|)|(!(?!=))|(\s+)|([^\x21-\x7e]|[#;\\])""", re.DOTALL)
_CONSTANTS = {"true": True, "false": False, "null": None}
_PLAIN = frozenset({str, int, float, bool, type(None), list, tuple, dict})  # what engine data may hold; no methods of anybody else


Work: TypeAlias = Callable[[Run], Any]


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
        return read(expression).work(Run(values))
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

    def look_up(run: Run) -> Any:
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

    def work(run: Run) -> Any:
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
        return lambda run: -number(inner(run))
    if isinstance(node.op, ast.UAdd):
        return lambda run: number(inner(run))
    return _refuse("tanda ~")


def _binary(node: ast.BinOp) -> Work:
    work_out = ARITHMETIC.get(type(node.op))
    if work_out is None:
        return _refuse(f"hitungan yang tidak dikenal ({type(node.op).__name__})")
    left, right = _build(node.left), _build(node.right)
    return lambda run: number(work_out(number(left(run)), number(right(run))))


def _compare(node: ast.Compare) -> Work:
    if any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops):
        _refuse("“is”; pakai == atau !=")
    first = _build(node.left)
    rest = tuple((COMPARISONS[type(op)], _build(right)) for op, right in zip(node.ops, node.comparators, strict=True))
    if len(rest) == 1:
        ((compare, second),) = rest
        return lambda run: compare(run, first(run), second(run))

    def chain(run: Run) -> bool:
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
