"""Expressions that must never get through, and how long saying no may take."""

from __future__ import annotations

import gc
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import reduce
from itertools import pairwise

from app.config import ROOT

# CPU time of this thread alone; a hundred times what any of them needs, and still far below what a hang takes.
CPU_SECONDS = 0.1


def _joined(parts: str | list[str | int]) -> str:
    if isinstance(parts, str):
        return parts
    again = [*parts, ""]
    pieces = [part * (times if isinstance(times, int) else 1) for part, times in pairwise(again) if isinstance(part, str)]
    return "".join(pieces)


_FILE = tomllib.loads((ROOT / "tests" / "engine" / "hostile_expressions.toml").read_text("utf-8"))
ESCAPES: tuple[str, ...] = (*map(_joined, _FILE["escapes"]), "x == '\ud800'", "\udcff", "x\ud800")  # no file may hold these
BOMBS: tuple[str, ...] = tuple(map(_joined, _FILE["bombs"]))
VALUES: Mapping[str, object] = {
    "x": "teks",
    "y": 1,
    "daftar": ["a" * 500 + str(number) for number in range(10_000)],
    "teks": "a" * 10_000,
    "dalam": reduce(lambda inner, _: [inner], range(20_000), []),
    "kembar": reduce(lambda inner, _: [inner, inner], range(40), []),
    "besar": 10**4000,
}


@contextmanager
def answered_at_once() -> Iterator[None]:
    gc.disable()  # a collection walks over what all other tests have left
    began = time.thread_time()
    try:
        yield
    finally:
        taken = time.thread_time() - began
        gc.enable()
    assert taken < CPU_SECONDS


def shortened(text: str) -> str:
    """For the name of a test."""
    return text[:40].encode("unicode_escape").decode() or "empty"
