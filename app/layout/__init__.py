"""Lay out a drawing: BPMN bytes in, the same drawing with a fresh picture (BPMNDI) out.

Lanes are stacked in their order, the flow runs from left to right, edges are orthogonal. The picture is a pure function of the
semantic part, so laying out twice changes nothing and a colleague gets the same bytes. In four steps, one module each:

    drawing    what has to be drawn, read from the file
    placement  a lane and a column for every step; steps of different lanes share a column where the flow permits
    routing    a path for every flow on a grid of tracks, through no shape and along no other flow
    labels     a free spot for every name that stands beside its shape

The grid is generous while the flows look for their way; tracks that nobody used are taken out again (``Grid.compacted``).
"""

from app.layout.drawing import read
from app.layout.labels import place_labels
from app.layout.picture import Picture, write
from app.layout.placement import place
from app.layout.routing import find_routes

__all__ = ["layout"]


def layout(bpmn: bytes) -> bytes:
    """The drawing with every shape, edge and label placed anew. Raises ValueError for what it cannot lay out (see ``drawing.read``)."""
    drawing = read(bpmn)
    grid = place(drawing)
    routes = find_routes(drawing, grid)
    grid, routes = grid.compacted(routes)
    node = {node.id: node for node in drawing.nodes}
    edges = {flow.id: grid.waypoints(node[flow.source], node[flow.target], routes[flow.id]) for flow in drawing.flows}
    return write(bpmn, drawing, Picture(grid, edges, place_labels(drawing, grid, edges)))
