"""The FEEL subset of conditions: `=jawaban = "tidak" and not(surat_menyusul)`.

    condition  = ["="] or
    or         = and {"or" and}
    and        = test {"and" test}
    test       = "not" "(" or ")" | "(" or ")" | name | "true" | "false"
               | name op literal | literal op name
    op         = "=" | "!=" | "<" | "<=" | ">" | ">="
    literal    = "text" | number | "true" | "false" | "null"

A name is the key of another field of the form; an unanswered one is null. Logic has three values, as in FEEL
(DMN 1.3, table 42): `null < 5` is null, and a condition holds only where it is true.
"""

import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

MAX_LENGTH = 1000
MAX_DEPTH = 8
MAX_TESTS = 30
WORDS = frozenset({"and", "or", "not", "true", "false", "null"})

Literal: TypeAlias = "str | int | float | bool | None"

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\["\\nt])*")|(?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,10})?)"""
    r"""|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<op><=|>=|!=|[=<>()]))"""
)
_ESCAPE = {"n": "\n", "t": "\t"}
_FLIPPED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


class FeelError(Exception):
    """Not in the subset. ``str(error)`` is an Indonesian phrase that says what is wrong."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """`true` or `false` standing alone."""

    value: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A field against a literal. A name standing alone is ``Compared(name, "=", True)`` with bare set."""

    name: str
    op: str
    value: Literal
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    inner: "Node"


@dataclass(frozen=True, slots=True)
class Unless:
    """True where the inner one is not true (form-js shows a field whose `hide` is null)."""

    inner: "Node"


@dataclass(frozen=True, slots=True)
class Both:
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Either:
    left: "Node"
    right: "Node"


Node: TypeAlias = "Fixed | Compared | Not | Unless | Both | Either"


@dataclass(frozen=True, slots=True)
class Condition:
    """source: the FEEL text as the analyst wrote it (for `hide`: of the hiding)."""

    source: str
    tree: Node

    def holds(self, answers: Mapping[str, object]) -> bool:
        return evaluate(self.tree, answers) is True

    @property
    def names(self) -> frozenset[str]:
        return frozenset(test.name for test in tests_of(self.tree))

    @property
    def as_json(self) -> str:
        """The syntax tree for the browser's script (frontend/src/js/conditions.js), which so needs no parser of its own."""
        return json.dumps(_plain(self.tree), ensure_ascii=False, separators=(",", ":"))


def read(source: str) -> Condition:
    """Raises FeelError."""
    if len(source) > MAX_LENGTH:
        raise FeelError(f"lebih panjang dari {MAX_LENGTH} huruf")
    reader = _Reader(source.strip().removeprefix("="))
    tree = reader.either(0)
    reader.end()
    if sum(1 for _ in tests_of(tree)) > MAX_TESTS:
        raise FeelError(f"memuat lebih dari {MAX_TESTS} perbandingan")
    return Condition(source.strip(), tree)


def negated(condition: Condition) -> Condition:
    """Holds where `condition` does not: `hide` turned into "visible when"."""
    return Condition(condition.source, Unless(condition.tree))


def both(first: Condition | None, second: Condition | None) -> Condition | None:
    if first is None or second is None:
        return first or second
    return Condition(f"{first.source} ; {second.source}", Both(first.tree, second.tree))


def tests_of(node: Node) -> Iterator[Compared]:
    match node:
        case Compared():
            yield node
        case Not(inner) | Unless(inner):
            yield from tests_of(inner)
        case Both(left, right) | Either(left, right):
            yield from tests_of(left)
            yield from tests_of(right)
        case Fixed():
            pass


def _plain(node: Node) -> list[Any]:
    match node:
        case Fixed(value):
            return ["fixed", value]
        case Compared(name, op, value, bare):
            return ["is", name] if bare else [op, name, value]
        case Not(inner):
            return ["not", _plain(inner)]
        case Unless(inner):
            return ["unless", _plain(inner)]
        case Both(left, right):
            return ["and", _plain(left), _plain(right)]
        case Either(left, right):
            return ["or", _plain(left), _plain(right)]


