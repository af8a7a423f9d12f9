"""What a drawing says, read with lxml alone: lanes, steps, flows, mutu baku, identity.

Nothing here runs anything. The server-side picture is in :mod:`app.diagram.svg`.
"""

from app.diagram.model import OPD_GROUP, Drawing, Element, Flow, Lane
from app.diagram.norms import Norm, NormTotal, format_norm, norm_total, row_norms
from app.diagram.parsing import MAX_BYTES, parse
from app.diagram.reading import read

__all__ = [
    "MAX_BYTES",
    "OPD_GROUP",
    "Drawing",
    "Element",
    "Flow",
    "Lane",
    "Norm",
    "NormTotal",
    "format_norm",
    "norm_total",
    "parse",
    "read",
    "row_norms",
]
