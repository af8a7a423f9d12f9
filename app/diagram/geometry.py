"""Points, boxes and paths of a picture, in the drawing's own units (1 unit = 1 CSS pixel at full size)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

FURTHEST = 100_000.0  # a coordinate beyond it is a mistake or a trick: what it belongs to is not drawn
CORNER = 6.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def cx(self) -> float:
        return self.x + self.width / 2

    @property
    def cy(self) -> float:
        return self.y + self.height / 2

    @property
    def area(self) -> float:
        return self.width * self.height

    def shrunk(self, by: float) -> "Box":
        return Box(self.x + by, self.y + by, max(self.width - 2 * by, 0), max(self.height - 2 * by, 0))


def read_number(text: str | None) -> float | None:
    """None for what is missing, no number, not finite or out of reach."""
    if text is None or len(text) > 32:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) <= FURTHEST else None  # False for NaN too


@lru_cache(maxsize=16_384)  # a picture shows a thousand numbers, the same ones every time
def show(number: float) -> str:
    """Two decimals at most, none that are zero: "12.5", "100"."""
    return f"{round(number, 2) + 0.0:.2f}".rstrip("0").rstrip(".")  # + 0.0 turns -0.0 into 0.0


def towards(start: Point, end: Point, distance: float) -> Point:
    """The point ``distance`` along the straight line from start to end; start itself where both are the same."""
    length = math.dist(start, end)
    if not length:
        return start
    share = distance / length
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def aside(start: Point, end: Point, along: float, across: float) -> Point:
    """From ``start``: ``along`` the line to ``end``, then ``across`` it (to the right-hand side as seen on the way, y pointing down)."""
    x, y = towards(start, end, along)
    length = math.dist(start, end) or 1.0
    return x - (end[1] - start[1]) / length * across, y + (end[0] - start[0]) / length * across


def middle(points: Sequence[Point]) -> Point:
    """Half-way along the path."""
    left = sum(math.dist(a, b) for a, b in pairwise(points)) / 2
    for start, end in pairwise(points):
        length = math.dist(start, end)
        if length >= left:
            return towards(start, end, left)
        left -= length
    return points[-1]


def rounded(points: Sequence[Point]) -> str:
    """SVG path data through the points with softened corners."""
    parts = [f"M{at(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(CORNER, math.dist(before, corner) / 2, math.dist(corner, after) / 2)
        parts.append(f"L{at(towards(corner, before, radius))}Q{at(corner)} {at(towards(corner, after, radius))}")
    parts.append(f"L{at(points[-1])}")
    return "".join(parts)


def polygon(points: Sequence[Point]) -> str:
    """Closed SVG path data."""
    return "M" + "L".join(at(point) for point in points) + "Z"


def at(point: Point) -> str:
    return f"{show(point[0])},{show(point[1])}"


def whole(point: Point) -> tuple[int, int]:
    """To the nearest pixel: how two points are compared."""
    return round(point[0]), round(point[1])
