"""Sequence flows: what they connect, that everything is reached, that everything ends, that nothing spins by itself."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from app.checking.subject import RUNS, WAITS, Rule, Subject
from app.diagram import Drawing, Element
from app.errors import Finding


def connect(subject: Subject) -> Iterator[Finding]:
    drawing = subject.drawing
    seen: set[tuple[str, str]] = set()
    for flow in drawing.flows.values():
        source, target = drawing.elements.get(flow.source), drawing.elements.get(flow.target)
        if source is None or target is None:
            yield subject.at(flow, "panah", "Panah ini tidak menghubungkan dua elemen; hapus atau sambungkan.")
        elif source.parent != target.parent:
            yield subject.at(flow, "panah", "Panah tidak boleh melewati batas subproses; sambungkan lewat kejadian mulai dan selesainya.")
        if (flow.source, flow.target) in seen:
            yield subject.at(
                flow, "panah-ganda", "Dua panah menghubungkan pasangan elemen yang sama; jalur yang ditempuh tidak dapat dibedakan."
            )
        seen.add((flow.source, flow.target))
        if target is not None and target.tag == "startEvent":
            yield subject.at(flow, "mulai", "Panah tidak boleh kembali ke kejadian mulai; arahkan ke tugas pertama.")


def have_both_ends(subject: Subject) -> Iterator[Finding]:
    drawing = subject.drawing
    for element in drawing.elements.values():
        if element.tag not in RUNS:
            continue
        exits = drawing.outgoing(element.id)
        if not drawing.incoming(element.id) and element.tag not in ("startEvent", "boundaryEvent"):
            yield subject.at(element, "terhubung", f"“{element.name}” tidak dapat dicapai: tidak ada panah masuk.")
        if not exits and element.tag != "endEvent":
            yield subject.at(element, "terhubung", f"“{element.name}” tidak mempunyai panah keluar; sambungkan sampai kejadian selesai.")
        if exits and element.tag == "endEvent":
            yield subject.at(element, "terhubung", f"Kejadian selesai “{element.name}” tidak boleh mempunyai panah keluar.")
        if len(exits) > 1 and not element.tag.endswith("Gateway"):
            yield subject.at(element, "panah-keluar", f"“{element.name}” mempunyai lebih dari satu panah keluar; pakai gerbang.")


def are_reached(subject: Subject) -> Iterator[Finding]:
    """A ring that nobody enters has arrows in and out of everything, and is never reached."""
    drawing = subject.drawing
    if drawing.start is None:
        return
    reached = _spread([drawing.start.id], lambda id: _after(drawing, id))
    for element in drawing.elements.values():
        if element.tag in RUNS and element.id not in reached and (drawing.incoming(element.id) or element.tag == "boundaryEvent"):
            yield subject.at(element, "terhubung", f"“{element.name or element.id}” tidak dapat dicapai dari kejadian mulai.")


def can_end(subject: Subject) -> Iterator[Finding]:
    """From every element some way must lead to an end, else a case can never finish."""
    drawing = subject.drawing
    ends = _spread((element.id for element in drawing.elements.values() if element.tag == "endEvent"), lambda id: _before(drawing, id))
    for element in drawing.elements.values():
        if element.tag in RUNS and element.id not in ends and drawing.outgoing(element.id):
            yield subject.at(element, "sampai-selesai", f"Dari “{element.name}” tidak ada jalan sampai kejadian selesai.")


def wait_somewhere(subject: Subject) -> Iterator[Finding]:
    """A ring without a task or a timer would spin in the engine at once, and for ever."""
    drawing = subject.drawing
    left = {element.id for element in drawing.elements.values() if element.tag in RUNS and not _waits(drawing, element)}
    while True:  # peel off whatever has no way on or no way in: rings remain, and what lies between them
        kept = {
            id
            for id in left
            if any(flow.target in left for flow in drawing.outgoing(id)) and any(flow.source in left for flow in drawing.incoming(id))
        }
        if kept == left:
            break
        left = kept
    if first := next((element for element in drawing.elements.values() if element.id in left), None):
        names = ", ".join(f"“{element.name or element.id}”" for element in drawing.elements.values() if element.id in left)
        yield subject.at(first, "putaran", f"Putaran tanpa tugas atau penghitung waktu: {names[:300]}. Sisipkan tugas di dalamnya.")


def _waits(drawing: Drawing, element: Element) -> bool:
    """A sub-process waits if no way through it is free of tasks and timers."""
    if element.tag != "subProcess":
        return element.tag in WAITS
    inside = {other.id: other for other in drawing.elements.values() if other.parent == element.id}
    starts = [id for id, other in inside.items() if other.tag == "startEvent"]
    free = _spread(starts, lambda id: (flow.target for flow in drawing.outgoing(id) if not _waits_at(drawing, inside, flow.target)))
    return not any(inside[id].tag == "endEvent" for id in free)


def _waits_at(drawing: Drawing, inside: dict[str, Element], id: str) -> bool:
    return id not in inside or _waits(drawing, inside[id])


def _after(drawing: Drawing, id: str) -> Iterator[str]:
    yield from (flow.target for flow in drawing.outgoing(id))
    for other in drawing.elements.values():
        if other.attached_to == id or (other.parent == id and other.tag == "startEvent"):
            yield other.id


def _before(drawing: Drawing, id: str) -> Iterator[str]:
    for flow in drawing.incoming(id):
        yield flow.source
        source = drawing.elements.get(flow.source)
        if source is not None and source.attached_to:
            yield source.attached_to


def _spread(first: Iterable[str], further: Callable[[str], Iterable[str]]) -> set[str]:
    waiting = deque(first)
    found = set(waiting)
    while waiting:
        for id in further(waiting.popleft()):
            if id not in found:
                found.add(id)
                waiting.append(id)
    return found


RULES: tuple[Rule, ...] = (connect, have_both_ends, are_reached, can_end, wait_somewhere)
