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
STRUCTURE = frozenset({"extensionElements", "laneSet", "sequenceFlow", "incoming", "outgoing", "multiInstanceLoopCharacteristics"})
# What a file may hold beside its process. Nothing in it runs; bodies that could are the business of the rules about code.
BESIDE = frozenset({
    "import", "extension", "collaboration", "process", "category", "dataStore", "itemDefinition", "message", "signal", "error",
    "escalation", "interface", "resource", "endPoint", "partnerEntity", "partnerRole", "relationship", "correlationProperty",
    "globalConversation",
})  # fmt: skip
INSTEAD = {
    "scriptTask": "Diagram tidak pernah menjalankan kode; ganti dengan tugas pengguna.",
    "serviceTask": "Diagram tidak pernah memanggil program; ganti dengan tugas pengguna.",
    "businessRuleTask": "Diagram tidak pernah menjalankan kode; ganti dengan tugas pengguna dan gerbang eksklusif.",
    "complexGateway": "Pakai gerbang eksklusif atau paralel.",
    "transaction": "Ubah menjadi subproses biasa.",
    "adHocSubProcess": "Ubah menjadi subproses biasa.",
}


def are_known(subject: Subject) -> Iterator[Finding]:
    for scope in subject.scopes:
        for node in scope.iterchildren(f"{BPMN}*"):
            tag = local_name(node)
            if tag == "callActivity":
                continue  # see calls.py
            if tag not in RUNS | DRAWN_ONLY | STRUCTURE:
                instead = INSTEAD.get(tag, "Hapus dari diagram.")
                yield subject.inside(node, "elemen", f"{tag} “{node.get('name') or node.get('id') or ''}” tidak dijalankan. {instead}")
    for node in subject.tree.iterchildren(f"{BPMN}*"):
        if local_name(node) not in BESIDE:
            yield subject.inside(node, "elemen", f"{local_name(node)} “{node.get('id') or ''}” tidak didukung. Hapus dari berkas.")


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
        if element.multi_instance and element.tag not in ("userTask", "subProcess"):
            yield subject.at(element, "banyak-pelaksana", f"“{element.name}”: pengulangan per OPD hanya pada tugas pengguna dan subproses.")
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
        if element.is_task and not element.name.strip():
            yield subject.at(element, "nama", f"Beri nama pada tugas {element.id}.")


def _data(subject: Subject, node: etree._Element, name: str) -> Finding:
    return subject.inside(
        node, "data", f"“{name}”: ioSpecification membuat langkah menunggu data yang tidak pernah ada; pakai isian formulir."
    )


RULES: tuple[Rule, ...] = (
    are_known,
    subprocesses_are_plain,
    repeat_as_we_can,
    tasks_have_names,
)