def evaluate(node: Node, answers: Mapping[str, object]) -> bool | None:
    match node:
        case Fixed(value):
            return value
        case Compared():
            return _test(node, answers.get(node.name))
        case Not(inner):
            inside = evaluate(inner, answers)
            return None if inside is None else not inside
        case Unless(inner):
            return evaluate(inner, answers) is not True
        case Both(left, right):
            pair = (evaluate(left, answers), evaluate(right, answers))
            return False if False in pair else None if None in pair else True
        case Either(left, right):
            pair = (evaluate(left, answers), evaluate(right, answers))
            return True if True in pair else None if None in pair else False


def _test(test: Compared, value: object) -> bool | None:
    if test.bare:
        return value if isinstance(value, bool) else None
    if test.op in ("=", "!="):
        # An empty text is not stored, so "" and null are the same question.
        wanted = None if test.value == "" else test.value
        same = value == wanted and isinstance(value, bool) == isinstance(wanted, bool)
        return same if test.op == "=" else not same
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _ORDER[test.op](value, test.value)


class _Reader:
    """Recursive descent; one method a rule of the grammar above."""

    def __init__(self, source: str) -> None:
        self.tokens = _tokens(source)
        self.at = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def took(self, word: str) -> bool:
        if self.peek()[0] in ("op", "name") and self.peek()[1] == word:
            self.at += 1
            return True
        return False

    def end(self) -> None:
        if self.at < len(self.tokens):
            raise FeelError(f"“{self.peek()[1]}” tidak pada tempatnya")

    def either(self, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise FeelError("terlalu banyak kurung bersarang")
        node = self.both(depth)
        while self.took("or"):
            node = Either(node, self.both(depth))
        return node

    def both(self, depth: int) -> Node:
        node = self.test(depth)
        while self.took("and"):
            node = Both(node, self.test(depth))
        return node

    def test(self, depth: int) -> Node:
        if self.took("not"):
            if self.peek()[1] != "(":
                raise FeelError("tulis not dengan kurung, misalnya not(surat_menyusul)")
            return Not(self.bracket(depth))
        if self.peek() == ("op", "("):
            return self.bracket(depth)
        return self.comparison()

    def bracket(self, depth: int) -> Node:
        self.take()
        node = self.either(depth + 1)
        if not self.took(")"):
            raise FeelError("kurung tutup tidak ada")
        return node

    def comparison(self) -> Node:
        left = self.operand()
        if self.peek()[0] != "op" or self.peek()[1] not in _FLIPPED:
            return _alone(left)
        op = self.take()[1]
        right = self.operand()
        if isinstance(right, _Name):
            left, op, right = right, _FLIPPED[op], left
        if not isinstance(left, _Name) or isinstance(right, _Name):
            raise FeelError("bandingkan satu isian dengan satu nilai tetap")
        return Compared(left.key, op, right)

    def operand(self) -> "_Name | Literal":
        kind, text = self.take()
        if kind == "text":
            if not text.isprintable():  # half a letter, or one that turns the others around: no answer of a form is compared with it
                raise FeelError("teksnya memuat tanda yang tidak tercetak")
            return re.sub(r"\\(.)", lambda found: _ESCAPE.get(found[1], found[1]), text[1:-1])
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "name" and text in ("true", "false", "null"):
            return None if text == "null" else text == "true"
        if kind == "name" and text not in WORDS:
            return _Name(text)
        raise FeelError(f"“{text}” tidak pada tempatnya" if text else "kalimat syarat belum selesai")


@dataclass(frozen=True, slots=True)
class _Name:
    key: str


def _alone(operand: "_Name | Literal") -> Node:
    if isinstance(operand, _Name):
        return Compared(operand.key, "=", True, bare=True)
    if isinstance(operand, bool):
        return Fixed(operand)
    raise FeelError("nilai tetap tidak dapat berdiri sendiri")


def _tokens(source: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    at, end = 0, len(source.rstrip())
    while at < end:
        found = _TOKEN.match(source, at)
        if found is None:
            raise FeelError(f"“{source[at : at + 12].strip()}” tidak dikenal")
        kind = found.lastgroup or ""
        tokens.append((kind, found[kind]))
        at = found.end()
    return tokens
