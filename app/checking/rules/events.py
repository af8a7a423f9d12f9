"""Events: which may happen here, where they may stand, who catches what is thrown, and who is told."""

from collections.abc import Iterator

from app.checking.subject import Rule, Subject
from app.diagram import OPD_GROUP, Element
from app.diagram.parsing import BPMN
from app.errors import Finding

THROWN = ("errorEventDefinition", "escalationEventDefinition")
DEFINITIONS = {
    "startEvent": (),
    "endEvent": ("terminateEventDefinition", "messageEventDefinition", *THROWN),
    "intermediateCatchEvent": ("timerEventDefinition", "messageEventDefinition"),
    "intermediateThrowEvent": ("messageEventDefinition",),
    "boundaryEvent": ("timerEventDefinition", "messageEventDefinition", *THROWN),
}


def events_are_known(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.elements.values():
        if element.tag not in DEFINITIONS:
            continue
        allowed = DEFINITIONS[element.tag]
        referred = subject.nodes[element.id].findall(f"{BPMN}eventDefinitionRef")
        for kind in (*element.event_definitions, *["eventDefinitionRef"] * len(referred)):
            if kind not in allowed:
                yield subject.at(element, "kejadian", f"Kejadian “{element.name or element.id}” ({kind}) tidak dijalankan di sini.")
        if element.tag not in ("startEvent", "endEvent") and not element.event_definitions:
            message = f"Kejadian “{element.name or element.id}” tidak mempunyai pemicu; beri penghitung waktu atau pesan."
            yield subject.at(element, "kejadian", message)
        if len(element.event_definitions) > 1:
            yield subject.at(element, "kejadian", f"Kejadian “{element.name or element.id}” hanya boleh mempunyai satu pemicu.")


def boundaries_have_a_host(subject: Subject) -> Iterator[Finding]:
    elements = subject.drawing.elements
    for element in elements.values():
        if element.tag != "boundaryEvent":
            continue
        host = elements.get(element.attached_to or "")
        if host is None or not (host.is_task or host.tag == "subProcess") or host.parent != element.parent:
            yield subject.at(element, "tempel", f"Tempelkan kejadian “{element.name or element.id}” pada tugas atau subproses.")
        if subject.drawing.incoming(element.id):
            yield subject.at(element, "tempel", f"Kejadian “{element.name or element.id}” menempel pada tugas; hapus panah masuknya.")
        if "errorEventDefinition" in element.event_definitions and not element.interrupting:
            message = f"Kejadian galat “{element.name or element.id}” selalu memotong; hapus tanda tidak memotong."
            yield subject.at(element, "tempel", message)


def what_is_thrown_is_caught(subject: Subject) -> Iterator[Finding]:
    """An error or escalation leaves its sub-process by an event on its border; one without a code catches every code."""
    elements, caught = subject.drawing.elements, set()
    for element in elements.values():
        kind = next((kind for kind in element.event_definitions if kind in THROWN), None)
        if kind is None or element.tag != "endEvent":
            continue
        around = set(_around(subject, element))
        border = [one for one in elements.values() if one.attached_to in around and kind in one.event_definitions]
        fitting = [one.id for one in border if _code(subject, one, kind) in ("", _code(subject, element, kind))]
        caught |= set(fitting)
        if not fitting:
            message = f"Kejadian selesai “{element.name or element.id}” tidak ditangkap: letakkan di dalam subproses yang tepinya mempunyai"
            yield subject.at(element, "tangkap", f"{message} kejadian batas dengan kode yang sama.")
    for element in elements.values():
        if element.tag == "boundaryEvent" and set(element.event_definitions) & set(THROWN) and element.id not in caught:
            message = f"Kejadian batas “{element.name or element.id}” tidak pernah terjadi: di dalam langkah yang ditempelinya tidak ada"
            yield subject.at(element, "tangkap", f"{message} kejadian selesai berkode sama.")


def _around(subject: Subject, element: Element) -> Iterator[str]:
    """Ids of the sub-processes it lies in, the nearest first."""
    outer = subject.drawing.elements.get(element.parent)
    while outer is not None:
        yield outer.id
        outer = subject.drawing.elements.get(outer.parent)


def _code(subject: Subject, element: Element, kind: str) -> str:
    """Of the error or escalation it names; "" where it names none."""
    tag = kind.removesuffix("EventDefinition")
    definition = subject.nodes[element.id].find(f"{BPMN}{kind}")
    named = "" if definition is None else (definition.get(f"{tag}Ref") or "").rpartition(":")[2]
    return next((root.get(f"{tag}Code") or "" for root in subject.tree.iterchildren(f"{BPMN}{tag}") if root.get("id") == named), "")


def messages_reach_somebody(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.elements.values():
        if element.sends and not element.addressees:
            message = f"“{element.name or element.id}” tidak ditujukan kepada siapa pun: isi properti “penerima”."
            yield subject.at(element, "penerima", message)
        if element.sends and OPD_GROUP in element.addressees:
            message = f"“{element.name or element.id}”: kiriman kepada setiap OPD digambar sebagai tugas yang diulang per OPD."
            yield subject.at(element, "penerima", message)


RULES: tuple[Rule, ...] = (events_are_known, boundaries_have_a_host, what_is_thrown_is_caught, messages_reach_somebody)
