"""Office hours as they are kept ("07:30-12:00 13:00-16:00") and as people read them ("07.30–12.00, 13.00–16.00")."""

from collections.abc import Sequence
from datetime import time

from app.worktime import Span


def read_spans(kept: str) -> tuple[Span, ...]:
    pairs = (part.split("-") for part in kept.split())
    return tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in pairs)


def keep_spans(spans: Sequence[Span]) -> str:
    return " ".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in spans)


def span_words(spans: Sequence[Span]) -> str:
    return ", ".join(f"{begin:%H.%M}–{end:%H.%M}" for begin, end in spans)
