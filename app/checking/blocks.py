"""Blocks of inclusive gateways: a gateway that opens some of its ways, and the one that waits for just those."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.diagram import Drawing, Element


@dataclass(frozen=True)
class Block:
    """join: id of the gateway it ends in. branches: {id of a flow out of the split: ids of what lies on that way}."""

    join: str
    branches: Mapping[str, frozenset[str]]

    def branch_of(self, source: str, flow: str) -> str:
        """The branch by which a flow arrives at the join."""
        return next((way for way, inside in self.branches.items() if source in inside or flow == way), "")


def splits(drawing: Drawing) -> list[Element]:
    return [one for one in drawing.elements.values() if one.tag == "inclusiveGateway" and len(drawing.outgoing(one.id)) > 1]


def block_of(drawing: Drawing, split: Element) -> Block | None:
    """None where its ways do not all meet, once and without turning back, in one inclusive gateway."""
    joins = [one.id for one in drawing.elements.values() if one.tag == "inclusiveGateway" and one.parent == split.parent]
    found = (_block(drawing, split.id, join) for join in joins if join != split.id)
    return next((block for block in found if block is not None), None)


def turns_back(drawing: Drawing, split: Element, block: Block) -> bool:
    """Whether a loop leads around the block or lies inside it: the library then takes an old arrival for a new one."""
    return split.id in _reached(drawing, [block.join], "") or any(
        id in _reached(drawing, _after(drawing, id), "") for inside in block.branches.values() for id in inside
    )


def _block(drawing: Drawing, split: str, join: str) -> Block | None:
    branches = {flow.id: _reached(drawing, [flow.target], join) - {join} for flow in drawing.outgoing(split)}
    inside = [id for branch in branches.values() for id in branch]
    if len(inside) != len(set(inside)) or split in inside:
        return None
    if any(not drawing.outgoing(id) for id in inside) or any(one.attached_to in inside for one in drawing.elements.values()):
        return None  # an end on the way, or an event that leaves it sideways
    block = Block(join, branches)
    arrivals = {block.branch_of(flow.source, flow.id) for flow in drawing.incoming(join)}
    entered = {flow.source for id in inside for flow in drawing.incoming(id)} - set(inside)
    return block if arrivals == set(branches) and entered <= {split} else None


def _after(drawing: Drawing, id: str) -> list[str]:
    return [flow.target for flow in drawing.outgoing(id)]


def _reached(drawing: Drawing, first: list[str], stop: str) -> frozenset[str]:
    waiting, found = list(first), set(first)
    while waiting:
        id = waiting.pop()
        further = set() if id == stop else set(_after(drawing, id))
        further |= {one.id for one in drawing.elements.values() if one.attached_to == id}
        waiting += further - found
        found |= further
    return frozenset(found)
