"""A drawing as SVG for a page: whole, or the part around where the work is now."""

import re
from dataclasses import replace

from markupsafe import Markup

from app import audit, definitions
from app.diagram import parse
from app.diagram.layout import read_layout
from app.diagram.svg import Marks, to_svg
from app.models import Definition

NEAR = (440.0, 320.0)  # of the drawing's own units, around the current step: its words stay readable in a narrow column
_FRAME = re.compile(r'viewBox="([-\d. ]+)" width="[\d.]+" height="[\d.]+"')


def picture(definition: Definition, path: audit.Path | None = None, prefix: str = "gambar", badges: frozenset[str] = frozenset()) -> Markup:
    """The drawing of this version; with a path, what was executed of it. badges: counts that a script may bring out later."""
    shown = replace(path, current=_shown(definition, path.current)) if path else None
    return _svg(to_svg(definition.bpmn, marks(shown, badges) if shown else None, title=f"Diagram {definition.name}", prefix=prefix))


def picture_of(bpmn: bytes, name: str) -> Markup:
    """A drawing that is not deployed. Raises InvalidBundle where it cannot be read."""
    return _svg(to_svg(bpmn, None, title=f"Diagram {name}", prefix="gambar"))


def picture_near(definition: Definition, path: audit.Path, element: str) -> Markup:
    """The same, cut to the surroundings of one element; whole where the drawing does not place it."""
    path = replace(path, current=_shown(definition, path.current))
    (element,) = _shown(definition, frozenset({element}))
    svg = to_svg(definition.bpmn, marks(path), title="Posisi saat ini pada diagram", prefix="posisi")
    box = next((shape.box for shape in read_layout(parse(definition.bpmn)).shapes if shape.id == element), None)
    frame = _FRAME.search(svg)
    if box is None or frame is None:
        return _svg(svg)
    left, top, width, height = (float(number) for number in frame[1].split())
    wide, high = min(NEAR[0], width), min(NEAR[1], height)
    x = min(max(box.x + box.width / 2 - wide / 2, left), left + width - wide)
    y = min(max(box.y + box.height / 2 - high / 2, top), top + height - high)
    return _svg(_FRAME.sub(f'viewBox="{x:g} {y:g} {wide:g} {high:g}" width="{wide:g}" height="{high:g}"', svg, count=1))


def _shown(definition: Definition, ids: frozenset[str]) -> frozenset[str]:
    """What is not in the picture (a step of a called SOP, of a folded sub-process) shows as the nearest around it that is."""
    drawing = definitions.spec_of(definition).drawing
    found = set()
    for id in ids:
        shown = id
        while shown and f'bpmnElement="{shown}"'.encode() not in definition.bpmn and (element := drawing.elements.get(shown)):
            shown = element.parent
        found.add(shown if shown in drawing.elements else id)
    return frozenset(found)


def marks(path: audit.Path, badges: frozenset[str] = frozenset()) -> Marks:
    return Marks(path.done, path.current, path.returned, path.counts, path.proposals, badges)


def marks_as_json(path: audit.Path) -> dict[str, object]:
    """What the interactive drawing reads: {done, current, returned, proposals: [id], counts: {id: times}}."""
    return {
        "done": sorted(path.done),
        "current": sorted(path.current),
        "returned": sorted(path.returned),
        "proposals": sorted(path.proposals),
        "counts": dict(path.counts),
    }


def _svg(text: str) -> Markup:
    """Made by our own writer, which escapes every word of the drawing: see app/diagram/pen.py."""
    return Markup(text)  # noqa: S704
