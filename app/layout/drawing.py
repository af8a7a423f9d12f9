"""What a layout needs to know of a drawing."""

from dataclasses import dataclass, replace
from typing import Literal

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
NS = {"bpmn": BPMN, "camunda": CAMUNDA}

Kind = Literal["task", "gateway", "event", "data"]
SIZES: dict[Kind, tuple[int, int]] = {"task": (150, 100), "gateway": (50, 50), "event": (36, 36), "data": (36, 50)}
KINDS: dict[str, Kind] = {
    "startEvent": "event",
    "endEvent": "event",
    "intermediateCatchEvent": "event",
    "intermediateThrowEvent": "event",
    "exclusiveGateway": "gateway",
    "inclusiveGateway": "gateway",
    "parallelGateway": "gateway",
    "eventBasedGateway": "gateway",
    "dataObjectReference": "data",
    "dataStoreReference": "data",
    "task": "task",
    "userTask": "task",
    "manualTask": "task",
    "sendTask": "task",
    "receiveTask": "task",
    "serviceTask": "task",
    "scriptTask": "task",
    "businessRuleTask": "task",
    "callActivity": "task",
    "subProcess": "task",
    "boundaryEvent": "event",
}
INVISIBLE = {
    "incoming", "outgoing", "multiInstanceLoopCharacteristics", "documentation", "extensionElements", "laneSet", "sequenceFlow",
    "dataObject", "property", "ioSpecification",
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """row: the SOP table's row (property ``baris``), "" where there is none.

    host: what a boundary event sits on, and seat: which of those on it. inside: what an expanded sub-process holds, and own_size: the size
    that this takes.
    """

    id: str
    name: str
    kind: Kind
    lane: int
    row: str
    host: str = ""
    seat: int = 0
    inside: "Drawing | None" = None
    own_size: tuple[int, int] | None = None

    @property
    def size(self) -> tuple[int, int]:
        return self.own_size or SIZES[self.kind]


@dataclass(frozen=True)
class Flow:
    id: str
    name: str
    source: str
    target: str


@dataclass(frozen=True)
class Drawing:
    """plane: the element the picture belongs to; pool: "" where the process has none; lanes: ids, top to bottom."""

    plane: str
    pool: str
    lanes: tuple[str, ...]
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]

    @property
    def steps(self) -> tuple[Node, ...]:
        """The nodes that stand in a column for themselves: all but data and what sits on another."""
        return tuple(node for node in self.nodes if node.kind != "data" and not node.host)

    def place_of(self, id: str) -> str:
        """Itself, or what it sits on."""
        return next((node.host for node in self.nodes if node.id == id and node.host), id)


def parse(bpmn: bytes) -> etree._Element:
    """The root element. A DOCTYPE is refused: entities and outside files have no place in a drawing."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_blank_text=False)
    try:
        root = etree.fromstring(bpmn, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed XML: {error}") from error
    if root.getroottree().docinfo.internalDTD:
        raise ValueError("a drawing may not have a DOCTYPE")
    return root


def read(bpmn: bytes) -> Drawing:
    """Raises ValueError where there is not exactly one process, or for shapes it has no place for: annotations, lanes within lanes, lanes
    within sub-processes."""
    root = parse(bpmn)
    processes = root.findall("bpmn:process", NS)
    pools = root.findall("bpmn:collaboration/bpmn:participant", NS)
    if len(processes) != 1 or len(pools) > 1:
        raise ValueError("only a drawing of one process, in at most one pool, can be laid out")
    process = processes[0]
    if process.find(".//bpmn:childLaneSet", NS) is not None or process.find(".//bpmn:subProcess//bpmn:laneSet", NS) is not None:
        raise ValueError("lanes within lanes or sub-processes cannot be laid out")
    lanes = process.findall("bpmn:laneSet/bpmn:lane", NS)
    lane_of = {(ref.text or "").strip(): number for number, lane in enumerate(lanes) for ref in lane.findall("bpmn:flowNodeRef", NS)}
    nodes, flows = _scope(process, lane_of)
    collaboration = root.find("bpmn:collaboration", NS)
    return Drawing(
        plane=(process if collaboration is None else collaboration).get("id", ""),
        pool=pools[0].get("id", "") if pools else "",
        lanes=tuple(lane.get("id", "") for lane in lanes),
        nodes=tuple(_beside_their_row(nodes)),
        flows=tuple(flows),
    )


def _scope(scope: etree._Element, lane_of: dict[str, int]) -> tuple[list[Node], list[Flow]]:
    """What a process or a sub-process holds."""
    elements = [element for element in scope.iterchildren("{*}*") if _local(element) not in INVISIBLE]
    lanes = {element.get("id", ""): lane_of.get(element.get("id", ""), 0) for element in elements}
    seats: dict[str, int] = {}
    nodes = []
    for element in elements:
        node = _node(element, lanes)
        if node.host:
            if node.host not in lanes:
                raise ValueError(f"{node.id} sits on nothing")
            node = replace(node, lane=lanes[node.host], seat=seats.setdefault(node.host, 0))
            seats[node.host] += 1
        nodes.append(node)
    known = {node.id for node in nodes if node.kind != "data"}
    flows = [
        Flow(flow.get("id", ""), flow.get("name", ""), flow.get("sourceRef", ""), flow.get("targetRef", ""))
        for flow in scope.findall("bpmn:sequenceFlow", NS)
    ]
    for flow in flows:
        if not {flow.source, flow.target} <= known:
            raise ValueError(f"flow {flow.id} does not connect two steps of this process")
    return nodes, flows


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _node(element: etree._Element, lane_of: dict[str, int]) -> Node:
    if _local(element) not in KINDS:
        raise ValueError(f"{_local(element)} {element.get('id')} cannot be laid out")
    found = element.find("bpmn:extensionElements/camunda:properties/camunda:property[@name='baris']", NS)
    row = "" if found is None else found.get("value", "")
    node_id = element.get("id", "")
    inside = None
    if _local(element) == "subProcess":
        nodes, flows = _scope(element, {})
        inside = Drawing("", "", (), tuple(nodes), tuple(flows))
    host = element.get("attachedToRef", "")
    return Node(node_id, element.get("name", ""), KINDS[_local(element)], lane_of.get(node_id, 0), row, host, inside=inside)


def _beside_their_row(nodes: list[Node]) -> list[Node]:
    """BPMN puts no data object into a lane; ours stands in the lane of the (last) step of its row."""
    lane_of_row = {node.row: node.lane for node in nodes if node.kind != "data" and node.row}
    return [replace(n, lane=lane_of_row.get(n.row, 0)) if n.kind == "data" else n for n in nodes]
