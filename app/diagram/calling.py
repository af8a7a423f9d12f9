"""A drawing that calls others, as one drawing: each call becomes a sub-process with the steps of the called one.

So rows, lanes, candidates, path and checks see nothing but sub-processes. Ids of what was called are prefixed with the id of the call
("Panggil.Task_2"), and its rows with that of the call ("6.2"), or taken away where the call is no row of the sheet.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy

from lxml import etree

from app.diagram.parsing import BPMN, CAMUNDA, local_name, parse

LINKS = ("sourceRef", "targetRef", "attachedToRef", "default", "dataObjectRef", "messageRef", "errorRef", "escalationRef")
LINKED = ("incoming", "outgoing", "flowNodeRef", "sourceRef", "targetRef")
IDS = ("terima_sampai",)  # properties that name an element
ROOTS = ("message", "error", "escalation")
INSIDE = frozenset({"extensionElements", "documentation", "ioSpecification", "property", "auditing", "monitoring"})  # of the process itself


def called_by(bpmn: bytes, file: str = "") -> frozenset[str]:
    """Keys of the processes that a drawing calls. Raises InvalidBundle."""
    if b"callActivity" not in bpmn:
        return frozenset()
    return frozenset(_key(call) for call in parse(bpmn, file).iter(f"{BPMN}callActivity")) - {""}


def compose(bpmn: bytes, called: Mapping[str, bytes], file: str = "") -> bytes:
    """called: {process id: its drawing, which calls nothing any more}. Calls of others stay as they are. Raises InvalidBundle."""
    root = parse(bpmn, file)
    for call in list(root.iter(f"{BPMN}callActivity")):
        if _key(call) in called:
            _put_in(root, call, parse(called[_key(call)], file))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _key(call: etree._Element) -> str:
    return (call.get("calledElement") or "").rpartition(":")[2]


def _put_in(root: etree._Element, call: etree._Element, other: etree._Element) -> None:
    process = next(other.iterchildren(f"{BPMN}process"))
    roots = [node for node in other.iterchildren(f"{BPMN}*") if local_name(node) in ROOTS]
    parts = [node for node in process.iterchildren(f"{BPMN}*") if local_name(node) not in INSIDE]
    prefix = f"{call.get('id')}."
    names = {id for part in (*roots, *parts) for node in part.iter(f"{BPMN}*") if (id := node.get("id"))}
    sub = etree.Element(f"{BPMN}subProcess", {name: call.get(name) or "" for name in ("id", "name", "default") if call.get(name)})
    row = _row_of(call)
    for child in list(call):
        sub.append(child)
    for part in parts:
        copied = deepcopy(part)
        _rename(copied, names, prefix, row)
        sub.append(copied)
    for start in sub.iterchildren(f"{BPMN}startEvent"):
        for name in [name for name in start.attrib if str(name).startswith(CAMUNDA)]:
            del start.attrib[name]  # the opening form: the caller has opened the case
    for node in roots:
        copied = deepcopy(node)
        _rename(copied, names, prefix, row)
        root.insert(0, copied)
    sub.tail = call.tail
    around = call.getparent()
    assert around is not None  # noqa: S101 - a call stands in a process
    around.replace(call, sub)


def _rename(part: etree._Element, names: set[str], prefix: str, row: str) -> None:
    for node in part.iter("{*}*"):
        if node.get("id") in names:
            node.set("id", f"{prefix}{node.get('id')}")
        for link in LINKS:
            if (target := (node.get(link) or "").rpartition(":")[2]) in names:
                node.set(link, f"{prefix}{target}")
        if local_name(node) in LINKED and (node.text or "").strip() in names:
            node.text = f"{prefix}{(node.text or '').strip()}"
    for held in list(part.iter(f"{CAMUNDA}property")):
        if held.get("name") in IDS and held.get("value") in names:
            held.set("value", f"{prefix}{held.get('value')}")
        if held.get("name") == "baris":
            _renumber(held, row)


def _renumber(held: etree._Element, row: str) -> None:
    if row:
        held.set("value", f"{row}.{held.get('value')}")
    elif (around := held.getparent()) is not None:
        around.remove(held)


def _row_of(call: etree._Element) -> str:
    return next((held.get("value") or "" for held in _properties(call) if held.get("name") == "baris"), "").strip()


def _properties(node: etree._Element) -> Iterator[etree._Element]:
    return node.iterfind(f"./{BPMN}extensionElements/{CAMUNDA}properties/{CAMUNDA}property")
