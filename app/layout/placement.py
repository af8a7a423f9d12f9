"""A column for every step, and the grid that lanes and columns make.

A step goes one column right of the step before it, or straight above or below it where nothing stands in between: so a drawing is
hardly longer than its longest stretch of work within one lane.
"""

from collections.abc import Iterable, Iterator

from app.layout.drawing import Drawing, Flow
from app.layout.grid import Grid

Cell = tuple[int, int]  # lane, column
END = Flow("", "", "", "")


def place(drawing: Drawing) -> Grid:
    columns = _columns(drawing)
    return Grid.generous(drawing, columns)


def returns(drawing: Drawing) -> set[str]:
    """Ids of the flows that lead back to a step already taken (a *tidak*), found by walking from the start."""
    after: dict[str, list[Flow]] = {node.id: [] for node in drawing.nodes}
    for flow in drawing.flows:
        after[drawing.place_of(flow.source)].append(flow)
    entered = {flow.target for flow in drawing.flows}
    found: set[str] = set()
    done: set[str] = set()
    for start in sorted(after, key=lambda node: node in entered):  # proper starts first; sorting is stable
        if start in done:
            continue
        path: dict[str, Iterator[Flow]] = {start: iter(after[start])}
        while path:
            here = next(reversed(path))
            flow = next(path[here], END)
            if flow is END:
                done.add(here)
                del path[here]
            elif flow.target in path:
                found.add(flow.id)
            elif flow.target not in done:
                path[flow.target] = iter(after[flow.target])
    return found


def _columns(drawing: Drawing) -> dict[str, int]:
    back = returns(drawing)
    forward = [flow for flow in drawing.flows if flow.id not in back]
    lane = {node.id: node.lane for node in drawing.nodes}
    column: dict[str, int] = {}
    taken: set[Cell] = set()  # by a step, or by a flow passing through vertically
    sides: set[tuple[str, int]] = set()  # (step, +1 below | -1 above) where a vertical flow is attached
    for step in _in_order(drawing, forward):
        before = [drawing.place_of(flow.source) for flow in forward if flow.target == step]
        at = max((column[source] for source in before), default=0)
        while not _fits(step, at, before, lane, column, taken, sides):
            at += 1
        column[step] = at
        taken.add((lane[step], at))
        for source in before:
            if lane[source] != lane[step]:
                down = 1 if lane[step] > lane[source] else -1
                sides |= {(step, -down), (source, down)} if column[source] == at else {(step, -down)}
                passed = _between(lane[source], lane[step])
                taken |= {(row, at) for row in (passed if column[source] == at else [lane[source], *passed])}
    for node in drawing.nodes:
        if node.kind == "data":
            column[node.id] = _beside(node.row, node.lane, drawing, column, taken)
            taken.add((node.lane, column[node.id]))
    return column


def _fits(
    step: str, at: int, before: list[str], lane: dict[str, int], column: dict[str, int], taken: set[Cell], sides: set[tuple[str, int]]
) -> bool:
    if (lane[step], at) in taken:
        return False
    for source in (source for source in before if column[source] == at):
        down = 1 if lane[step] > lane[source] else -1
        if lane[source] == lane[step] or (source, down) in sides or taken & {(row, at) for row in _between(lane[source], lane[step])}:
            return False
    return True


def _between(one: int, other: int) -> range:
    return range(min(one, other) + 1, max(one, other))


def _in_order(drawing: Drawing, forward: Iterable[Flow]) -> list[str]:
    """Every step after the steps that lead to it; otherwise in the order of the file."""
    waiting = {node.id: {drawing.place_of(flow.source) for flow in forward if flow.target == node.id} for node in drawing.steps}
    order: list[str] = []
    while waiting:
        step = next(step for step, sources in waiting.items() if not sources & waiting.keys())
        order.append(step)
        del waiting[step]
    return order


def _beside(row: str, lane: int, drawing: Drawing, column: dict[str, int], taken: set[Cell]) -> int:
    """The first free cell right of the last step of the same row."""
    at = max((column[node.id] for node in drawing.steps if node.row == row and node.lane == lane), default=-1) + 1
    while (lane, at) in taken:
        at += 1
    return at
