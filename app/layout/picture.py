"""The picture of a drawing written into its file, in the very format in which bpmn-js saves: so a save in the editor shows as a
difference only what somebody changed (and the lanes of the picture in reverse, a habit of bpmn-js)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from app.layout.drawing import Drawing, parse
from app.layout.grid import LEFT, TITLE, Box, Grid, Point

BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
HEAD = 25  # of a sub-process, above what it holds: its name stands there
# bpmn-js writes these as numbers within attributes
NUMBERED = {b"&amp;": b"&#38;", b"&lt;": b"&#60;", b"&gt;": b"&#62;", b"&quot;": b"&#34;", b"'": b"&#39;"}


@dataclass(frozen=True)
class Picture:
    """drawing: with the sizes that were found. inner: {sub-process: what it holds}, each in coordinates of its own."""

    drawing: Drawing
    grid: Grid
    edges: Mapping[str, Sequence[Point]]
    labels: Mapping[str, Box]
    inner: Mapping[str, "Picture"]


def write(bpmn: bytes, drawing: Drawing, picture: Picture) -> bytes:
    root = parse(bpmn)
    old = root.find(f"{{{BPMNDI}}}BPMNDiagram")
    plane = None if old is None else old.find(f"{{{BPMNDI}}}BPMNPlane")
    for diagram in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(diagram)
    missing = {prefix: uri for prefix, uri in (("bpmndi", BPMNDI), ("dc", DC), ("di", DI)) if uri not in root.nsmap.values()}
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", {"id": _id(old, "BPMNDiagram_1")}, nsmap=missing)
    canvas = _add(diagram, BPMNDI, "BPMNPlane", id=_id(plane, "BPMNPlane_1"), bpmnElement=drawing.plane)
    _frames(canvas, drawing, picture.grid)
    _draw(canvas, picture, (0, 0))
    etree.indent(diagram, level=1)
    if (before := diagram.getprevious()) is not None:
        before.tail = "\n  "
    diagram.tail = "\n"
    return _as_bpmn_js_saves(root)


def _id(element: etree._Element | None, otherwise: str) -> str:
    return otherwise if element is None else element.get("id", otherwise)


def _frames(canvas: etree._Element, drawing: Drawing, grid: Grid) -> None:
    top, bottom = grid.lanes[0][0], grid.lanes[-1][1]
    if drawing.pool:
        _shape(canvas, drawing.pool, (LEFT, top, grid.right - LEFT, bottom - top), isHorizontal="true")
    for lane, (low, high) in zip(drawing.lanes, grid.lanes, strict=False):
        _shape(canvas, lane, (LEFT + TITLE, low, grid.right - LEFT - TITLE, high - low), isHorizontal="true")


def _draw(canvas: etree._Element, picture: Picture, by: Point) -> None:
    """by: how far what it holds is moved, into the sub-process around it."""
    for node in sorted(picture.drawing.nodes, key=lambda node: bool(node.host)):  # on top of what they sit on
        marker = {"isMarkerVisible": "true"} if node.kind == "gateway" else {"isExpanded": "true"} if node.id in picture.inner else {}
        box = picture.grid.box(node)
        _label(_shape(canvas, node.id, _moved(box, by), **marker), picture.labels.get(node.id), by)
        if node.id in picture.inner:
            inner = picture.inner[node.id]
            _draw(canvas, inner, (box[0] + by[0] - LEFT - 2 * TITLE, box[1] + by[1] - inner.grid.lanes[0][0] + HEAD))
    for flow in picture.drawing.flows:
        edge = _add(canvas, BPMNDI, "BPMNEdge", id=f"{flow.id}_di", bpmnElement=flow.id)
        for x, y in picture.edges[flow.id]:
            _add(edge, DI, "waypoint", x=str(x + by[0]), y=str(y + by[1]))
        _label(edge, picture.labels.get(flow.id), by)


def _moved(box: Box, by: Point) -> Box:
    return box[0] + by[0], box[1] + by[1], box[2], box[3]


def _shape(canvas: etree._Element, element: str, box: Box, **attributes: str) -> etree._Element:
    shape = _add(canvas, BPMNDI, "BPMNShape", id=f"{element}_di", bpmnElement=element, **attributes)
    _bounds(shape, box)
    return shape


def _label(owner: etree._Element, box: Box | None, by: Point) -> None:
    if box is not None:
        _bounds(_add(owner, BPMNDI, "BPMNLabel"), _moved(box, by))


def _bounds(owner: etree._Element, box: Box) -> None:
    x, y, width, height = map(str, box)
    _add(owner, DC, "Bounds", x=x, y=y, width=width, height=height)


def _add(parent: etree._Element, namespace: str, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{namespace}}}{tag}", attributes)


def _as_bpmn_js_saves(root: etree._Element) -> bytes:
    body = etree.tostring(root, encoding="UTF-8").replace(b"/>", b" />")  # lxml escapes every other ">"

    def numbered(attribute: re.Match[bytes]) -> bytes:
        return re.sub(rb"&(?:amp|lt|gt|quot);|'", lambda found: NUMBERED[found[0]], attribute[0])

    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + re.sub(rb'="[^"]*"', numbered, body) + b"\n"
