"""A drawing as inline SVG, made on the server: seen before any script runs, printed, and put into documents.

For a page under a strict CSP: no script, no style, no link to anything. Colours of a state come from ``frontend/src/css/drawing.css``;
without it the picture is a plain black-on-white one. Names are hostile until proven otherwise: see :mod:`app.diagram.pen`.
"""

from collections.abc import Iterable
from typing import Any

from lxml import etree

from app.diagram.edges import KINDS, draw_edge, draw_edge_label, edge_title
from app.diagram.geometry import Box, middle, show, whole
from app.diagram.layout import Edge, Layout, Shape, read_layout
from app.diagram.lettering import Lettering, clean
from app.diagram.marks import Marks
from app.diagram.parsing import BPMN, node_name, parse
from app.diagram.pen import INK, PAPER, SVG, add, add_group, add_text
from app.diagram.reading import SUBPROCESSES
from app.diagram.shapes import badge_place, draw_label, draw_shape, kind_class, kind_name

__all__ = ["Marks", "to_svg"]

PADDING = 10
_NAMESPACE: Any = {None: SVG[1:-1]}  # the stubs know no default namespace
# Never traversed: these have a state only if somebody gives them one.
_STATELESS = frozenset({"d-pool", "d-lane", "d-data", "d-note", "d-group", "d-association"})


def to_svg(bpmn: bytes, marks: Marks | None = None, title: str = "", prefix: str = "gambar") -> str:
    """An ``<svg class="d-svg" role="img">`` element as text, to be put into HTML as it is.

    marks: the executed path; None draws the plain drawing. title: what screen readers announce (else the name of the process).
    prefix: distinguishes the ids of several pictures on one page. Raises InvalidBundle for what :func:`app.diagram.parse` refuses;
    shapes and connections without usable coordinates are left out.
    """
    root = parse(bpmn)
    picture = _Picture(read_layout(root), marks)
    picture.draw()
    svg = picture.svg
    _frame(svg, picture.taken)
    _describe(svg, root, picture, title, clean(prefix) or "gambar")
    return etree.tostring(svg, encoding="unicode")


class _Picture:
    """Layers from back to front, and the room taken so far."""

    def __init__(self, layout: Layout, marks: Marks | None) -> None:
        self.layout = layout
        self.marks = marks
        self.taken: list[Box] = []
        self.ends = frozenset(whole(point) for edge in layout.edges for point in (edge.points[0], edge.points[-1]))
        self.svg = etree.Element(f"{SVG}svg", nsmap=_NAMESPACE)
        self.sheet = add(
            self.svg, "g", "d-sheet", fill=PAPER, stroke=INK, stroke_width=1.5, font_family="Inter Variable, Inter, Arial, sans-serif"
        )

    def draw(self) -> None:
        shapes = [shape for shape in self.layout.shapes if kind_class(shape.tag)]
        frames = [shape for shape in shapes if _is_frame(shape)]
        tints = _tints(frames)
        for shape in sorted(frames, key=_depth):
            self._draw_node(shape, tints.get(shape.id, ""))
        edges = [edge for edge in self.layout.edges if edge.tag in KINDS]
        for edge in sorted(edges, key=self._rank):
            self._draw_edge(edge)
        nodes = [shape for shape in shapes if not _is_frame(shape)]
        for shape in sorted(nodes, key=lambda s: s.tag == "boundaryEvent"):  # on top of their hosts
            self._draw_node(shape, "d-end" if shape.tag == "endEvent" else "")
        for edge in edges:
            self._note(draw_edge_label(self.sheet, edge, self._classes("d-text d-label", edge.id, "d-flow-label")))
        spots: list[Shape | Edge] = [*shapes, *edges]
        for spot in spots:
            self._draw_badge(spot)

    def _draw_node(self, shape: Shape, extra: str = "") -> None:
        kind = kind_class(shape.tag)
        group = add_group(self.sheet, self._classes("d-node", shape.id, kind, extra), shape.id, shape.name or kind_name(shape.tag))
        draw_shape(group, shape)
        self._note(shape.box)
        self._note(draw_label(group, shape, self.ends))

    def _draw_edge(self, edge: Edge) -> None:
        kind = KINDS[edge.tag]
        group = add_group(self.sheet, self._classes("d-edge", edge.id, kind), edge.id, edge_title(edge, self.layout))
        draw_edge(group, edge, self.layout)
        self.taken.extend(Box(x, y, 0, 0) for x, y in edge.points)

    def _draw_badge(self, spot: Shape | Edge) -> None:
        count = self.marks.counts.get(spot.id, 0) if self.marks is not None else 0
        if self.marks is None or (count < 2 and spot.id not in self.marks.badges):
            return
        x, y = badge_place(spot) if isinstance(spot, Shape) else middle(spot.points)
        text = str(count) if count < 100 else "99+"
        radius = 10 if len(text) < 2 else 12
        badge = add(self.sheet, "g", self._classes("d-badge", spot.id), data_count_of=clean(spot.id))
        if count < 2:
            badge.set("display", "none")
        add(badge, "title").text = f"{count} kali dilalui"
        add(badge, "circle", "d-outline", cx=x, cy=y, r=radius, fill=INK, stroke=PAPER, stroke_width=2)
        lettering = Lettering((text,), 11)
        add_text(badge, lettering, x, y - lettering.height / 2, classes="d-count").set("fill", PAPER)
        self._note(Box(x - radius, y - radius, 2 * radius, 2 * radius))

    def _classes(self, first: str, id: str, kind: str = "", extra: str = "") -> str:
        states: tuple[str, ...] = ()
        if self.marks is not None and (kind not in _STATELESS or id in self.marks):
            states = self.marks.path_classes(id)
        return " ".join(name for name in (first, kind, extra, *states) if name)

    def _rank(self, edge: Edge) -> int:
        return self.marks.rank(edge.id) if self.marks is not None else 0

    def _note(self, box: Box | None) -> None:
        if box:
            self.taken.append(box)


