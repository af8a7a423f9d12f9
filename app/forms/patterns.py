"""Which regular expressions a form may bring: those that cannot hang the server.

No groups, no alternation, no look-around: a line of characters and sets with quantifiers. Even then `a*a*a*b` takes
cubic time, so the ways in which a text can be divided over the quantifiers are counted.
"""

import re

MAX_PATTERN = 200
MAX_TEXT = 200  # a field with a pattern is never longer, whatever the form says
MAX_WAYS = 50_000

EMAIL = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,120}$"
PHONE = r"^[+]?[0-9][0-9 ()-]{5,20}$"

_ATOM = r"(?:\\[dDwWsS]|\\[^A-Za-z0-9\s]|\[\^?\]?(?:\\.|[^\]\\\[])*\]|[^\\\[\]()|?*+{}^$\n])"
_QUANTIFIER = r"(?:[?*+]|\{[0-9]{1,3}(?:,(?:[0-9]{1,3})?)?\})"
_WHOLE = re.compile(rf"\^?(?:{_ATOM}{_QUANTIFIER}?)*\$?")
_ONE = re.compile(rf"{_ATOM}({_QUANTIFIER})?")


def is_safe(pattern: str) -> bool:
    if len(pattern) > MAX_PATTERN or _WHOLE.fullmatch(pattern) is None:
        return False
    try:
        re.compile(pattern)
    except (re.error, OverflowError):
        return False
    return _ways(pattern) <= MAX_WAYS


def _ways(pattern: str) -> int:
    ways = 1 if pattern.startswith("^") else MAX_TEXT  # unanchored: tried from every place
    for found in _ONE.finditer(pattern.removeprefix("^")):
        ways *= _choices(found[1] or "")
    return ways


def _choices(quantifier: str) -> int:
    if quantifier in ("", "?"):
        return 1 + len(quantifier)
    if quantifier in "*+":
        return MAX_TEXT
    low, comma, high = quantifier[1:-1].partition(",")
    if not comma:
        return 1
    return (int(high) if high else MAX_TEXT) - int(low) + 1
