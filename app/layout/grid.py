"""The grid of tracks: where the middle of every step is, and where flows may run.

Steps stand on the crossing of a lane's middle and a column's middle. Between columns, and above and below the steps of a lane, there
are parallel tracks, ``STEP`` apart. Positions are pixels, all multiples of ``STEP`` up to an offset.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.layout.drawing import SIZES, Drawing, Node

STEP = 25
LEFT, TOP, TITLE = 160, 80, 30  # where bpmn-js starts a new drawing, and how wide its pool and lane titles are
TRACKS = 5  # on offer between two columns, and on each side of a lane's steps
KEPT = 1  # between two columns even if unused: an arrow needs some length
BESIDE = 50  # half the width of a column that has only gateways and events: room for their names

Point = tuple[int, int]
Box = tuple[int, int, int, int]  # x, y, width, height
Side = tuple[int, int]  # (1, 0) right, (-1, 0) left, (0, 1) bottom, (0, -1) top


@dataclass(frozen=True)
class Port:
    """A place on a shape's border where a flow is attached: which side, and how far from the side's middle."""

    side: Side
    offset: int = 0

    def on(self, middle: Point, size: tuple[int, int]) -> Point:
        (x, y), (dx, dy) = middle, self.side
        return x + dx * size[0] // 2 + abs(dy) * self.offset, y + dy * size[1] // 2 + abs(dx) * self.offset


@dataclass(frozen=True)
class Route:
    """bends: only where the flow turns."""

    leave: Port
    arrive: Port
    bends: tuple[Point, ...]


@dataclass(frozen=True)
class Grid:
    """xs, ys: the positions of the tracks; middle: of every node; columns: (left, right) of each; lanes: (top, bottom) of each.

    halves: half the height of the tallest step of each lane. sitting: ids of what sits on the border of another.
    """

    xs: tuple[int, ...]
    ys: tuple[int, ...]
    middle: Mapping[str, Point]
    columns: tuple[tuple[int, int], ...]
    lanes: tuple[tuple[int, int], ...]
    halves: tuple[int, ...]
    sitting: frozenset[str]

    @property
    def left(self) -> int:
        return LEFT + 2 * TITLE

    @property
    def right(self) -> int:
        return self.xs[-1] + STEP

    @classmethod
    def generous(cls, drawing: Drawing, column_of: Mapping[str, int]) -> "Grid":
        halves = [BESIDE] * (max(column_of.values(), default=0) + 1)
        for node in (node for node in drawing.nodes if not node.host):
            halves[column_of[node.id]] = max(halves[column_of[node.id]], node.size[0] // 2)
        columns, x = [], LEFT + 2 * TITLE
        for half in halves:
            left = x + (TRACKS + 1) * STEP
            x = left + 2 * half
            columns.append((left, x))
        lanes, top = [], TOP
        for half in (high := _half_heights(drawing)):
            lanes.append((top, top + 2 * half + 2 * (TRACKS + 1) * STEP))
            top = lanes[-1][1]
        middle = {n.id: (sum(columns[column_of[n.id]]) // 2, sum(lanes[n.lane]) // 2) for n in drawing.nodes if not n.host}
        size = {n.id: n.size for n in drawing.nodes}
        for n in drawing.nodes:
            if n.host:
                middle[n.id] = _seat(middle[n.host], size[n.host], n.seat)
        return cls(
            xs=tuple(range(LEFT + 2 * TITLE + STEP, x + (TRACKS + 1) * STEP, STEP)),
            ys=tuple(range(TOP, lanes[-1][1] + 1, STEP)),
            middle=middle,
            columns=tuple(columns),
            lanes=tuple(lanes),
            halves=tuple(high),
            sitting=frozenset(n.id for n in drawing.nodes if n.host),
        )

    def compacted(self, routes: Mapping[str, Route]) -> tuple["Grid", dict[str, Route]]:
        """Without the tracks on which no flow runs, as far as arrows and names stay comfortable."""
        points = [point for route in routes.values() for point in route.bends]
        edges = [edge for column in self.columns for edge in column]
        gaps = list(zip([LEFT + 2 * TITLE, *edges[1::2]], [*edges[::2], self.right], strict=True))
        stay_x = _stay(self.xs, gaps, {x for x, _ in points}, KEPT)
        sides = []
        for (top, bottom), half in zip(self.lanes, self.halves, strict=True):
            sides += [(top, (top + bottom) // 2 - half), ((top + bottom) // 2 + half, bottom)]
        below = {self.middle[id][1] + STEP for id in self.sitting}  # their lower half wants room
        stay_y = _stay(self.ys, sides, {y for _, y in points} | below, 0)
        new_x = _renumbered(self.xs, stay_x, LEFT + 2 * TITLE + STEP)
        new_y = _renumbered(self.ys, stay_y, TOP)
        grid = replace(
            self,
            xs=tuple(new_x[x] for x in self.xs if x in stay_x),
            ys=tuple(new_y[y] for y in self.ys if y in stay_y),
            middle={node: (new_x[x], new_y[y]) for node, (x, y) in self.middle.items()},
            columns=tuple((new_x[left], new_x[right]) for left, right in self.columns),
            lanes=_stacked([new_y[bottom] for _, bottom in self.lanes]),
        )
        return grid, {flow: replace(r, bends=tuple((new_x[x], new_y[y]) for x, y in r.bends)) for flow, r in routes.items()}

    def waypoints(self, source: Node, target: Node, route: Route) -> list[Point]:
        start = route.leave.on(self.middle[source.id], source.size)
        return [start, *route.bends, route.arrive.on(self.middle[target.id], target.size)]

    def box(self, node: Node) -> Box:
        (x, y), (width, height) = self.middle[node.id], node.size
        return x - width // 2, y - height // 2, width, height


def _half_heights(drawing: Drawing) -> list[int]:
    tall = [SIZES["task"][1]] * max(len(drawing.lanes), 1)
    for node in drawing.nodes:
        tall[node.lane] = max(tall[node.lane], node.size[1])
    return [height // 2 for height in tall]


def _seat(middle: Point, size: tuple[int, int], seat: int) -> Point:
    """On the lower border, from the right corner to the left."""
    room = max(size[0] // 2 - 2 * STEP, 0)
    return middle[0] + max(room - 2 * STEP * seat, -room), middle[1] + size[1] // 2


def _stay(tracks: Sequence[int], gaps: Sequence[tuple[int, int]], used: set[int], least: int) -> set[int]:
    """All tracks but the unused ones within the gaps; ``least`` of a gap's tracks stay in any case."""
    stay = set(tracks)
    for low, high in gaps:
        inside = [track for track in tracks if low < track < high]
        unused = [track for track in inside if track not in used]
        stay -= set(unused[max(least - (len(inside) - len(unused)), 0) :])
    return stay


def _renumbered(tracks: Sequence[int], stay: set[int], first: int) -> dict[int, int]:
    return {track: first + number * STEP for number, track in enumerate(track for track in tracks if track in stay)}


def _stacked(bottoms: Sequence[int]) -> tuple[tuple[int, int], ...]:
    return tuple(pairwise([TOP, *bottoms]))
