"""From the tree to a :class:`Drawing`. Camunda attributes and ``camunda:properties`` are read, everything else of Camunda is ignored."""

from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import etree

from app.diagram.model import Drawing, Element, Flow, Lane, split_list
from app.diagram.parsing import BPMN, BPMNDI, CAMUNDA, is_true, line_of, local_name, node_name, parse
from app.errors import Finding, InvalidBundle

SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
TASKS = frozenset({"task", "userTask", "manualTask", "sendTask", "receiveTask", "serviceTask", "scriptTask", "businessRuleTask"})
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
DATA = frozenset({"dataObjectReference", "dataStoreReference"})
NODES = ACTIVITIES | GATEWAYS | EVENTS | DATA


def read(bpmn: bytes, file: str = "") -> Drawing:
    """The first process of the file, with its pool. Raises InvalidBundle (rule "xml"; rule "process" where there is none)."""
    root = parse(bpmn, file)
    processes = root.findall(f"{BPMN}process")
    if not processes:
        message = "Diagram ini tidak memuat proses. Gambar langkah-langkah SOP di dalam satu proses, lalu unggah lagi."
        raise InvalidBundle([Finding(file=file, line=0, element="", name="", rule="process", severity="error", message=message)])
    process = processes[0]
    process_id = process.get("id") or ""
    pool = _pool(root, process_id)
    nodes = list(_nodes(process, process_id))
    flows = list(process.iter(f"{BPMN}sequenceFlow"))
    return Drawing(
        process_id=process_id,
        process_name=node_name(process) or (node_name(pool) if pool is not None else ""),
        executable=is_true(process.get("isExecutable")),
        starter_groups=split_list(process.get(f"{CAMUNDA}candidateStarterGroups")),
        identity=(_properties(pool) if pool is not None else {}) or _properties(process),
        lanes=tuple(_lane(node) for node in _leaf_lanes(process)),
        elements=_elements(nodes, _lane_by_element(process)),
        flows=_by_id([_flow(node) for node in flows]),
        processes=len(processes),
        duplicates=_duplicates(root),
        missing_ids=tuple(line_of(node) for node in [*(n for n, _ in nodes), *flows] if not node.get("id")),
    )


def _pool(root: etree._Element, process_id: str) -> etree._Element | None:
    """The participant that this process belongs to; the reference may carry a namespace prefix."""
    pools = root.findall(f"{BPMN}collaboration/{BPMN}participant")
    return next((pool for pool in pools if (pool.get("processRef") or "").rpartition(":")[2] == process_id), None)


def _nodes(scope: etree._Element, parent: str) -> Iterator[tuple[etree._Element, str]]:
    """(node, id of its process or sub-process) in document order. The parser limits depth to 256, so recursion is safe."""
    for node in scope.iterchildren(f"{BPMN}*"):
        tag = local_name(node)
        if tag in NODES:
            yield node, parent
        if tag in SUBPROCESSES:
            yield from _nodes(node, node.get("id") or "")


def _elements(nodes: list[tuple[etree._Element, str]], lanes: Mapping[str, str]) -> dict[str, Element]:
    """Parents come before what they contain, so one pass inherits lanes; hosts of boundary events may follow, hence their lookup."""
    found: dict[str, Element] = {}
    for node, parent in nodes:
        id = node.get("id") or ""
        outer = found.get(parent)
        lane = lanes.get(id) or lanes.get(node.get("attachedToRef") or "") or (outer.lane if outer else None)
        if id:
            found.setdefault(id, _element(node, id, parent, lane))
    return found


def _element(node: etree._Element, id: str, parent: str, lane: str | None) -> Element:
    loop = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    return Element(
        id=id,
        tag=local_name(node),
        name=node_name(node),
        line=line_of(node),
        lane=lane,
        parent=parent,
        form=node.get(f"{CAMUNDA}formRef"),
        candidate_groups=split_list(node.get(f"{CAMUNDA}candidateGroups")),
        due_date=node.get(f"{CAMUNDA}dueDate"),
        properties=_properties(node),
        multi_instance=loop is not None,
        collection=loop.get(f"{CAMUNDA}collection") if loop is not None else None,
        element_variable=loop.get(f"{CAMUNDA}elementVariable") if loop is not None else None,
        sequential=loop is not None and is_true(loop.get("isSequential")),
        default=node.get("default"),
        attached_to=node.get("attachedToRef"),
        interrupting=node.get("cancelActivity") != "false",
        event_definitions=tuple(local_name(c) for c in node.iterchildren(f"{BPMN}*") if local_name(c).endswith("EventDefinition")),
        called=node.get("calledElement"),
    )


def _flow(node: etree._Element) -> Flow:
    condition = node.find(f"{BPMN}conditionExpression")
    return Flow(
        id=node.get("id") or "",
        name=node_name(node),
        source=node.get("sourceRef") or "",
        target=node.get("targetRef") or "",
        condition=None if condition is None else (condition.text or "").strip(),
        asal=_properties(node).get("asal", "").strip(),
        line=line_of(node),
    )


def _by_id(flows: list[Flow]) -> dict[str, Flow]:
    found: dict[str, Flow] = {}
    for flow in flows:
        if flow.id:
            found.setdefault(flow.id, flow)
    return found


def _leaf_lanes(process: etree._Element) -> list[etree._Element]:
    """A lane divided into lanes is only a heading: work lies in the innermost ones."""
    return [lane for lane in process.iter(f"{BPMN}lane") if lane.find(f"{BPMN}childLaneSet/{BPMN}lane") is None]


def _lane(node: etree._Element) -> Lane:
    properties = _properties(node)
    groups = split_list(properties.get("grup"))
    return Lane(id=node.get("id") or "", name=node_name(node), groups=groups, external=is_true(properties.get("eksternal")))


def _lane_by_element(process: etree._Element) -> dict[str, str]:
    """{element id: lane id}; should two lanes claim an element, the first one has it."""
    found: dict[str, str] = {}
    for lane in _leaf_lanes(process):
        for reference in lane.iterchildren(f"{BPMN}flowNodeRef"):
            found.setdefault((reference.text or "").strip(), lane.get("id") or "")
    return found


def _properties(node: etree._Element) -> dict[str, str]:
    """Its own ``camunda:property`` rows. Direct children only: a sub-process must not collect those of the steps inside it."""
    rows = node.iterfind(f"./{BPMN}extensionElements/{CAMUNDA}properties/{CAMUNDA}property")
    return {name: row.get("value") or "" for row in rows if (name := row.get("name"))}


def _duplicates(root: etree._Element) -> tuple[str, ...]:
    """Ids used twice in the model or the layout, in order. Camunda's own elements have ids of their own, which may repeat."""
    ids = Counter(id for node in root.iter(f"{BPMN}*", f"{BPMNDI}*") if (id := node.get("id")))
    return tuple(id for id, count in ids.items() if count > 1)
