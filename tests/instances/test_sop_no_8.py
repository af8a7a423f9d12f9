"""An SOP that nobody has seen before needs no Python: a drawing and its forms, uploaded by an analyst, run to their end."""

import json

from app import definitions
from app.definitions import Bundle
from app.layout import layout
from tests.support.driving import Drive, drawing_of, every_question_once
from tests.support.office import Office

KEY = "sop_08_rapat_koordinasi"
LANES = (("TU Bagian", "tu_bagian", "S T G T3 E"), ("OPD", "opd", "T2"), ("Kabag", "kabag_organisasi", "T1"))
TASKS = {
    "T1": ('name="Menyetujui undangan" camunda:formRef="r8_setuju"', ""),
    "T2": (
        'name="Mengirim konfirmasi hadir" camunda:formRef="r8_hadir"',
        '<bpmn:multiInstanceLoopCharacteristics camunda:collection="daftar_opd" camunda:elementVariable="opd"/>',
    ),
    "T3": ('name="Menyusun notula" camunda:formRef="r8_notula"', ""),
}
FLOWS = ("S>T", "T>T1", "T1>G", "G>T2", "G>T", "T2>T3", "T3>E")


def refs(nodes: str) -> str:
    return "".join(f"<bpmn:flowNodeRef>{id}</bpmn:flowNodeRef>" for id in nodes.split())


def drawing() -> bytes:
    lanes = "".join(
        f'<bpmn:lane id="L{number}" name="{name}"><bpmn:extensionElements><camunda:properties><camunda:property name="grup" '
        f'value="{group}"/></camunda:properties></bpmn:extensionElements>{refs(nodes)}</bpmn:lane>'
        for number, (name, group, nodes) in enumerate(LANES)
    )
    tasks = "".join(f'<bpmn:userTask id="{id}" {attributes}>{inside}</bpmn:userTask>' for id, (attributes, inside) in TASKS.items())
    flows = "".join(
        f'<bpmn:sequenceFlow id="F{number}" name="{name}" sourceRef="{source}" targetRef="{target}">{condition}</bpmn:sequenceFlow>'
        for number, (source, target) in enumerate(flow.split(">") for flow in FLOWS)
        for name, condition in [WAYS.get((source, target), ("", ""))]
    )
    return layout(
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="D" targetNamespace="http://bpmn.io/schema/bpmn">'
        f'<bpmn:collaboration id="C"><bpmn:participant id="P" name="SOP 08" processRef="{KEY}">'
        "<bpmn:extensionElements><camunda:properties>"
        '<camunda:property name="judul" value="Rapat Koordinasi"/><camunda:property name="singkatan" value="Rapat"/>'
        "</camunda:properties></bpmn:extensionElements></bpmn:participant></bpmn:collaboration>"
        f'<bpmn:process id="{KEY}" isExecutable="true" camunda:candidateStarterGroups="tu_bagian">'
        f'<bpmn:laneSet id="LS">{lanes}</bpmn:laneSet>'
        '<bpmn:startEvent id="S" name="Rapat direncanakan" camunda:formRef="r8_buka"/>'
        '<bpmn:userTask id="T" name="Membuat undangan" camunda:formRef="r8_undangan"/>'
        f'{tasks}<bpmn:exclusiveGateway id="G" name="Disetujui?" default="F4"/><bpmn:endEvent id="E" name="Selesai"/>{flows}'
        "</bpmn:process></bpmn:definitions>".encode()
    )


CONDITION = "<bpmn:conditionExpression xsi:type=\"bpmn:tFormalExpression\">${setuju_kabag == 'ya'}</bpmn:conditionExpression>"
WAYS = {("G", "T2"): ("ya", CONDITION), ("G", "T"): ("tidak", "")}


def form(id: str, *components: dict[str, object]) -> bytes:
    head = {"id": id, "title": id, "type": "default", "schemaVersion": 19}
    return json.dumps(
        {**head, "executionPlatform": "Camunda Platform", "executionPlatformVersion": "7.24.0", "components": components}
    ).encode()


def field(type: str, key: str, label: str, required: bool = True, **more: object) -> dict[str, object]:
    return {"type": type, "id": f"Field_{key}", "key": key, "label": label, "validate": {"required": required}, **more}


FORMS = {
    "r8_buka": form("r8_buka", field("number", "tahun", "Tahun", decimalDigits=0, properties={"kunci": "true"})),
    "r8_undangan": form(
        "r8_undangan",
        field("textfield", "acara", "Acara"),
        field("checklist", "daftar_opd", "Diundang", valuesKey="opd", properties={"sumber": "opd"}),
    ),
    "r8_setuju": form(
        "r8_setuju",
        field(
            "radio", "setuju_kabag", "Keputusan", properties={"tombol": "true"},
            values=[{"label": "Setuju", "value": "ya"}, {"label": "Kembalikan", "value": "tidak"}],
        ),
        field("textarea", "catatan_rapat", "Catatan, wajib bila dikembalikan", False, properties={"wajib_bila": '=setuju_kabag = "tidak"'}),
    ),
    "r8_hadir": form("r8_hadir", field("textfield", "nama_wakil", "Nama wakil")),
    "r8_notula": form("r8_notula", field("textarea", "notula", "Notula")),
}  # fmt: skip


def test_an_sop_nobody_has_seen_runs_from_its_drawing_and_forms_alone(office: Office) -> None:
    bundle = Bundle(f"{KEY}.bpmn", drawing(), FORMS)
    findings = definitions.check_apart(bundle)
    assert [finding for finding in findings if finding.severity == "error"] == []
    with office.database.transaction() as session:
        draft = definitions.keep_draft(session, office.actor("analis"), bundle)
    with office.database.transaction() as session:
        definitions.publish_draft(session, office.actor("analis"), draft.id, "Terbit pertama", bundle.digest, findings)
    driven = Drive(office, KEY, every_question_once(drawing_of(office, KEY)))
    driven.run()
    assert (driven.state, driven.problems) == ("finished", ())
    assert driven.flows == set(drawing_of(office, KEY).flows)
