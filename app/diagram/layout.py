"""The layout of a drawing (BPMNDI): where each shape lies and how each connection runs. What has no usable numbers is left out."""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from app.diagram.geometry import Box, Point, read_number
from app.diagram.parsing import BPMN, BPMNDI, DC, DI, is_true, local_name, node_name


@dataclass(frozen=True, slots=True)
class Shape:
    """label: where the modeler put the name of an event, gateway or data object; None if it did not say."""

    node: etree._Element
    id: str
    tag: str
    box: Box
    label: Box | None
    expanded: bool
    horizontal: bool
    marked: bool

    @property
    def name(self) -> str:
        return node_name(self.node)


@dataclass(frozen=True, slots=True)
class Edge:
    """A connection through two points or more."""

    node: etree._Element
    id: str
    tag: str
    points: tuple[Point, ...]
    label: Box | None

    @property
    def name(self) -> str:
        return node_name(self.node)


@dataclass(frozen=True, slots=True)
class Layout:
    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]
    nodes: dict[str, etree._Element]

    def name_of(self, id: str) -> str:
        node = self.nodes.get(id)
        return node_name(node) if node is not None else ""


def read_layout(root: etree._Element) -> Layout:
    """Of the first diagram: further ones show the inside of collapsed sub-processes. Each element is drawn once."""
    nodes: dict[str, etree._Element] = {}
    for node in root.iter(f"{BPMN}*"):
        if id := node.get("id"):
            nodes.setdefault(id, node)
    plane = root.find(f"{BPMNDI}BPMNDiagram/{BPMNDI}BPMNPlane")
    drawn = list(_drawn(plane, nodes)) if plane is not None else []
    shapes = [shape for di, node in drawn if di.tag == f"{BPMNDI}BPMNShape" and (shape := _shape(di, node))]
    edges = [edge for di, node in drawn if di.tag == f"{BPMNDI}BPMNEdge" and (edge := _edge(di, node))]
    return Layout(tuple(shapes), tuple(edges), nodes)


def _drawn(plane: etree._Element, nodes: dict[str, etree._Element]) -> Iterator[tuple[etree._Element, etree._Element]]:
    seen: set[str] = set()
    for di in plane.iterchildren(f"{BPMNDI}*"):
        id = (di.get("bpmnElement") or "").rpartition(":")[2]  # a QName: some tools write the prefix
        if id in nodes and id not in seen:
            seen.add(id)
            yield di, nodes[id]


def _shape(di: etree._Element, node: etree._Element) -> Shape | None:
    box = _box(di)
    if box is None:
        return None
    return Shape(
        node=node,
        id=node.get("id") or "",
        tag=local_name(node),
        box=box,
        label=_label(di),
        expanded=is_true(di.get("isExpanded")),
        horizontal=di.get("isHorizontal") != "false",
        marked=di.get("isMarkerVisible") != "false",
    )


def _edge(di: etree._Element, node: etree._Element) -> Edge | None:
    points = []
    for waypoint in di.iterchildren(f"{DI}waypoint"):
        x, y = read_number(waypoint.get("x")), read_number(waypoint.get("y"))
        if x is None or y is None:
            return None
        points.append((x, y))
    if len(points) < 2:
        return None
    return Edge(node=node, id=node.get("id") or "", tag=local_name(node), points=tuple(points), label=_label(di))


def _label(di: etree._Element) -> Box | None:
    label = di.find(f"{BPMNDI}BPMNLabel")
    return _box(label) if label is not None else None


def _box(di: etree._Element) -> Box | None:
    bounds = di.find(f"{DC}Bounds")
    if bounds is None:
        return None
    x, y, width, height = (read_number(bounds.get(name)) for name in ("x", "y", "width", "height"))
    if x is None or y is None or width is None or height is None or width <= 0 or height <= 0:
        return None
    return Box(x, y, width, height)
