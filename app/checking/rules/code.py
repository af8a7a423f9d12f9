"""Every place of a BPMN file that can hold code. Ours understands three (conditions, timers, deadlines); the rest is refused.

Nothing in this application would run the others, but a drawing that carries them promises what does not happen, and another engine
that opens the same file would run them.
"""

from collections.abc import Iterator

from lxml import etree

from app.checking.subject import Rule, Subject
from app.diagram.parsing import BPMN
from app.errors import Finding

BPMN_NS = BPMN.strip("{}")
CAMUNDA_NS = "http://camunda.org/schema/1.0/bpmn"
# Engines whose extensions run code. Of theirs only what is listed is understood here.
ENGINES = {
    CAMUNDA_NS: "camunda",
    "http://camunda.org/schema/zeebe/1.0": "zeebe",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "spiffworkflow",
    "http://activiti.org/bpmn": "activiti",
    "http://flowable.org/bpmn": "flowable",
    "http://www.jboss.org/drools": "drools",
}
PLAIN_PARTS = frozenset({f"{{{CAMUNDA_NS}}}properties", f"{{{CAMUNDA_NS}}}property"})
CODE_ATTRIBUTES = frozenset({
    "class", "delegateExpression", "expression", "script", "resource", "scriptFormat", "resultVariable", "decisionRef", "topic",
    "variableMappingClass", "variableMappingDelegateExpression",
})  # fmt: skip
# Bodies of BPMN itself that hold an expression or a script. {tag: why}
BODIES = {
    "script": "skrip tidak dijalankan",
    "loopCardinality": "banyaknya pengulangan berasal dari daftar OPD",
    "completionCondition": "pengulangan selesai bila semua selesai atau ditutup orang",
    "loopCondition": "pengulangan digambar sebagai panah kembali",
    "condition": "kejadian bersyarat tidak dijalankan",
    "activationCondition": "gerbang kompleks tidak dijalankan",
    "timeCycle": "penghitung waktu yang berulang tidak dijalankan",
    "messagePath": "pesan antaraplikasi tidak dijalankan",
    "dataPath": "pesan antaraplikasi tidak dijalankan",
    "assignment": "data tidak dipindahkan oleh diagram",
    "transformation": "data tidak diubah oleh diagram",
    "resourceAssignmentExpression": "pelaksana ditentukan oleh lane",
    "resourceParameterBinding": "pelaksana ditentukan oleh lane",
    "loopDataInputRef": "daftar OPD disebut dengan camunda:collection",
}
UNDERSTOOD = frozenset({"conditionExpression", "timeDate", "timeDuration"})


def bodies_are_refused(subject: Subject) -> Iterator[Finding]:
    for node in subject.tree.iter(f"{BPMN}*"):
        tag = etree.QName(node).localname
        if tag in BODIES:
            yield subject.inside(
                node, "kode", f"{_owner(node)}: bagian “{tag}” dapat memuat kode dan ditolak, karena {BODIES[tag]}. Hapus."
            )
        elif tag in ("formalExpression", "expression"):
            yield subject.inside(node, "kode", f"{_owner(node)}: ungkapan di tempat ini tidak dibaca. Hapus.")
        elif tag in UNDERSTOOD and (language := node.get("language")):
            yield subject.inside(node, "kode", f"{_owner(node)}: bahasa “{language[:40]}” tidak dikenal; hapus keterangan bahasanya.")


def extensions_are_refused(subject: Subject) -> Iterator[Finding]:
    for node in subject.tree.iter("{*}*"):
        if _is_code(node) and not _is_code(node.getparent()):
            space, tag = etree.QName(node).namespace or "", etree.QName(node).localname
            yield subject.inside(node, "kode", f"{_owner(node)}: tambahan “{ENGINES.get(space, 'dmn')}:{tag}” dapat memuat kode. Hapus.")
        for name in node.attrib:
            attribute = etree.QName(str(name))
            if attribute.namespace in ENGINES and attribute.localname in CODE_ATTRIBUTES:
                yield subject.inside(
                    node, "kode", f"{_owner(node)}: atribut “{ENGINES[attribute.namespace]}:{attribute.localname}” memanggil kode. Hapus."
                )


def _is_code(node: etree._Element | None) -> bool:
    if node is None or node.tag in PLAIN_PARTS:
        return False
    space = etree.QName(node).namespace or ""
    return space in ENGINES or "/DMN/" in space


def _owner(node: etree._Element) -> str:
    owner = next((one for one in (node, *node.iterancestors()) if one.get("id")), None)
    return "Berkas" if owner is None else f"“{owner.get('name') or owner.get('id')}”"


RULES: tuple[Rule, ...] = (bodies_are_refused, extensions_are_refused)