def _is_frame(shape: Shape) -> bool:
    """What other shapes and connections lie upon."""
    return shape.tag in ("participant", "lane", "group") or (shape.tag in SUBPROCESSES and shape.expanded)


def _depth(shape: Shape) -> tuple[int, float]:
    """Pools, then lanes and sub-processes, the outer ones first; lanes of one size stay in the order of the drawing."""
    return ("participant", "lane").index(shape.tag) if shape.tag in ("participant", "lane") else 2, -round(shape.box.area)


def _tints(frames: list[Shape]) -> dict[str, str]:
    """{lane id: class}: neighbours differ. A lane divided into lanes has no tint of its own."""
    lanes = [shape for shape in frames if shape.tag == "lane" and shape.node.find(f"{BPMN}childLaneSet/{BPMN}lane") is None]
    lanes.sort(key=lambda shape: (shape.box.y, shape.box.x))
    return {lane.id: ("d-even", "d-odd")[place % 2] for place, lane in enumerate(lanes)}


def _frame(svg: etree._Element, taken: Iterable[Box]) -> None:
    boxes = list(taken) or [Box(0, 0, 360, 40)]
    left, top = min(b.x for b in boxes) - PADDING, min(b.y for b in boxes) - PADDING
    width, height = max(b.right for b in boxes) + PADDING - left, max(b.bottom for b in boxes) + PADDING - top
    svg.set("class", "d-svg")
    svg.set("role", "img")
    svg.set("viewBox", " ".join(show(number) for number in (left, top, width, height)))
    # The natural size; the stylesheet lets it shrink to the page.
    svg.set("width", show(width))
    svg.set("height", show(height))


def _describe(svg: etree._Element, root: etree._Element, picture: _Picture, title: str, prefix: str) -> None:
    """Title and description for those who do not see the picture; words in it where there is nothing to see."""
    process = root.find(f"{BPMN}process")
    name = clean(title) or (clean(node_name(process)) if process is not None else "") or "Gambar alur kerja"
    words = _summary(picture)
    for position, (tag, text) in enumerate((("title", name), ("desc", words))):
        node = etree.Element(f"{SVG}{tag}", {"id": f"{prefix}-{tag}"})
        node.text = text
        svg.insert(position, node)
    svg.set("aria-labelledby", f"{prefix}-title")
    svg.set("aria-describedby", f"{prefix}-desc")
    if not picture.taken:
        add_text(picture.sheet, Lettering((words,), 12), 10, 12, anchor="start")


def _summary(picture: _Picture) -> str:
    if not picture.taken:
        return "Diagram ini belum memiliki tata letak untuk digambar."
    counts = [sum(kind_class(shape.tag) == kind for shape in picture.layout.shapes) for kind in ("d-lane", "d-task")]
    sentences = [f"{counts[0]} lajur, {counts[1]} langkah."]
    if picture.marks is not None:
        here = [clean(picture.layout.name_of(id), 120) or id for id in sorted(picture.marks.current)[:5]]
        sentences.append(f"{len(picture.marks.done)} unsur dan alur sudah dilalui, {len(picture.marks.returned)} alur pengembalian.")
        sentences += [f"Posisi saat ini: {clean('; '.join(here))}."] if here else []
    return " ".join(sentences)
