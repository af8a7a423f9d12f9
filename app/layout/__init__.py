"""Lay out a drawing: BPMN bytes in, the same drawing with a fresh picture (BPMNDI) out.

Lanes are stacked in their order, the flow runs from left to right, edges are orthogonal. The picture is a pure function of the
semantic part, so laying out twice changes nothing and a colleague gets the same bytes. In four steps, one module each:

    drawing    what has to be drawn, read from the file; what lies in a sub-process is a drawing of its own, laid out before it
    placement  a lane and a column for every step; steps of different lanes share a column where the flow permits
    routing    a path for every flow on a grid of tracks, through no shape and along no other flow
    labels     a free spot for every name that stands beside its shape

The grid is generous while the flows look for their way; tracks that nobody used are taken out again (``Grid.compacted``).
"""

from dataclasses import replace

from app.layout.drawing import Drawing, read
from app.layout.grid import LEFT, STEP, TITLE, TOP
from app.layout.labels import place_labels
from app.layout.picture import HEAD, Picture, write
from app.layout.placement import place
from app.layout.routing import find_routes

__all__ = ["layout"]


def layout(bpmn: bytes) -> bytes:
    """The drawing with every shape, edge and label placed anew. Raises ValueError for what it cannot lay out (see ``drawing.read``)."""
    drawing = read(bpmn)
    return write(bpmn, drawing, _picture(drawing))


def _picture(drawing: Drawing) -> Picture:
    """What lies in sub-processes first: it says how large they are."""
    inner = {node.id: _picture(node.inside) for node in drawing.nodes if node.inside is not None}
    sized = (replace(node, own_size=_room_for(inner[node.id])) if node.id in inner else node for node in drawing.nodes)
    drawing = replace(drawing, nodes=tuple(sized))
    grid = place(drawing)
    routes = find_routes(drawing, grid)
    grid, routes = grid.compacted(routes)
    node = {node.id: node for node in drawing.nodes}
    edges = {flow.id: grid.waypoints(node[flow.source], node[flow.target], routes[flow.id]) for flow in drawing.flows}
    return Picture(drawing, grid, edges, place_labels(drawing, grid, edges), inner)


def _room_for(inner: Picture) -> tuple[int, int]:
    """Multiples of two steps, so that its middle and its borders stay on the grid; HEAD is for its name."""
    grid = inner.grid
    width, height = grid.right - LEFT - 2 * TITLE, grid.lanes[-1][1] - TOP + HEAD
    return -(-width // (2 * STEP)) * 2 * STEP, -(-height // (2 * STEP)) * 2 * STEP
