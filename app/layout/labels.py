"""A spot for every name that stands beside its shape or flow: on no shape, no flow, no other name, no border."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import ceil

from app.layout.drawing import Drawing
from app.layout.grid import Box, Grid, Point
from app.layout.text import LABEL_FONT, LABEL_LINE, width, wrap

ROOMS = (90, 120, 150)  # a name gets two lines, and for that more than the usual 90 pixels if need be
LIFT = 4  # bpmn-js draws a name of one line a little higher than its box says
GAP = 5
TICK = 9  # room for the stroke that marks a default flow


def place_labels(drawing: Drawing, grid: Grid, edges: Mapping[str, Sequence[Point]]) -> dict[str, Box]:
    """{id of a gateway, event, data object or flow: box of its name}."""
    boxes = [grid.box(node) for node in drawing.nodes]
    lines = [_line(a, b) for points in edges.values() for a, b in pairwise(points)]
    borders = [(grid.left, y, grid.right - grid.left, 0) for y in sorted({y for lane in grid.lanes for y in lane})]
    borders += [(x, grid.lanes[0][0], 0, grid.lanes[-1][1] - grid.lanes[0][0]) for x in (grid.left, grid.right)]
    taken = boxes + lines + borders
    labels: dict[str, Box] = {}

    def put(owner: str, spots: Iterator[Box]) -> None:
        best = min(((_conflicts(box, taken), order, box) for order, box in enumerate(spots)), key=lambda found: found[:2])[2]
        labels[owner] = best
        taken.append(best)

    for node in drawing.nodes:
        if node.name and node.kind != "task":
            put(node.id, _around(grid.box(node), _size(node.name)))
    for flow in drawing.flows:
        if flow.name:
            put(flow.id, _along(edges[flow.id], _size(flow.name)))
    return labels


def _size(name: str) -> tuple[int, int]:
    lines = next((lines for room in ROOMS if len(lines := wrap(name, room, LABEL_FONT)) <= 2), wrap(name, ROOMS[-1], LABEL_FONT))
    return round(max(width(line, LABEL_FONT) for line in lines)) + 2, ceil(len(lines) * LABEL_LINE) + 1


def _around(box: Box, size: tuple[int, int]) -> Iterator[Box]:
    """Below, above, then the corners, then the sides, each a little further out if need be."""
    x, y, w, h = box
    width, height = size
    for far in (0, 5, 10, 20, 30):
        above, below = y - height - GAP - far + LIFT - 1, y + h + GAP + far
        middle, right, left = x + w // 2 - width // 2, x + w - 5 + far, x - width + 5 - far
        yield from ((at_x, at_y, width, height) for at_x, at_y in ((middle, below), (middle, above)))
        for at_x in (right, left):
            yield from ((at_x, at_y, width, height) for at_y in (y + h - 5 + far, y - height + 5 - far, below, above))


def _along(points: Sequence[Point], size: tuple[int, int]) -> Iterator[Box]:
    """Beside the flow, near its start: the reader looks for the answer where the question is."""
    width, height = size
    for (x1, y1), (x2, y2) in pairwise(points):
        length = abs(x2 - x1) + abs(y2 - y1)
        for far in range(4, max(length - 10, 5), 6):
            x, y = x1 + (x2 > x1) * far - (x2 < x1) * far, y1 + (y2 > y1) * far - (y2 < y1) * far
            if x1 == x2:
                top = y if y2 > y1 else y - height
                yield from ((x + TICK, top, width, height), (x - TICK - width, top, width, height))
            else:
                left = x if x2 > x1 else x - width
                yield from ((left, y - height - 2, width, height), (left, y + GAP + LIFT, width, height))


def _line(a: Point, b: Point) -> Box:
    return min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1])


def _conflicts(box: Box, taken: Sequence[Box]) -> int:
    x, y, w, h = box
    return sum(1 for tx, ty, tw, th in taken if tx < x + w + 2 and x - 2 < tx + tw and ty < y + h and y - LIFT < ty + th)
