"""One line for every event. Made for the Excel of Indonesian offices: semicolons (the comma is a decimal mark there), UTF-8 with a mark
at the start (without it Excel takes the file for Latin), times in WIB. What a spreadsheet would take for a formula is defused.
"""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO

from app.clock import WIB
from app.documents.event_log import Entry, Trace
from app.registers import defused

HEAD = (
    "Nomor pelaksanaan", "Pelaksanaan", "SOP", "Versi", "Tahun", "Keadaan", "Nomor peristiwa", "Waktu (WIB)", "Peristiwa", "Langkah",
    "Baris SOP", "Pelaksana (kolom)", "OPD", "Oleh", "Tugas dibuka (WIB)", "Keterangan",
)  # fmt: skip
MARK = "\ufeff"


def as_csv(traces: Iterable[Trace], states: dict[str, str]) -> Iterator[bytes]:
    """Case by case. states: {state of a case: how it is called}."""
    yield (MARK + _line(HEAD)).encode()
    for trace in traces:
        yield "".join(_line(_cells(trace, entry, states)) for entry in trace.entries).encode()


def _cells(trace: Trace, entry: Entry, states: dict[str, str]) -> Iterator[str]:
    instance, definition, event, words = trace.instance, trace.definition, entry.event, entry.words
    yield from (str(instance.id), instance.title, f"{definition.code} {definition.short_name}".strip(), str(definition.version))
    yield from (trace.year, states.get(instance.state, instance.state), str(event.seq), _moment(event.at))
    yield from (words.kind, words.what, words.row, words.lane, words.unit, words.actor, _moment(entry.opened_at), "; ".join(words.more))


def _line(cells: Iterable[str]) -> str:
    target = StringIO()
    csv.writer(target, delimiter=";", lineterminator="\r\n").writerow([defused(cell) for cell in cells])
    return target.getvalue()


def _moment(at: datetime | None) -> str:
    """A form that every spreadsheet reads as a moment."""
    return f"{at.astimezone(WIB):%Y-%m-%d %H:%M:%S}" if at else ""
