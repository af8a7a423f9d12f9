"""Each rule with a drawing that breaks it; the shipped drawings break none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app import definitions
from app.config import ROOT
from app.definitions import Bundle
from app.definitions.rules import RULES
from tests.support.drawings import drawing_bytes

LANES = (
    '<laneSet id="L"><lane id="L1" name="TU"><extensionElements><camunda:properties><camunda:property name="grup" value="tu_bagian"/>'
    "</camunda:properties></extensionElements>{refs}</lane></laneSet>"
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


FORMS = {
    "buka": form("buka", text("tahun", kunci="true")),
    "isi": form("isi", decision("keputusan"), text("daftar")),
}
START = '<startEvent id="S" name="Mulai" camunda:formRef="buka"/>'
TASK = '<userTask id="T" name="Memeriksa" camunda:formRef="isi"/>'
GATE = '<exclusiveGateway id="G" name="Disetujui?" default="G_T"/>'
END = '<endEvent id="E" name="Selesai"/>'
GOOD_FLOWS = "S>T T>G G>E[${keputusan == 'ya'}] G>T"


def bundle(
    nodes: str = START + TASK + GATE + END,
    flows: str = GOOD_FLOWS,
    refs: str = "S T G E",
    forms: dict[str, bytes] | None = None,
    **more: str,
) -> Bundle:
    lanes = LANES.format(refs="".join(f"<flowNodeRef>{id}</flowNodeRef>" for id in refs.split()))
    return Bundle("uji.bpmn", drawing_bytes(lanes + nodes, flows, **more), FORMS if forms is None else forms)


def errors(found: Bundle) -> dict[str, str]:
    """{rule: message} of the errors."""
    return {finding.rule: finding.message for finding in definitions.check(found) if finding.severity == "error"}


def test_the_good_one_has_no_finding() -> None:
    assert definitions.check(bundle()) == ()


@pytest.mark.parametrize("path", sorted((ROOT / "bpmn").rglob("*.bpmn")), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_shipped_drawings_have_no_error(path: Path) -> None:
    assert errors(definitions.read_bundle(path, ROOT / "forms")) == {}


BAD: dict[str, tuple[str, Bundle]] = {
    "not executable": ("dapat-dijalankan", bundle(process='id="p" camunda:candidateStarterGroups="tu_bagian"')),
    "nobody may start": ("pemulai", bundle(process='id="p" isExecutable="true"')),
    "a script": ("elemen", bundle(START + '<scriptTask id="T" name="x"><script>import os</script></scriptTask>' + END, "S>T T>E", "S T E")),
    "a service": ("elemen", bundle(START + '<serviceTask id="T" name="x"/>' + END, "S>T T>E", "S T E")),
    "an inclusive gateway": ("elemen", bundle(START + TASK + '<inclusiveGateway id="G" name="?"/>' + END, "S>T T>G G>E", "S T G E")),
    "a call activity": ("elemen", bundle(START + '<callActivity id="T" name="x" calledElement="y"/>' + END, "S>T T>E", "S T E")),
    "a message start": ("kejadian", bundle(START.replace("/>", "><messageEventDefinition/></startEvent>") + TASK + GATE + END)),
    "two starts": ("mulai", bundle(START + START.replace('"S"', '"S2"') + TASK + GATE + END, GOOD_FLOWS + " S2>T")),
    "back into the start": ("mulai", bundle(START + TASK + GATE.replace("G_T", "G_S") + END, "S>T T>G G>E[${keputusan == 'ya'}] G>S")),
    "two flows between one pair": ("panah-ganda", bundle(flows="S>T T>G G>E[${keputusan == 'ya'}] G>T G>T=dua[${keputusan == 'tidak'}]")),
    "unreachable": ("terhubung", bundle(START + TASK + GATE + TASK.replace('"T"', '"U"') + END, GOOD_FLOWS + " U>E", "S T G U E")),
    "no way out": ("terhubung", bundle(START + TASK + END, "S>T", "S T E")),
    "two ways out of a task": ("panah-keluar", bundle(START + TASK + END + '<endEvent id="F"/>', "S>T T>E T>F", "S T E F")),
    "never ends": ("sampai-selesai", bundle(START + TASK + TASK.replace('"T"', '"U"') + END, "S>T T>U U>T", "S T U E")),
    "outside every lane": ("pelaksana", bundle(refs="S G E")),
    "no gateway default": ("jalur-bawaan", bundle(START + TASK + GATE.replace(' default="G_T"', "") + END)),
    "no condition": ("syarat", bundle(flows="S>T T>G G>E G>T")),
    "a hostile condition": ("ungkapan", bundle(flows="S>T T>G G>E[${keputusan.__class__}] G>T")),
    "a misspelt name": ("variabel", bundle(flows="S>T T>G G>E[${keputusn == 'ya'}] G>T")),
    "a form that is absent": ("formulir", bundle(forms={"buka": FORMS["buka"]})),
    "a task without a form": ("formulir", bundle(START + TASK.replace(' camunda:formRef="isi"', "") + GATE + END)),
    "a form with another id": ("formulir", bundle(forms=FORMS | {"isi": FORMS["isi"].replace(b'"id": "isi"', b'"id": "lain"')})),
    "no opening form": ("formulir", bundle(START.replace(' camunda:formRef="buka"', "") + TASK + GATE + END)),
    "a decision with other values": (
        "keputusan",
        bundle(forms={"buka": FORMS["buka"], "isi": form("isi", decision("keputusan", ("Setuju", "Tolak")), text("daftar"))}),
    ),
    "a loop cardinality": (
        "kumpulan",
        bundle(START + TASK.replace("/>", "><multiInstanceLoopCharacteristics><loopCardinality>9</loopCardinality>"
               "</multiInstanceLoopCharacteristics></userTask>") + GATE + END),
    ),
    "a list nobody fills": (
        "variabel",
        bundle(START + TASK.replace("/>", '><multiInstanceLoopCharacteristics camunda:collection="tiada" camunda:elementVariable="x"/>'
               "</userTask>") + GATE + END),
    ),
    "an OPD's answer steering all": (
        "kumpulan",
        bundle(START + TASK.replace("/>", '><multiInstanceLoopCharacteristics camunda:collection="daftar" camunda:elementVariable="x"/>'
               "</userTask>") + GATE + END),
    ),
    "a cycle timer": (
        "mesin",
        bundle(START + TASK + GATE + END + '<boundaryEvent id="B" attachedToRef="T"><timerEventDefinition><timeCycle>R/PT1S</timeCycle>'
               '</timerEventDefinition></boundaryEvent><endEvent id="F"/>', GOOD_FLOWS + " B>F", "S T G E B F"),
    ),
    "not BPMN": ("xsd", bundle(START + "<tugas/>" + TASK + GATE + END)),
    "not XML": ("xml", Bundle("uji.bpmn", b"<definitions")),
    "a DOCTYPE": ("xml", Bundle("uji.bpmn", b'<!DOCTYPE d [<!ENTITY a "b">]>' + bundle().bpmn)),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_broken_drawing_is_named_by_its_rule(name: str) -> None:
    rule, broken = BAD[name]
    assert rule in errors(broken), definitions.check(broken)


def test_findings_say_file_line_element_and_what_to_do() -> None:
    (finding,) = definitions.check(BAD["a hostile condition"][1])
    assert (finding.file, finding.element, finding.severity) == ("uji.bpmn", "G_E", "error")
    assert finding.line == 1 and finding.message.endswith(".")


def test_every_rule_has_a_bad_drawing() -> None:
    """By what the rules' sources name: a new rule without a fixture fails here."""
    import inspect
    import re

    tried = {rule for rule, _bundle in BAD.values()}
    only_warnings = {"pertanyaan", "kunci", "waktu"}
    for rule in RULES:
        named = set(re.findall(r'(?:subject\.at\(\s*\w+, |whole\()"([\w-]+)"', inspect.getsource(rule)))
        assert not named or named & (tried | only_warnings), rule.__name__
