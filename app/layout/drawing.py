"""What a layout needs to know of a drawing."""

from dataclasses import dataclass
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
}
INVISIBLE = {"documentation", "extensionElements", "laneSet", "sequenceFlow", "dataObject", "property", "ioSpecification"}


@dataclass(frozen=True)
class Node:
    """row: the SOP table's row (property ``baris``), "" where there is none."""

    id: str
    name: str
    kind: Kind
    lane: int
    row: str

    @property
    def size(self) -> tuple[int, int]:
        return SIZES[self.kind]


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
        """The nodes that flows connect: all but data."""
        return tuple(node for node in self.nodes if node.kind != "data")


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
    """Raises ValueError where there is not exactly one process, or for shapes it has no place for: sub-processes, boundary events,
    annotations, lanes within lanes."""
    root = parse(bpmn)
    processes = root.findall("bpmn:process", NS)
    pools = root.findall("bpmn:collaboration/bpmn:participant", NS)
    if len(processes) != 1 or len(pools) > 1:
        raise ValueError("only a drawing of one process, in at most one pool, can be laid out")
    process = processes[0]
    if process.find(".//bpmn:childLaneSet", NS) is not None:
        raise ValueError("lanes within lanes cannot be laid out")
    lanes = process.findall("bpmn:laneSet/bpmn:lane", NS)
    lane_of = {(ref.text or "").strip(): number for number, lane in enumerate(lanes) for ref in lane.findall("bpmn:flowNodeRef", NS)}
    nodes = [_node(element, lane_of) for element in process.iterchildren("{*}*") if _local(element) not in INVISIBLE]
    known = {node.id for node in nodes if node.kind != "data"}
    flows = [
        Flow(flow.get("id", ""), flow.get("name", ""), flow.get("sourceRef", ""), flow.get("targetRef", ""))
        for flow in process.findall("bpmn:sequenceFlow", NS)
    ]
    for flow in flows:
        if not {flow.source, flow.target} <= known:
            raise ValueError(f"flow {flow.id} does not connect two steps of this process")
    collaboration = root.find("bpmn:collaboration", NS)
    return Drawing(
        plane=(process if collaboration is None else collaboration).get("id", ""),
        pool=pools[0].get("id", "") if pools else "",
        lanes=tuple(lane.get("id", "") for lane in lanes),
        nodes=tuple(_beside_their_row(nodes)),
        flows=tuple(flows),
    )


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _node(element: etree._Element, lane_of: dict[str, int]) -> Node:
    if _local(element) not in KINDS:
        raise ValueError(f"{_local(element)} {element.get('id')} cannot be laid out")
    found = element.find("bpmn:extensionElements/camunda:properties/camunda:property[@name='baris']", NS)
    row = "" if found is None else found.get("value", "")
    node_id = element.get("id", "")
    return Node(node_id, element.get("name", ""), KINDS[_local(element)], lane_of.get(node_id, 0), row)


def _beside_their_row(nodes: list[Node]) -> list[Node]:
    """BPMN puts no data object into a lane; ours stands in the lane of the (last) step of its row."""
    lane_of_row = {node.row: node.lane for node in nodes if node.kind != "data" and node.row}
    return [Node(n.id, n.name, n.kind, lane_of_row.get(n.row, 0), n.row) if n.kind == "data" else n for n in nodes]
