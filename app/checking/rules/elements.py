"""What may be drawn: the whitelist of elements and events, and what each must bring along."""

from collections.abc import Iterator

from lxml import etree

from app.checking.subject import RUNS, Rule, Subject
from app.diagram.parsing import BPMN, is_true, local_name
from app.errors import Finding

DRAWN_ONLY = frozenset({
    "dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation", "association", "group", "property",
    "auditing", "monitoring", "documentation",
})  # fmt: skip
STRUCTURE = frozenset({"extensionElements", "laneSet", "sequenceFlow", "incoming", "outgoing"})
# What a file may hold beside its process. Nothing in it runs; bodies that could are the business of the rules about code.
BESIDE = frozenset({
    "import", "extension", "collaboration", "process", "category", "dataStore", "itemDefinition", "message", "signal", "error",
    "escalation", "interface", "resource", "endPoint", "partnerEntity", "partnerRole", "relationship", "correlationProperty",
    "globalConversation",
})  # fmt: skip
DEFINITIONS = {"startEvent": (), "endEvent": ("terminateEventDefinition",)} | dict.fromkeys(
    ("intermediateCatchEvent", "boundaryEvent"), ("timerEventDefinition",)
)
INSTEAD = {
    "scriptTask": "Diagram tidak pernah menjalankan kode; ganti dengan tugas pengguna.",
    "serviceTask": "Diagram tidak pernah memanggil program; ganti dengan tugas pengguna.",
    "businessRuleTask": "Diagram tidak pernah menjalankan kode; ganti dengan tugas pengguna dan gerbang eksklusif.",
    "task": "Ubah jenisnya menjadi tugas pengguna (User Task).",
    "manualTask": "Ubah jenisnya menjadi tugas pengguna (User Task) dengan formulir.",
    "sendTask": "Gambar pengiriman sebagai tugas pengguna.",
    "receiveTask": "Gambar penerimaan sebagai tugas pengguna.",
    "inclusiveGateway": "Pakai gerbang eksklusif atau paralel.",
    "complexGateway": "Pakai gerbang eksklusif atau paralel.",
    "eventBasedGateway": "Pakai tugas pengguna dengan kejadian batas waktu.",
    "callActivity": "Gambar langkahnya di sini, atau mulai SOP itu sendiri.",
    "transaction": "Ubah menjadi subproses biasa.",
    "adHocSubProcess": "Ubah menjadi subproses biasa.",
    "intermediateThrowEvent": "Hapus kejadian ini, atau ganti dengan tugas pengguna.",
}


def are_known(subject: Subject) -> Iterator[Finding]:
    for scope in subject.scopes:
        for node in scope.iterchildren(f"{BPMN}*"):
            tag = local_name(node)
            if tag not in RUNS | DRAWN_ONLY | STRUCTURE:
                instead = INSTEAD.get(tag, "Hapus dari diagram.")
                yield subject.inside(node, "elemen", f"{tag} “{node.get('name') or node.get('id') or ''}” tidak dijalankan. {instead}")
    for node in subject.tree.iterchildren(f"{BPMN}*"):
        if local_name(node) not in BESIDE:
            yield subject.inside(node, "elemen", f"{local_name(node)} “{node.get('id') or ''}” tidak didukung. Hapus dari berkas.")


def events_are_known(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.elements.values():
        if element.tag not in DEFINITIONS:
            continue
        allowed = DEFINITIONS[element.tag]
        referred = subject.nodes[element.id].findall(f"{BPMN}eventDefinitionRef")
        for kind in (*element.event_definitions, *["eventDefinitionRef"] * len(referred)):
            if kind not in allowed:
                yield subject.at(element, "kejadian", f"Kejadian “{element.name or element.id}” ({kind}) tidak dijalankan di sini.")
        if element.tag in ("intermediateCatchEvent", "boundaryEvent") and not element.event_definitions:
            yield subject.at(element, "kejadian", f"Kejadian “{element.name or element.id}” tidak menunggu apa pun; beri penghitung waktu.")
        if len(element.event_definitions) > 1:
            yield subject.at(element, "kejadian", f"Kejadian “{element.name or element.id}” hanya boleh mempunyai satu pemicu.")


def boundaries_have_a_host(subject: Subject) -> Iterator[Finding]:
    elements = subject.drawing.elements
    for element in elements.values():
        if element.tag != "boundaryEvent":
            continue
        host = elements.get(element.attached_to or "")
        if host is None or host.tag not in ("userTask", "subProcess") or host.parent != element.parent:
            yield subject.at(element, "tempel", f"Tempelkan kejadian “{element.name or element.id}” pada tugas pengguna atau subproses.")
        if subject.drawing.incoming(element.id):
            yield subject.at(element, "tempel", f"Kejadian “{element.name or element.id}” menempel pada tugas; hapus panah masuknya.")


def subprocesses_are_plain(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.elements.values():
        if element.tag != "subProcess":
            continue
        if is_true(subject.nodes[element.id].get("triggeredByEvent")):
            yield subject.at(
                element, "subproses", f"Subproses “{element.name}” dipicu kejadian dan tidak dijalankan; pakai kejadian batas pada tugas."
            )
        inside = [other.tag for other in subject.drawing.elements.values() if other.parent == element.id]
        if inside.count("startEvent") != 1 or "endEvent" not in inside:
            yield subject.at(element, "subproses", f"Subproses “{element.name}” harus mempunyai satu kejadian mulai dan kejadian selesai.")


def repeat_as_we_can(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.elements.values():
        node = subject.nodes[element.id]
        if element.multi_instance and element.tag != "userTask":
            yield subject.at(element, "banyak-pelaksana", f"“{element.name}”: pengulangan per OPD hanya pada tugas pengguna.")
        if node.find(f"{BPMN}standardLoopCharacteristics") is not None:
            yield subject.at(element, "ulang", f"“{element.name}”: penanda ulang tidak dijalankan; gambar panah kembali.")
        if is_true(node.get("isForCompensation")):
            yield subject.at(element, "kompensasi", f"“{element.name}”: langkah kompensasi tidak dijalankan; hapus penandanya.")
        for data in node.iterfind(f"{BPMN}ioSpecification"):
            yield _data(subject, data, element.name)
    for data in subject.scopes[0].iterfind(f"{BPMN}ioSpecification"):
        yield _data(subject, data, subject.drawing.process_name)


def tasks_have_names(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.elements.values():
        if element.tag == "userTask" and not element.name.strip():
            yield subject.at(element, "nama", f"Beri nama pada tugas {element.id}.")


def _data(subject: Subject, node: etree._Element, name: str) -> Finding:
    return subject.inside(
        node, "data", f"“{name}”: ioSpecification membuat langkah menunggu data yang tidak pernah ada; pakai isian formulir."
    )


RULES: tuple[Rule, ...] = (
    are_known,
    events_are_known,
    boundaries_have_a_host,
    subprocesses_are_plain,
    repeat_as_we_can,
    tasks_have_names,
)
