"""A new SOP to begin from: one lane, one task, one decision, and the two forms they need. It passes the checks as it stands."""

import json
import re
import unicodedata
from xml.sax.saxutils import quoteattr

from app.checking import Bundle
from app.layout import layout

_DRAWING = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" \
id="Definitions_{key}" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:collaboration id="Collaboration_{key}">
    <bpmn:participant id="Pool_{key}" name={name} processRef="{key}">
      <bpmn:extensionElements><camunda:properties>
        <camunda:property name="judul" value={name} />
      </camunda:properties></bpmn:extensionElements>
    </bpmn:participant>
  </bpmn:collaboration>
  <bpmn:process id="{key}" name={name} isExecutable="true" camunda:candidateStarterGroups={group}>
    <bpmn:laneSet id="LaneSet_{key}">
      <bpmn:lane id="Lane_1" name={lane}>
        <bpmn:extensionElements><camunda:properties>
          <camunda:property name="grup" value={group} />
        </camunda:properties></bpmn:extensionElements>
        <bpmn:flowNodeRef>Start_1</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Tugas_1</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>Gw_1</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>End_1</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="Start_1" name="Mulai" camunda:formRef="{key}_buka" camunda:formRefBinding="latest">
      <bpmn:outgoing>Flow_1</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="Tugas_1" name="Memeriksa" camunda:formRef="{key}_periksa" camunda:formRefBinding="latest">
      <bpmn:extensionElements><camunda:properties>
        <camunda:property name="baris" value="1" /><camunda:property name="asal" value="gambar" />
      </camunda:properties></bpmn:extensionElements>
      <bpmn:incoming>Flow_1</bpmn:incoming><bpmn:incoming>Flow_3</bpmn:incoming><bpmn:outgoing>Flow_2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="Gw_1" name="Disetujui?" default="Flow_3">
      <bpmn:incoming>Flow_2</bpmn:incoming><bpmn:outgoing>Flow_3</bpmn:outgoing><bpmn:outgoing>Flow_4</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:endEvent id="End_1" name="Selesai"><bpmn:incoming>Flow_4</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="Flow_1" sourceRef="Start_1" targetRef="Tugas_1" />
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Tugas_1" targetRef="Gw_1" />
    <bpmn:sequenceFlow id="Flow_3" name="tidak" sourceRef="Gw_1" targetRef="Tugas_1" />
    <bpmn:sequenceFlow id="Flow_4" name="ya" sourceRef="Gw_1" targetRef="End_1">
      <bpmn:conditionExpression xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="bpmn:tFormalExpression">\
${{keputusan == 'ya'}}</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
  </bpmn:process>
</bpmn:definitions>
"""


def new_bundle(name: str, group: str, lane: str) -> Bundle:
    """name: of the SOP. group: key of the group that works in its only lane and may start it; lane: the lane's name."""
    key = _key_of(name)
    drawing = _DRAWING.format(key=key, name=quoteattr(name), group=quoteattr(group), lane=quoteattr(lane))
    opening = _form(f"{key}_buka", f"Memulai {name}", [_year()])
    deciding = _form(f"{key}_periksa", "Memeriksa", [_decision(), _note()])
    return Bundle(f"{key}.bpmn", layout(drawing.encode()), {f"{key}_buka": opening, f"{key}_periksa": deciding})


def _key_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return f"sop_{re.sub(r'[^a-z0-9]+', '_', plain).strip('_')[:40] or 'baru'}"


def empty_form(form_id: str, title: str) -> bytes:
    return _form(form_id, title, [])


def _form(id: str, title: str, components: list[dict[str, object]]) -> bytes:
    head = {"id": id, "title": title, "type": "default", "schemaVersion": 19}
    platform = {"executionPlatform": "Camunda Platform", "executionPlatformVersion": "7.24.0"}
    return json.dumps({**head, **platform, "components": components}, ensure_ascii=False, indent=2).encode()


def _year() -> dict[str, object]:
    return {
        "type": "number", "id": "Field_tahun", "key": "tahun", "label": "Tahun", "decimalDigits": 0,
        "validate": {"required": True, "min": 2000, "max": 2100}, "properties": {"kunci": "true"},
    }  # fmt: skip


def _decision() -> dict[str, object]:
    values = [{"label": "Setuju dan teruskan", "value": "ya"}, {"label": "Kembalikan untuk diperbaiki", "value": "tidak"}]
    return {
        "type": "radio", "id": "Field_keputusan", "key": "keputusan", "label": "Keputusan", "values": values,
        "validate": {"required": True}, "properties": {"tombol": "true"},
    }  # fmt: skip


def _note() -> dict[str, object]:
    return {
        "type": "textarea", "id": "Field_catatan", "key": "catatan", "label": "Catatan perbaikan",
        "description": "Wajib diisi bila dikembalikan.", "properties": {"wajib_bila": "=keputusan = \"tidak\""},
    }  # fmt: skip
