"""Small bundles for tests of the checks: a good one, and what to change in it."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from xml.sax.saxutils import quoteattr

from lxml import etree

from app.definitions import Bundle
from tests.support.drawings import drawing_bytes

IDENTITY = {
    "kode": "99", "singkatan": "UJI", "nomor": "99. 061/org/99", "judul": "Penyusunan Contoh", "instansi": "Bagian Organisasi",
    "tanggal_pembuatan": "2026-01-05", "tanggal_revisi": "-", "tanggal_pengesahan": "2026-01-06", "tanggal_efektif": "2026-02-01",
    "disahkan_jabatan": "SEKRETARIS DAERAH", "disahkan_nama": "Nama", "disahkan_nip": "19651009 199310 1 002", "dasar_hukum": "UU",
    "kualifikasi": "D-III", "keterkaitan": "-", "peralatan": "Komputer", "peringatan": "Bila tidak dilaksanakan, terhambat.",
    "pencatatan": "Buku agenda",
}  # fmt: skip
ROW = {"baris": "1", "uraian": "Memeriksa konsep", "kelengkapan": "Konsep", "waktu": "PT60M", "satuan": "menit-kerja", "keluaran": "Paraf"}
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SHAPES = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)


def form(id: str, *fields: dict[str, object]) -> bytes:
    return json.dumps({"id": id, "title": id, "type": "default", "schemaVersion": 19, "components": list(fields)}).encode()


def text(key: str, **properties: str) -> dict[str, object]:
    return {
        "type": "textfield",
        "key": key,
        "id": f"F_{key}",
        "label": key,
        "validate": {"required": "kunci" in properties},
        **({"properties": properties} if properties else {}),
    }


def decision(key: str, values: tuple[str, ...] = ("ya", "tidak")) -> dict[str, object]:
    return {
        "type": "radio", "key": key, "id": f"F_{key}", "label": key, "validate": {"required": True},
        "values": [{"label": value, "value": value} for value in values],
    }  # fmt: skip


def opd_list(key: str, required: bool = True) -> dict[str, object]:
    return {
        "type": "checklist", "key": key, "id": f"F_{key}", "label": key, "validate": {"required": required},
        "properties": {"sumber": "opd"}, "valuesKey": "opd",
    }  # fmt: skip


def properties(values: dict[str, str]) -> str:
    rows = "".join(f"<camunda:property name={quoteattr(name)} value={quoteattr(value)}/>" for name, value in values.items())
    return f"<extensionElements><camunda:properties>{rows}</camunda:properties></extensionElements>"


def task(id: str = "T", name: str = "Memeriksa", more: str = ' camunda:formRef="isi"', inside: str = "", **row: str) -> str:
    return f"<userTask id={quoteattr(id)} name={quoteattr(name)}{more}>{properties(ROW | row)}{inside}</userTask>"


def fan_out(collection: str = "daftar", more: str = "", inside: str = "", variable: str = "opd") -> str:
    camunda = f'camunda:collection="{collection}" camunda:elementVariable="{variable}"' if collection else ""
    return f"<multiInstanceLoopCharacteristics {camunda} {more}>{inside}</multiInstanceLoopCharacteristics>"


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


FORMS = {
    "buka": form("buka", text("tahun", kunci="true")),
    "isi": form("isi", decision("keputusan"), text("batas")),
    "pilih": form("pilih", opd_list("daftar")),
    "opd": form("opd", text("jawaban")),
}
START = '<startEvent id="S" name="Mulai" camunda:formRef="buka"/>'
TASK = task()
GATE = '<exclusiveGateway id="G" name="Disetujui?" default="G_T"/>'
END = '<endEvent id="E" name="Selesai"/>'
YES = "[${keputusan == 'ya'}]"
FLOWS = f"S>T T>G G>E{YES} G>T"
PROCESS = 'id="p" isExecutable="true" camunda:candidateStarterGroups="tu_bagian"'


def lanes(refs: str, group: str = "tu_bagian") -> str:
    inside = "".join(f"<flowNodeRef>{id}</flowNodeRef>" for id in refs.split())
    return f'<laneSet id="L"><lane id="L1" name="TU">{properties({"grup": group})}{inside}</lane></laneSet>'


def bundle(
    nodes: str = START + TASK + GATE + END,
    flows: str = FLOWS,
    refs: str = "S T G E",
    forms: dict[str, bytes] | None = None,
    process: str = PROCESS,
    identity: dict[str, str] | None = None,
    group: str = "tu_bagian",
) -> Bundle:
    content = properties(IDENTITY if identity is None else identity) + lanes(refs, group) + nodes
    return Bundle("uji.bpmn", drawing_bytes(content, flows, process), FORMS if forms is None else forms)


def simple(*nodes: str, ids: str = "T") -> Bundle:
    """Start, these nodes in a row, end. ids: theirs, in order."""
    row = ["S", *ids.split(), "E"]
    return bundle(START + "".join(nodes) + END, " ".join(f"{a}>{b}" for a, b in pairwise(row)), " ".join(row))


# T says whether another round follows; then A and B are open beside each other.
SIDE_BY_SIDE = bundle(
    START + TASK + task("A", "Menulis", ' camunda:formRef="opd"') + task("B", "Membaca", ' camunda:formRef="opd"') + GATE + END
    + '<parallelGateway id="P" name="Bersamaan"/><parallelGateway id="J" name="Keduanya"/>',
    f"S>T T>P P>A P>B A>J B>J J>G G>E{YES} G>T",
    "S T A B P J G E",
    FORMS | {"opd": form("opd", {"type": "textarea", "key": "jawaban", "id": "F_jawaban", "label": "Jawaban"})},
)  # fmt: skip


def laid_out(plain: Bundle) -> Bundle:
    """With a picture in which nothing overlaps, and names on the ways that have a condition: what the linter wants to see."""
    root = etree.fromstring(plain.bpmn)
    process = root.find(f"{MODEL}process")
    assert process is not None
    nodes = [node for node in process.iter(f"{MODEL}*") if node.get("id") and node.tag not in SKIPPED]
    # A boundary event sits on its host; the children of a sub-process stand apart, which the linter takes as overlap only if they touch.
    shapes = "".join(_shape(node, place) for place, node in enumerate(nodes))
    edges = "".join(
        f'<bpmndi:BPMNEdge id="{flow.get("id")}_di" bpmnElement="{flow.get("id")}"><di:waypoint x="0" y="0"/><di:waypoint x="9" y="0"/>'
        "</bpmndi:BPMNEdge>"
        for flow in process.iter(f"{MODEL}sequenceFlow")
    )
    plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="{process.get("id")}">{shapes}{edges}</bpmndi:BPMNPlane>'
    picture = f'<bpmndi:BPMNDiagram id="picture" {SHAPES}>{plane}</bpmndi:BPMNDiagram></definitions>'
    named = re.sub(rb"<sequenceFlow ([^>]*)><condition", rb'<sequenceFlow name="Ya" \1><condition', plain.bpmn)
    return Bundle(plain.file, named.replace(b"</definitions>", picture.encode()), plain.forms)


SKIPPED = {f"{MODEL}{tag}" for tag in ("process", "laneSet", "sequenceFlow", "dataObject", "timerEventDefinition")}


def _shape(node: etree._Element, place: int) -> str:
    id, where = node.get("id"), f'<dc:Bounds x="{place * 200}" y="100" width="100" height="80"/>'
    if node.tag == f"{MODEL}lane":
        where = '<dc:Bounds x="0" y="0" width="9000" height="900"/>'
    return f'<bpmndi:BPMNShape id="{id}_di" bpmnElement="{id}">{where}</bpmndi:BPMNShape>'
