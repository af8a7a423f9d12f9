"""Soundness of the flow: it can always finish, finishes once, never does a step twice by itself, and every step can be reached.

Found by rust_bpmn_analyzer, which explores every state a token can be in. It is given not the drawing but a plain copy of it, one for the
process and one for each sub-process (a sub-process that is sound stands in its parent as one task):

- tasks, events and sub-processes become tasks; exclusive and parallel gateways, starts and ends stay;
- a gateway that waits for events becomes an exclusive one; an inclusive one opens all its ways, each with a way around it;
- a boundary event becomes a choice before its host: the host's way or the event's; where it does not interrupt, the host's or both,
  unless its way never comes back to the main flow: then it is a copy of its own, because a reminder may well come in every round.

Conditions are not read: a way that is drawn counts as one that can be taken.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import rust_bpmn_analyzer_bindings as analyzer
from lxml import etree

from app.checking import blocks
from app.checking.subject import RUNS, Subject
from app.diagram import Element, Flow
from app.diagram.parsing import BPMN
from app.errors import Finding, Severity

PLAIN = {
    "startEvent": "startEvent",
    "endEvent": "endEvent",
    "exclusiveGateway": "exclusiveGateway",
    "parallelGateway": "parallelGateway",
    "eventBasedGateway": "exclusiveGateway",
    "inclusiveGateway": "parallelGateway",
}
FORKS = ("parallelGateway", "inclusiveGateway")
ENDS_ALL = frozenset({"terminateEventDefinition", "errorEventDefinition"})
NAMED = 5  # elements in one sentence


class Unanalysed(Exception):
    """Why the analyser cannot say anything: the rest of a sentence."""


@dataclass
class _Net:
    """What the analyser reads. nodes: {short id: tag}; drawn: {short id: what it stands for}."""

    nodes: dict[str, str] = field(default_factory=dict)
    arrows: list[tuple[str, str, str]] = field(default_factory=list)
    drawn: dict[str, Element | Flow] = field(default_factory=dict)

    def node(self, tag: str, stands_for: Element) -> str:
        id = f"n{len(self.nodes)}"
        self.nodes[id] = tag
        self.drawn[id] = stands_for
        return id

    def arrow(self, source: str, target: str, stands_for: Element | Flow) -> None:
        id = f"f{len(self.arrows)}"
        self.arrows.append((id, source, target))
        self.drawn[id] = stands_for

    def xml(self) -> str:
        root = etree.Element(f"{BPMN}definitions", {"id": "d"}, nsmap={None: BPMN.strip("{}")})  # type: ignore[dict-item]
        process = etree.SubElement(root, f"{BPMN}process", {"id": "p", "isExecutable": "true"})
        places = {id: etree.SubElement(process, f"{BPMN}{tag}", {"id": id}) for id, tag in self.nodes.items()}
        for id, source, target in self.arrows:
            etree.SubElement(places[target], f"{BPMN}incoming").text = id
            etree.SubElement(places[source], f"{BPMN}outgoing").text = id
            etree.SubElement(process, f"{BPMN}sequenceFlow", {"id": id, "sourceRef": source, "targetRef": target})
        return etree.tostring(root, encoding="unicode")


def analyse(subject: Subject) -> Iterator[Finding]:
    """Errors of the flow, or one remark why it was not analysed. For a drawing that keeps the rules."""
    elements = [element for element in subject.drawing.elements.values() if element.tag in RUNS]
    for scope in (subject.drawing.process_id, *(element.id for element in elements if element.tag == "subProcess")):
        for inside, start in _parts(subject, [element for element in elements if element.parent == scope]):
            try:
                yield from _analyse(subject, _net(subject, inside, start))
            except Unanalysed as reason:
                yield subject.whole("keutuhan", f"Keutuhan alur tidak dianalisis karena {reason}.", "info")


def _parts(subject: Subject, elements: list[Element]) -> Iterator[tuple[list[Element], Element]]:
    """(elements, the one they begin with): the main flow, and each reminder that runs beside it without ever coming back to it."""
    ends = {element.id for element in elements if element.tag == "endEvent"}
    beside = {element.id for element in elements if element.attached_to and not interrupts(subject, element)}
    start = next(element for element in elements if element.tag == "startEvent")
    for event in [element for element in elements if element.id in beside]:
        if (_reached(subject, event, beside) - ends) & _reached(subject, start, {event.id}):
            beside.discard(event.id)
    for first in (start, *(element for element in elements if element.id in beside)):
        reached = _reached(subject, first, beside)
        yield [element for element in elements if element.id in reached], first


def _reached(subject: Subject, first: Element, without: set[str]) -> set[str]:
    """Ids of what lies on the ways from an element, boundary events of its steps included."""
    waiting, found = [first.id], {first.id}
    while waiting:
        id = waiting.pop()
        further = {flow.target for flow in subject.drawing.outgoing(id)}
        further |= {event.id for event in subject.drawing.elements.values() if event.attached_to == id and event.id not in without}
        waiting += further - found
        found |= further
    return found


def interrupts(subject: Subject, event: Element) -> bool:
    return subject.nodes[event.id].get("cancelActivity") not in ("false", "0")


def _net(subject: Subject, elements: list[Element], start: Element) -> _Net:
    if any(set(one.event_definitions) & ENDS_ALL for one in elements if one.tag == "endEvent") and any(
        one.tag in FORKS for one in elements
    ):
        raise Unanalysed("sebuah kejadian selesai menghentikan cabang lain yang masih berjalan")
    net = _Net()
    entry: dict[str, str] = {}  # where an arrow to the element arrives
    exit: dict[str, str] = {}  # where an arrow from it begins
    for element in elements:
        entry[element.id] = exit[element.id] = net.node("startEvent" if element is start else PLAIN.get(element.tag, "task"), element)
    for event in elements:
        if event.attached_to in entry:
            host = event.attached_to
            choice = net.node("exclusiveGateway", event)
            net.arrow(choice, entry[host], event)
            if interrupts(subject, event):
                net.arrow(choice, exit[event.id], event)
            else:
                both = net.node("parallelGateway", event)
                net.arrow(choice, both, event)
                net.arrow(both, exit[host], event)
                net.arrow(both, exit[event.id], event)
            entry[host] = choice
    around = _ways_around(subject, net, elements, exit, entry)
    for flow in subject.drawing.flows.values():
        if flow.source in exit and flow.target in entry:
            net.arrow(around.get((flow.id, "from"), exit[flow.source]), around.get((flow.id, "to"), entry[flow.target]), flow)
    return net


def _ways_around(
    subject: Subject, net: _Net, elements: list[Element], exit: dict[str, str], entry: dict[str, str]
) -> dict[tuple[str, str], str]:
    """{(flow, "from" | "to"): where it begins or arrives instead}: each way of an inclusive gateway may be left out."""
    found: dict[tuple[str, str], str] = {}
    for split in [one for one in blocks.splits(subject.drawing) if one in elements]:
        block = blocks.block_of(subject.drawing, split)
        if block is None or block.join not in entry:
            raise Unanalysed("jalur gerbang inklusif tidak bertemu kembali")
        for way in block.branches:
            choice, merge = net.node("exclusiveGateway", split), net.node("exclusiveGateway", subject.drawing.elements[block.join])
            net.arrow(exit[split.id], choice, split)
            net.arrow(choice, merge, split)
            net.arrow(merge, entry[block.join], split)
            found[way, "from"] = choice
            for flow in subject.drawing.incoming(block.join):
                if block.branch_of(flow.source, flow.id) == way:
                    found[flow.id, "to"] = merge
    return found


def _analyse(subject: Subject, net: _Net) -> Iterator[Finding]:
    xml = net.xml()
    safe = _ask(analyzer.analyze_safeness, xml)
    if not safe.fulfilled:
        # Tokens may multiply without end here, and the other questions would take as long.
        where = _drawn(net, safe.problematic_elements)
        yield _finding(
            subject,
            where,
            "sinkron",
            f"Langkah setelah {_names(where)} dapat dikerjakan dua kali: cabang paralel bertemu tanpa gerbang paralel.",
        )
        return
    complete = _ask(analyzer.analyze_option_to_complete, xml)
    dead = _drawn(net, _ask(analyzer.analyze_dead_activities, xml).problematic_elements)
    ends = _drawn(net, _ask(analyzer.analyze_proper_completion, xml).problematic_elements)
    if not complete.fulfilled:
        where = _drawn(net, _stuck(complete.counter_example))
        message = f"Pelaksanaan dapat macet di {_names(where)}: gerbang paralel menunggu jalan yang tidak selalu ditempuh."
        yield _finding(subject, where, "macet", f"{message} Pakai gerbang eksklusif untuk menggabungkan pilihan.")
    if dead and complete.fulfilled:
        yield _finding(subject, dead, "langkah-mati", f"Tidak pernah dikerjakan: {_names(dead)}. Periksa gerbang sebelumnya.")
    if ends:
        yield _finding(
            subject, ends, "selesai-ganda", f"SOP dapat selesai lebih dari sekali di {_names(ends)}; gabungkan cabangnya dahulu."
        )


def _ask(question: Any, xml: str) -> Any:
    try:
        return question(xml)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in Rust arrives as a BaseException of its own
        raise Unanalysed(f"penganalisis terhenti ({type(error).__name__})") from error


def _stuck(counter_example: str | None) -> list[str]:
    """The arrows on which tokens lie in the last state: where everything stands still."""
    with suppress(ValueError, LookupError, TypeError, AttributeError):
        found = json.loads(counter_example or "")
        last = (found["transitions"] or [{"next_state": found["start_state"]}])[-1]["next_state"]
        return [flow for snapshot in last["snapshots"] for flow in snapshot["tokens"]]
    return []


def _drawn(net: _Net, ids: list[str]) -> list[Element | Flow]:
    return list(dict.fromkeys(net.drawn[id] for id in ids if id in net.drawn))


def _names(things: list[Element | Flow]) -> str:
    told = [f"“{thing.name or thing.id}”" for thing in things[:NAMED]]
    return ", ".join(told) + (" dan lainnya" if len(things) > NAMED else "") or "salah satu gerbang"


def _finding(subject: Subject, where: list[Element | Flow], rule: str, message: str, severity: Severity = "error") -> Finding:
    return subject.at(where[0], rule, message, severity) if where else subject.whole(rule, message, severity)
