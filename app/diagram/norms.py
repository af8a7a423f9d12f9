"""The time of *mutu baku*: ``waktu`` (ISO 8601) counted in ``satuan`` (working minutes or working days).

A working day is never converted into minutes: its length depends on the calendar (see ``app/worktime.py``), so days and
minutes are summed apart, as the ratified sheet does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import isodate

if TYPE_CHECKING:
    from app.diagram.model import Drawing

MINUTES = "menit-kerja"
DAYS = "hari-kerja"
_LONGEST = 32  # characters; a longer ``waktu`` only serves to keep the number parser busy


@dataclass(frozen=True, slots=True)
class Norm:
    """Time of one step or row. None: that unit is not used."""

    minutes: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class NormTotal:
    """Sum over a whole SOP: working days and working minutes, each 0 when unused."""

    days: int
    minutes: int


@lru_cache(maxsize=1024)  # every step that opens asks several times, for texts that never change
def read_norm(waktu: str, satuan: str) -> tuple[Norm | None, str]:
    """(norm, problem): the norm, or None with an Indonesian sentence saying what to correct.

    (None, "") where no time is given. Working days are whole days (``P10D``), working minutes are hours and minutes (``PT60M``):
    ``P2W`` or ``PT24H`` as working days could mean two different things.
    """
    waktu, satuan = waktu.strip(), satuan.strip()
    if not waktu:
        return None, ""
    if satuan not in (MINUTES, DAYS):
        return None, f"Isi satuan waktu dengan {MINUTES} atau {DAYS}."
    duration = _duration(waktu)
    if satuan == DAYS:
        if duration is None or "T" in waktu or "W" in waktu or duration.seconds or duration.microseconds:
            return None, "Tulis waktu dalam hari kerja utuh, misalnya P10D untuk 10 hari kerja."
        return Norm(days=duration.days), ""
    if duration is None or not waktu.startswith("PT") or duration % timedelta(minutes=1):
        return None, "Tulis waktu dalam menit kerja utuh, misalnya PT60M untuk 60 menit kerja."
    return Norm(minutes=duration // timedelta(minutes=1)), ""


def norm_total(drawing: Drawing) -> NormTotal:
    """Sum over the user tasks. Unreadable norms count as nothing; each has its ``norm_problem``."""
    norms = [task.norm for task in drawing.tasks()]
    return NormTotal(days=sum(n.days or 0 for n in norms if n), minutes=sum(n.minutes or 0 for n in norms if n))


def row_norms(drawing: Drawing) -> Mapping[str, Norm]:
    """{row: norm of that row} in order of the sheet: the shares of a row's tasks add up. Tasks without a row are left out."""
    shares: dict[str, list[Norm]] = {}
    for task in drawing.tasks():
        if task.row:
            shares.setdefault(task.row, []).append(task.norm or Norm())
    return {row: Norm(minutes=_sum(n.minutes for n in norms), days=_sum(n.days for n in norms)) for row, norms in shares.items()}


def format_norm(norm: Norm | NormTotal | None) -> str:
    """In words: "60 menit kerja", "11 hari kerja dan 365 menit kerja"; "-" if absent or zero."""
    if norm is None:
        return "-"
    counts = ((norm.days, "hari kerja"), (norm.minutes, "menit kerja"))
    return " dan ".join(f"{count:,} {unit}".replace(",", ".") for count, unit in counts if count) or "-"


def row_key(row: str) -> tuple[int, str]:
    """Sorts rows as people number them: "2" before "10", "4" before "4a", no row last."""
    number = re.match(r"[0-9]{1,6}", row)
    return (int(number[0]), row) if number else (1_000_000, row)


def _duration(waktu: str) -> timedelta | None:
    """None for what is no ISO 8601 duration, is negative, or counts in months or years (they have no fixed length)."""
    if len(waktu) > _LONGEST or waktu.endswith(("P", "T")):  # isodate reads a bare "PT" as zero
        return None
    try:
        duration = isodate.parse_duration(waktu)
    except (ValueError, ArithmeticError, KeyError):
        return None
    return duration if isinstance(duration, timedelta) and duration >= timedelta() else None


def _sum(values: Iterable[int | None]) -> int | None:
    given = [value for value in values if value is not None]
    return sum(given) if given else None
