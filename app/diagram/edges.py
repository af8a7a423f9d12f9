"""One drawn connection. Arrow heads are paths of their own, not markers: they take the colour of their state and need no ids."""

import math

from lxml import etree

from app.diagram.geometry import Box, Point, aside, at, middle, polygon, rounded, towards
from app.diagram.layout import Edge, Layout
from app.diagram.lettering import Lettering, clean, wrap
from app.diagram.parsing import BPMN
from app.diagram.pen import INK, PAPER, add, add_text
from app.diagram.reading import ACTIVITIES

HEAD = 10.0  # length of an arrow head
LABEL_SIZE = 11

KINDS = {
    "sequenceFlow": "d-flow",
    "messageFlow": "d-message",
    "association": "d-association",
    "dataInputAssociation": "d-association",
    "dataOutputAssociation": "d-association",
}


def edge_title(edge: Edge, layout: Layout) -> str:
    """Its name, with the two ends where they are named: "ya: Setuju? → Mengirim"."""
    ends = [layout.name_of(edge.node.get(end) or "") for end in ("sourceRef", "targetRef")]
    way = " → ".join(end for end in ends if end)
    return ": ".join(part for part in (edge.name, way) if part) or "Alur"


def draw_edge(group: etree._Element, edge: Edge, layout: Layout) -> None:
    points = edge.points
    if edge.tag == "sequenceFlow":
        _line(group, (*points[:-1], towards(points[-1], points[-2], HEAD / 2)))
        _head(group, points)
        _draw_start(group, edge, layout)
    elif edge.tag == "messageFlow":
        _line(group, points, stroke_dasharray="10 6")
        add(group, "circle", "d-tail", cx=points[0][0], cy=points[0][1], r=3.5, fill=PAPER)
        _head(group, points, fill=PAPER)
    else:
        _line(group, points, stroke_dasharray="1 4", stroke_linecap="round")
        if edge.tag != "association" or edge.node.get("associationDirection") in ("One", "Both"):
            wings = (aside(points[-1], points[-2], 8, 5), points[-1], aside(points[-1], points[-2], 8, -5))
            add(group, "path", "d-tip", d="M" + "L".join(at(point) for point in wings), fill="none")


def draw_edge_label(layer: etree._Element, edge: Edge, classes: str) -> Box | None:
    """The name, where the modeler put it or beside the first stretch. Returns the room it takes."""
    if not edge.name:
        return None
    width = max(edge.label.width * 1.2, 60) if edge.label else 120
    lettering = Lettering(wrap(edge.name, width, LABEL_SIZE), LABEL_SIZE)
    if edge.label:
        x, top, anchor = edge.label.cx, edge.label.y, "middle"
    else:
        x, top, anchor = _beside(edge.points, lettering)
    # The light rim keeps the letters legible where a line runs through them.
    text = add_text(layer, lettering, x, top, anchor=anchor, classes=classes)
    text.set("data-label-of", clean(edge.id))
    for name, value in (("stroke", PAPER), ("stroke-width", "3"), ("paint-order", "stroke"), ("stroke-linejoin", "round")):
        text.set(name, value)
    left = x if anchor == "start" else x - lettering.width / 2
    return Box(left, top, lettering.width, lettering.height)


def _line(group: etree._Element, points: tuple[Point, ...], **more: str) -> None:
    path = rounded(points)
    # Nobody can point at a line of 1.5 pixels: the tooltip belongs to a wider, invisible one.
    add(group, "path", "d-reach", d=path, fill="none", stroke="none", stroke_width=12, pointer_events="stroke")
    add(group, "path", "d-line", d=path, fill="none", **more)


def _head(group: etree._Element, points: tuple[Point, ...], fill: str = INK) -> None:
    tip, before = points[-1], points[-2]
    head = (tip, aside(tip, before, HEAD, 4.5), aside(tip, before, HEAD, -4.5))
    add(group, "path", "d-tip", d=polygon(head), fill=fill, stroke_linejoin="round", stroke_width=1)


def _draw_start(group: etree._Element, edge: Edge, layout: Layout) -> None:
    """The slash of a default flow; the small diamond of a condition that leaves an activity."""
    start, after = edge.points[0], edge.points[1]
    source = layout.nodes.get(edge.node.get("sourceRef") or "")
    if source is None:
        return
    if source.get("default") == edge.id:
        ends = (aside(start, after, 6, 5), aside(start, after, 12, -5))
        add(group, "path", "d-slash", d=f"M{at(ends[0])}L{at(ends[1])}", fill="none")
    elif edge.node.find(f"{BPMN}conditionExpression") is not None and source.tag.rpartition("}")[2] in ACTIVITIES:
        diamond = (start, aside(start, after, 8, 5), towards(start, after, 16), aside(start, after, 8, -5))
        add(group, "path", "d-tail", d=polygon(diamond), fill=PAPER)


def _beside(points: tuple[Point, ...], lettering: Lettering) -> tuple[float, float, str]:
    """(x, top, anchor) above a level first stretch, to the right of a steep one; close to the start, where "ya" and "tidak" belong."""
    start, after = points[0], points[1]
    near = middle((start, towards(start, after, min(60.0, math.dist(start, after)))))
    if abs(after[0] - start[0]) >= abs(after[1] - start[1]):
        return near[0], near[1] - lettering.height - 2, "middle"
    return near[0] + 6, near[1] - lettering.height / 2, "start"
