"""Office hours as somebody types them: two spans for ordinary days and two for Fridays, the break between them."""

import re
from collections.abc import Mapping
from datetime import time

from app.worktime import Hours, Span

DAYS: Mapping[str, str] = {"biasa": "Senin–Kamis", "jumat": "Jumat"}
PARTS = (1, 2)  # before and after the break
CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])")
MOMENTS: Mapping[str, str] = {"mulai_1": "mulai", "selesai_1": "istirahat mulai", "mulai_2": "istirahat selesai", "selesai_2": "pulang"}
# {field: how it is called}
TIMES: Mapping[str, str] = {f"{day}_{end}": f"{label}, {word}" for day, label in DAYS.items() for end, word in MOMENTS.items()}


def times_of(hours: Hours) -> dict[str, str]:
    """The fields again, as a form shows them."""
    found: dict[str, str] = {}
    for day, spans in zip(DAYS, (hours.ordinary, hours.friday), strict=True):
        for part, (begin, end) in enumerate(spans, 1):
            found |= {f"{day}_mulai_{part}": f"{begin:%H.%M}", f"{day}_selesai_{part}": f"{end:%H.%M}"}
    return found


def read_hours(texts: Mapping[str, str]) -> tuple[Hours, dict[str, str]]:
    """The hours, and {field: sentence} of what is wrong with them; with any problem the hours are of no use."""
    problems: dict[str, str] = {}
    ordinary, friday = (_spans(texts, day, problems) for day in DAYS)
    return Hours(ordinary, friday), problems


def _spans(texts: Mapping[str, str], day: str, problems: dict[str, str]) -> tuple[Span, ...]:
    found: list[Span] = []
    for part in PARTS:
        span = _span(texts, day, part, problems)
        if span is None:
            continue
        if found and span[0] < found[-1][1]:
            problems[f"{day}_mulai_{part}"] = f"{DAYS[day]}: istirahat selesai tidak boleh sebelum istirahat mulai."
        found.append(span)
    return tuple(found)


def _span(texts: Mapping[str, str], day: str, part: int, problems: dict[str, str]) -> Span | None:
    begin, end = f"{day}_mulai_{part}", f"{day}_selesai_{part}"
    if part > 1 and not texts.get(begin) and not texts.get(end):
        return None  # a day without a break
    moments = [_moment(texts, key, problems) for key in (begin, end)]
    if moments[0] is None or moments[1] is None:
        return None
    if moments[1] <= moments[0]:
        problems[end] = f"{TIMES[end]}: {moments[1]:%H.%M} harus sesudah {moments[0]:%H.%M}."
        return None
    return moments[0], moments[1]


def _moment(texts: Mapping[str, str], key: str, problems: dict[str, str]) -> time | None:
    text = texts.get(key, "")
    found = CLOCK.fullmatch(text)
    if found is None or not text.isascii():
        problems[key] = f"{TIMES[key]}: “{text[:20]}” bukan jam. Contoh: 07.30." if text else f"{TIMES[key]} belum diisi."
        return None
    return time(int(found[1]), int(found[2]))
