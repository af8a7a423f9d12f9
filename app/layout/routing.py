"""A path for every flow: A* on the grid's tracks.

Hard: through no shape, along no other flow, along no lane's border, no two flows at one port. Costs, in steps of the grid: length,
turning, crossing another flow, and leaving or entering a shape where a reader would not expect it. The order is fixed (forward
flows first; straight before bent, short before long), and ties are broken by position, so the same drawing always gets the same paths.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush

from app.layout.drawing import Drawing, Flow, Node
from app.layout.grid import STEP, Grid, Point, Port, Route, Side
from app.layout.placement import returns

RIGHT, LEFT, DOWN, UP = (1, 0), (-1, 0), (0, 1), (0, -1)
SIDES = (RIGHT, DOWN, LEFT, UP)
TURN, CROSS, TOUCH = 6, 6, 400  # TOUCH: turning where another flow runs; only when there is no other way
# What it costs to attach a flow to a side, (leave, arrive); the middle of a side is free, every step away from it costs OFF.
FORWARD = {RIGHT: (0, 20), DOWN: (2, 1), UP: (2, 1), LEFT: (30, 0)}
BACK = {RIGHT: (4, 1), DOWN: (0, 0), UP: (0, 0), LEFT: (30, 8)}
OFF = 2
MOST_LOOKS = 300_000  # some three seconds; the largest SOP we ship takes 30 000

State = tuple[Point, Side]  # where, heading where


@dataclass
class Traffic:
    """What is on the grid so far.

    blocked: points of shapes; borders: heights of the lanes' borders; along: (point, next point) of every piece of a flow;
    through, turns: points that a flow passes straight, or where it bends; ports: (step, port) in use; looks: how often a search may
    still look around, so that no drawing keeps its reader waiting for minutes.
    """

    blocked: set[Point]
    borders: set[int]
    along: set[tuple[Point, Point]] = field(default_factory=set)
    through: set[Point] = field(default_factory=set)
    turns: set[Point] = field(default_factory=set)
    ports: set[tuple[str, Port]] = field(default_factory=set)
    looks: int = MOST_LOOKS


def find_routes(drawing: Drawing, grid: Grid) -> dict[str, Route]:
    node = {node.id: node for node in drawing.nodes}
    back = returns(drawing)
    traffic = Traffic(
        blocked={point for n in drawing.nodes for point in _covered(grid, n)},
        borders={bottom for _, bottom in grid.lanes} | {grid.lanes[0][0]},
    )

    def priority(flow: Flow) -> tuple[bool, bool, int]:
        (x1, y1), (x2, y2) = grid.middle[flow.source], grid.middle[flow.target]
        return flow.id in back, x1 != x2 and y1 != y2, abs(x1 - x2) + abs(y1 - y2)

    routes = {}
    for flow in sorted(drawing.flows, key=priority):
        routes[flow.id] = _route(grid, traffic, node[flow.source], node[flow.target], flow.id in back)
    return routes


def _reach(node: Node) -> tuple[int, int]:
    """How far from its middle a shape covers the grid, in pixels."""
    width, height = node.size
    return -(-width // (2 * STEP)) * STEP, -(-height // (2 * STEP)) * STEP


def _covered(grid: Grid, node: Node) -> Iterator[Point]:
    """The points in and on a shape; below a data object also those of its name."""
    (x, y), (reach_x, reach_y) = grid.middle[node.id], _reach(node)
    below = 2 * STEP if node.kind == "data" else 0
    for px in range(x - reach_x, x + reach_x + 1, STEP):
        for py in range(y - reach_y, y + reach_y + below + 1, STEP):
            yield px, py


def _ports(grid: Grid, node: Node, traffic: Traffic, costs: Mapping[Side, int]) -> Iterator[tuple[Port, Point, int]]:
    """Every port, the grid point before it, and what it costs. A corner keeps a step of distance; other shapes than tasks have
    one port a side, and where more flows than that meet they have to share."""
    (x, y), (reach_x, reach_y) = grid.middle[node.id], _reach(node)
    for side in SIDES if not node.host else (DOWN,):
        dx, dy = side
        room = 0 if node.kind != "task" else reach_y - STEP if dx else reach_x - 2 * STEP
        for offset in range(-room, room + 1, STEP):
            port = Port(side, offset)
            price = costs[side] + abs(offset) // STEP * OFF + (TOUCH if (node.id, port) in traffic.ports else 0)
            yield port, (x + dx * (reach_x + STEP) + abs(dy) * offset, y + dy * (reach_y + STEP) + abs(dx) * offset), price


def _route(grid: Grid, traffic: Traffic, source: Node, target: Node, back: bool) -> Route:
    costs = BACK if back else FORWARD
    starts, goals = {}, {}
    leaving: dict[State, int] = {}
    arriving: dict[State, int] = {}
    for port, point, price in _ports(grid, source, traffic, {side: cost[0] for side, cost in costs.items()}):
        starts[point, port.side], leaving[point, port.side] = port, price
    for port, point, price in _ports(grid, target, traffic, {side: cost[1] for side, cost in costs.items()}):
        heading = (-port.side[0], -port.side[1])
        goals[point, heading], arriving[point, heading] = port, price
    path = _search(grid, traffic, leaving, arriving)
    leave, arrive = starts[path[0]], goals[path[-1]]
    traffic.ports |= {(source.id, leave), (target.id, arrive)}
    return Route(leave, arrive, tuple(_occupy(traffic, [point for point, _ in path], leave.side, path[-1][1])))


def _search(grid: Grid, traffic: Traffic, starts: dict[State, int], goals: dict[State, int]) -> list[State]:
    """The cheapest way from one of the starts to one of the goals, as states (point, heading)."""
    xs, ys = set(grid.xs), set(grid.ys)
    ends = [point for point, _ in goals]
    near_x, far_x, near_y, far_y = min(x for x, _ in ends), max(x for x, _ in ends), min(y for _, y in ends), max(y for _, y in ends)

    def at_least(point: Point) -> int:
        x, y = point
        return (max(near_x - x, x - far_x, 0) + max(near_y - y, y - far_y, 0)) // STEP

    best = {state: price for state, price in starts.items() if state[0] not in traffic.blocked}
    came: dict[State, State | None] = dict.fromkeys(best)
    queue = [(price + at_least(state[0]), price, state, False) for state, price in best.items()]
    queue.sort()
    while queue:
        _, spent, state, arrived = heappop(queue)
        if arrived:
            return _traced(came, state)
        if spent > best[state]:
            continue
        _look(traffic)
        if state in goals:
            heappush(queue, (spent + goals[state], spent + goals[state], state, True))
        (x, y), heading = state
        for side in SIDES:
            if side == (-heading[0], -heading[1]):
                continue
            to = (x + side[0] * STEP, y + side[1] * STEP)
            price = _price(traffic, (x, y), to, heading, side)
            if price is None or to[0] not in xs or to[1] not in ys or (side in (LEFT, RIGHT) and y in traffic.borders):
                continue
            if spent + price < best.get((to, side), 1 << 30):
                best[to, side] = spent + price
                came[to, side] = state
                heappush(queue, (spent + price + at_least(to), spent + price, (to, side), False))
    raise ValueError("no way left for a flow")


def _look(traffic: Traffic) -> None:
    """Raises ValueError when there have been too many."""
    traffic.looks -= 1
    if traffic.looks < 0:
        raise ValueError("the flows of this drawing cross too much to be laid out in good time")


def _price(traffic: Traffic, here: Point, to: Point, heading: Side, side: Side) -> int | None:
    """What a step costs; None where it is not allowed. What happens *at* a point is paid when leaving it."""
    if to in traffic.blocked or (min(here, to), max(here, to)) in traffic.along:
        return None
    if heading != side:
        return 1 + TURN + (TOUCH if here in traffic.turns or here in traffic.through else 0)
    return 1 + (TOUCH if here in traffic.turns else CROSS if here in traffic.through else 0)


def _traced(came: dict[State, State | None], state: State | None) -> list[State]:
    path = []
    while state is not None:
        path.append(state)
        state = came[state]
    return path[::-1]


def _occupy(traffic: Traffic, points: list[Point], leaving: Side, arriving: Side) -> list[Point]:
    """Enter a path into the traffic; returns its bends."""
    (x1, y1), (x2, y2) = points[0], points[-1]
    full = [(x1 - leaving[0] * STEP, y1 - leaving[1] * STEP), *points, (x2 + arriving[0] * STEP, y2 + arriving[1] * STEP)]
    bends = []
    for before, here, after in zip(full, points, full[2:], strict=False):
        traffic.along |= {(min(before, here), max(before, here)), (min(here, after), max(here, after))}
        if before[0] == after[0] or before[1] == after[1]:
            traffic.through.add(here)
        else:
            traffic.turns.add(here)
            bends.append(here)
    return bends
