"""The kinds of document that drawings collect, as their fan-outs say.

``register``             the kinds, separated by ";": "LAKIP", or "SOP; SP" where one paper may hold either
``register_urutan``      the place of its column, a number; columns without one come last
``register_menurut``     "daftar.jenis": the table and column of the form whose rows say which of the kinds a paper holds
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app import definitions
from app.diagram import Element
from app.diagram.model import split_list
from app.models import Definition

LAST = 1_000


@dataclass(frozen=True)
class Collected:
    """What one fan-out collects. place: of its columns. table, column: which rows tell the kinds of a paper apart, "" without."""

    kinds: tuple[str, ...]
    place: int
    table: str = ""
    column: str = ""

    def held_in(self, answers: Mapping[str, object] | None) -> frozenset[str]:
        """The kinds that a paper holds; all of them where nothing tells them apart."""
        rows = (answers or {}).get(self.table)
        if not self.table or not isinstance(rows, list):
            return frozenset(self.kinds)
        said = {str(row.get(self.column, "")).casefold() for row in rows if isinstance(row, dict)}
        return frozenset(kind for kind in self.kinds if kind.casefold() in said)


def collected_by(definition: Definition) -> dict[str, Collected]:
    """{element: what it collects} of the fan-outs with a register."""
    tasks = definitions.spec_of(definition).drawing.tasks()
    found = {task.id: _collected(task) for task in tasks if task.multi_instance}
    return {element: one for element, one in found.items() if one.kinds}


def in_order(definitions_seen: Iterable[Definition]) -> list[str]:
    """Every kind once, by the place that the newest version gives it, then as the drawings come."""
    places: dict[str, int] = {}
    for definition in sorted(definitions_seen, key=lambda one: (one.code, one.key, -one.version)):
        for one in collected_by(definition).values():
            for kind in one.kinds:
                places.setdefault(kind, one.place)
    return sorted(places, key=lambda kind: places[kind])  # stable: equal places stay as the drawings come


def newest(definitions_seen: Iterable[Definition]) -> Sequence[Definition]:
    found: dict[str, Definition] = {}
    for definition in definitions_seen:
        if definition.key not in found or found[definition.key].version < definition.version:
            found[definition.key] = definition
    return list(found.values())


def _collected(task: Element) -> Collected:
    kinds = split_list(task.properties.get("register"), ";")
    place = task.properties.get("register_urutan", "").strip()
    table, _, column = task.properties.get("register_menurut", "").strip().partition(".")
    return Collected(kinds, int(place) if place.isascii() and place.isdigit() and len(place) < 4 else LAST, table, column)
