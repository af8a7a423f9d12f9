"""Each rule with a drawing that breaks it and one that keeps it; the shipped drawings break none."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import checking, definitions
from app.checking import Called
from app.config import ROOT
from app.definitions import Bundle
from app.diagram.calling import compose
from tests.support.bundles import (
    END,
    FLOWS,
    FORMS,
    GATE,
    IDENTITY,
    START,
    TASK,
    YES,
    bundle,
    decision,
    fan_out,
    form,
    opd_list,
    properties,
    simple,
    task,
    text,
    timer,
)

GROUPS = {"tu_bagian"}
SHIPPED = sorted((ROOT / "bpmn").rglob("*.bpmn"))
SUB = '<subProcess id="T" name="Bagian"{more}>{inside}</subProcess>'
INSIDE = (
    '<startEvent id="S1" name="Mulai"/>' + task("U") + '<endEvent id="E1" name="Selesai"/>'
    '<sequenceFlow id="S1_U" sourceRef="S1" targetRef="U"/><sequenceFlow id="U_E1" sourceRef="U" targetRef="E1"/>'
)  # fmt: skip
BOUNDARY = '<boundaryEvent id="B" name="Lewat" attachedToRef="T"{more}>{inside}</boundaryEvent><endEvent id="F" name="Batal"/>'
JOIN = '<exclusiveGateway id="{id}" name="{id}"/>'


def errors(found: Bundle) -> dict[str, str]:
    """{rule: message} of the errors."""
    return {finding.rule: finding.message for finding in definitions.check(found) if finding.severity == "error"}


def sub(inside: str = INSIDE, more: str = "") -> Bundle:
    return simple(SUB.format(inside=inside, more=more))


def nested(depth: int) -> Bundle:
    inside = INSIDE
    for level in range(depth - 1):
        inside = (f'<startEvent id="NS{level}" name="Mulai"/><subProcess id="N{level}" name="N{level}">{inside}</subProcess>'
                  f'<endEvent id="NE{level}" name="Selesai"/><sequenceFlow id="NA{level}" sourceRef="NS{level}" targetRef="N{level}"/>'
                  f'<sequenceFlow id="NB{level}" sourceRef="N{level}" targetRef="NE{level}"/>')  # fmt: skip
    return sub(inside)


def boundary(inside: str = timer("P3D"), more: str = "", host: str = TASK) -> Bundle:
    nodes = START + host + GATE + END + BOUNDARY.format(inside=inside, more=more)
    return bundle(nodes, FLOWS + " B>F", "S T G E B F")


def waiting(inside: str) -> Bundle:
    return simple(f'<intermediateCatchEvent id="T" name="Tunggu">{inside}</intermediateCatchEvent>')


def each_opd(loop: str | None = None, *, form_id: str = "opd", **row: str) -> Bundle:
    loop = fan_out() if loop is None else loop
    repeated = task("R", "Menyampaikan", f' camunda:formRef="{form_id}" camunda:candidateGroups="opd"', loop, **row)
    return simple(task("T", "Memilih OPD", ' camunda:formRef="pilih"'), repeated, ids="T R")


def forms_with(**changed: bytes) -> dict[str, bytes]:
    return {**FORMS, **changed}


def identity(**changed: str) -> Bundle:
    return bundle(identity=IDENTITY | changed)


def ring(inside: str, flows: str, refs: str) -> Bundle:
    return bundle(START + inside + END, flows, refs)


CHOICE = (
    '<exclusiveGateway id="X1" name="Baik?" default="X1_E1"/><endEvent id="E2" name="Baik"/>'
    '<sequenceFlow id="X1_E1" sourceRef="X1" targetRef="E1"/><sequenceFlow id="X1_E2" sourceRef="X1" targetRef="E2">'
    "<conditionExpression>${keputusan == 'ya'}</conditionExpression></sequenceFlow>"
)


def thrown(boundary: bool = True, caught: str = 'errorRef="R"', more: str = "") -> Bundle:
    """A sub-process that may end with an error, and what catches it."""
    failing = '<endEvent id="E1" name="Gagal"><errorEventDefinition errorRef="R"/></endEvent>'
    inside = INSIDE.replace('<endEvent id="E1" name="Selesai"/>', failing).replace('targetRef="E1"/>', 'targetRef="X1"/>') + CHOICE
    event = BOUNDARY.format(inside=f"<errorEventDefinition {caught}/>", more=more) if boundary else ""
    made = bundle(START + SUB.format(inside=inside, more="") + END + event, "S>T T>E" + (" B>F" if boundary else ""), "S T E B F")
    roots = '<error id="R" name="Gagal" errorCode="gagal"/><error id="Q" name="Lain" errorCode="lain"/>'
    return Bundle(made.file, made.bpmn.replace(b"<process ", roots.encode() + b"<process "), made.forms)


def call() -> Bundle:
    """A call as ``definitions.with_calls`` makes it ready."""
    made = simple('<callActivity id="T" name="Memanggil" calledElement="q"/>')
    other = simple(task("U")).bpmn.replace(b'<process id="p"', b'<process id="q"').replace(b'"T"', b'"U"').replace(b">T<", b">U<")
    return Bundle(made.file, made.bpmn, made.forms, Called(compose(made.bpmn, {"q": other}), {}))


def sending(to: str) -> str:
    return f'<sendTask id="K" name="Mengirim tembusan">{properties({"penerima": to})}</sendTask>'


def inclusive(flows: str = "A>J B>J J>E", more: str = "") -> Bundle:
    nodes = START + TASK + '<inclusiveGateway id="G" name="Apa saja?" default="G_B"/>' + task("A") + task("B")
    nodes += '<inclusiveGateway id="J" name="Gabung"/>' + END + more
    return bundle(nodes, f"S>T T>G G>A{YES} G>B {flows}", "S T G A B J E F H")


def events(flows: str = "S>G G>W G>V W>T V>F T>E", more: str = "") -> Bundle:
    days = {"W": timer("P1D"), "V": timer("P2D")}
    waits = "".join(f'<intermediateCatchEvent id="{id}" name="{id}">{inside}</intermediateCatchEvent>' for id, inside in days.items())
    nodes = START + f'<eventBasedGateway id="G" name="Menunggu"{more}/>' + waits + TASK + END + '<endEvent id="F" name="Lewat"/>'
    return bundle(nodes, flows, "S G W V T E F")


def repeated_sub(inside: str, asks: str = "keputusan") -> Bundle:
    """A list is chosen, a sub-process is done for each of it, a gateway asks whether that will do."""
    chosen, last = task("K", "Memilih OPD", ' camunda:formRef="pilih"'), task("Z", "Menilai")
    nodes = START + chosen + SUB.format(inside=inside, more="") + last + GATE.replace("G_T", "G_K") + END
    forms = forms_with(dalam=form("dalam", decision("dalam_ok"), text("catatan")))
    return bundle(nodes, f"S>K K>T T>Z Z>G G>E[${{{asks} == 'ya'}}] G>K", "S K T Z G E", forms)


BAD: dict[str, tuple[str, Bundle]] = {
    # the file
    "not BPMN": ("xsd", bundle(START + "<tugas/>" + TASK + GATE + END)),
    "not XML": ("xml", Bundle("uji.bpmn", b"<definitions")),
    "a DOCTYPE": ("xml", Bundle("uji.bpmn", b'<!DOCTYPE d [<!ENTITY a "b">]>' + bundle().bpmn)),
    "no process": ("process", Bundle(
        "uji.bpmn", b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="u"/>')),
    "a form of a megabyte": ("ukuran", bundle(forms=forms_with(isi=b" " * 600_000))),
    "too many forms": ("ukuran", bundle(forms={f"f{number}": b"{}" for number in range(61)})),
    "too many elements": ("ukuran", bundle(START + "".join(task(f"T{n}") for n in range(300)) + END)),
    "a file of 200 letters": ("kepanjangan", Bundle("u" * 200, bundle().bpmn, FORMS)),
    # the process
    "two processes": ("satu-proses", Bundle(
        "uji.bpmn", bundle().bpmn.replace(b"</definitions>", b'<process id="q"/></definitions>'), FORMS)),
    "not executable": ("dapat-dijalankan", bundle(process='id="p" camunda:candidateStarterGroups="tu_bagian"')),
    "sub-processes five deep": ("kedalaman", nested(5)),
    "an element without id": ("id", bundle(START + TASK + GATE + END + '<endEvent name="Lain"/>')),
    "a process without id": ("id", bundle(process='isExecutable="true" camunda:candidateStarterGroups="tu_bagian"')),
    "an id the engine keeps for itself": ("id", simple(task("End"), ids="End")),
    "two starts": ("mulai", bundle(START + START.replace('"S"', '"S2"') + TASK + GATE + END, FLOWS + " S2>T")),
    "back into the start": ("mulai", bundle(START + TASK + GATE.replace("G_T", "G_S") + END, f"S>T T>G G>E{YES} G>S")),
    "a name of 400 letters": ("kepanjangan", simple(task(name="a" * 400))),
    "a lane of 300 letters": ("kepanjangan", bundle(group="g" * 70)),
    # elements
    "a script": ("elemen", simple('<scriptTask id="T" name="x"><script>import os</script></scriptTask>')),
    "a service": ("elemen", simple('<serviceTask id="T" name="x"/>')),
    "a complex gateway": ("elemen", simple(TASK, '<complexGateway id="G" name="?"/>', ids="T G")),
    "a call of what is not there": ("panggilan", simple('<callActivity id="T" name="x" calledElement="y"/>')),
    "a call of nothing": ("panggilan", simple('<callActivity id="T" name="x"/>')),
    "a drawing that calls itself": ("panggilan", simple('<callActivity id="T" name="x" calledElement="p"/>')),
    "a message start": ("kejadian", bundle(START.replace("/>", "><messageEventDefinition/></startEvent>") + TASK + GATE + END)),
    "a timer on the end": ("kejadian", bundle(START + TASK + GATE + END.replace("/>", f">{timer('P1D')}</endEvent>"))),
    "a terminating boundary": ("kejadian", boundary("<terminateEventDefinition/>")),
    "waiting for nothing": ("kejadian", waiting("")),
    "waiting for two things": ("kejadian", waiting(timer("P1D") + timer("P2D"))),
    "a boundary event on a gateway": ("tempel", bundle(
        START + TASK + GATE + END + BOUNDARY.format(inside=timer("P1D"), more="").replace('attachedToRef="T"', 'attachedToRef="G"'),
        FLOWS + " B>F", "S T G E B F")),
    "an arrow into a boundary event": ("tempel", bundle(
        START + TASK + '<parallelGateway id="P" name="P"/>' + END + BOUNDARY.format(inside=timer("P1D"), more=""),
        "S>T T>P P>E P>B B>F", "S T P E B F")),
    "an event sub-process": ("subproses", sub(more=' triggeredByEvent="true"')),
    "a sub-process without a start": ("subproses", sub(
        INSIDE.replace('<startEvent id="S1" name="Mulai"/>', '<exclusiveGateway id="S1"/>'))),
    "a manual task for every OPD": ("banyak-pelaksana", simple(f'<manualTask id="T" name="x">{fan_out()}</manualTask>')),
    "an error that nobody catches": ("tangkap", thrown(boundary=False)),
    "an error of another kind": ("tangkap", thrown(caught='errorRef="Q"')),
    "an error that does not interrupt": ("tempel", thrown(more=' cancelActivity="false"')),
    "a message to nobody": ("penerima", simple(TASK, '<sendTask id="K" name="Kirim"/>', ids="T K")),
    "a message to every OPD": ("penerima", simple(TASK, sending("opd"), ids="T K")),
    "a loop marker": ("ulang", simple(task(inside="<standardLoopCharacteristics/>"))),
    "compensation": ("kompensasi", simple(task(more=' camunda:formRef="isi" isForCompensation="true"'))),
    "data that never comes": ("data", simple(task(
        inside='<ioSpecification><dataInput id="D"/><inputSet><dataInputRefs>D</dataInputRefs></inputSet><outputSet/></ioSpecification>'))),
    "a task without a name": ("nama", simple(task(name=""))),
    "a listener": ("kode", simple(TASK.replace("</camunda:properties>", '</camunda:properties><camunda:taskListener class="X"/>'))),
    # flows
    "an arrow to nowhere": ("panah", Bundle("uji.bpmn", bundle().bpmn.replace(b'targetRef="E"', b'targetRef="tiada"'), FORMS)),
    "an arrow out of a sub-process": ("panah", sub(INSIDE.replace('targetRef="E1"', 'targetRef="E"'))),
    "two flows between one pair": ("panah-ganda", bundle(flows=f"{FLOWS} G>T=dua[${{keputusan == 'tidak'}}]")),
    "unreachable": ("terhubung", bundle(START + TASK + GATE + task("U") + END, FLOWS + " U>E", "S T G U E")),
    "a ring that nobody enters": ("terhubung", bundle(
        START + TASK + GATE + END + task("U") + JOIN.format(id="J").replace("/>", ' default="J_U"/>'),
        f"{FLOWS} U>J J>U J>E{YES}", "S T G E U J")),
    "no way out": ("terhubung", bundle(START + TASK + END, "S>T", "S T E")),
    "an end that goes on": ("terhubung", bundle(flows=FLOWS + " E>T")),
    "two ways out of a task": ("panah-keluar", bundle(START + TASK + END + '<endEvent id="F"/>', "S>T T>E T>F", "S T E F")),
    "never ends": ("sampai-selesai", bundle(START + TASK + task("U") + END, "S>T T>U U>T", "S T U E")),
    "gateways that spin": ("putaran", ring(
        TASK + JOIN.format(id="J") + GATE.replace("G_T", "G_J"), f"S>T T>J J>G G>E{YES} G>J", "S T J G E")),
    "an empty sub-process that spins": ("putaran", ring(
        TASK + JOIN.format(id="J") + '<subProcess id="P" name="P"><startEvent id="PS"/><endEvent id="PE"/>'
        '<sequenceFlow id="P1" sourceRef="PS" targetRef="PE"/></subProcess>' + GATE.replace("G_T", "G_J"),
        f"S>T T>J J>P P>G G>E{YES} G>J", "S T J P G E")),
    # gateways
    "a gateway without a question": ("pertanyaan", bundle(START + TASK + GATE.replace("Disetujui?", "") + END)),
    "no gateway default": ("jalur-bawaan", bundle(START + TASK + GATE.replace(' default="G_T"', "") + END)),
    "a default of another gateway": ("jalur-bawaan", bundle(START + TASK + GATE.replace("G_T", "S_T") + END)),
    "no condition": ("syarat", bundle(flows="S>T T>G G>E G>T")),
    "a default with a condition": ("syarat", bundle(flows=f"S>T T>G G>E{YES} G>T[${{keputusan == 'tidak'}}]")),
    "a condition after a task": ("syarat", bundle(START + TASK + END, f"S>T T>E{YES}", "S T E")),
    "joining and splitting": ("gerbang-ganda", bundle(
        START + TASK + task("U") + GATE + '<exclusiveGateway id="H" name="Lagi?" default="H_T"/>' + END,
        f"S>T T>H H>G{YES} H>T U>G G>E{YES} G>U=G_T", "S T U G H E")),
    "tidak leads on": ("arah-tidak", bundle(
        START + TASK + GATE.replace("G_T", "G_F") + END + '<endEvent id="F" name="Ditolak"/>', f"S>T T>G G>E{YES} G>F", "S T G E F")),
    "an inclusive gateway whose ways end apart": ("gerbang-inklusif", inclusive(
        "A>F B>J J>E", more='<endEvent id="F" name="Lain"/>')),
    "an inclusive gateway in a loop": ("gerbang-inklusif", inclusive(
        f"A>J B>J J>H H>E{YES} H>T", more='<exclusiveGateway id="H" name="Lagi?" default="H_T"/>')),
    "an inclusive join of a parallel fork": ("gerbang-inklusif", bundle(
        START + '<parallelGateway id="P" name="Bersama"/>' + TASK + task("U") + '<inclusiveGateway id="J" name="Gabung"/>' + END,
        "S>P P>T P>U T>J U>J J>E", "S P T U J E")),
    "waiting for one event only": ("gerbang-kejadian", events("S>G G>W W>T T>E")),
    "waiting for a task": ("gerbang-kejadian", events("S>G G>W G>T W>T T>E")),
    "beginning with any of two events": ("gerbang-kejadian", events(more=' instantiate="true"')),
    # timers
    "a cycle timer": ("penghitung-waktu", boundary(timer("R/PT1S", "timeCycle"))),
    "repeating at once, for ever": ("penghitung-waktu", waiting(timer("R/PT0S", "timeCycle"))),
    "a hundred billion years": ("penghitung-waktu", waiting(timer("P99999999999Y"))),
    "no time at all": ("penghitung-waktu", waiting(timer("PT0S"))),
    "an empty timer": ("penghitung-waktu", waiting("<timerEventDefinition/>")),
    "a day that is none": ("penghitung-waktu", waiting(timer("2026-02-30", "timeDate"))),
    "a deadline that is no date": ("penghitung-waktu", simple(task(more=' camunda:formRef="isi" camunda:dueDate="besok"'))),
    "a day gone by": ("waktu-lampau", waiting(timer("2001-01-01", "timeDate"))),
    # people
    "nobody may start": ("pemulai", bundle(process='id="p" isExecutable="true"')),
    "outside every lane": ("pelaksana", bundle(refs="S G E")),
    "a lane without a group": ("pelaksana", bundle(group="")),
    "a lane of strangers": ("kelompok", bundle(group="dewan")),
    "strangers may start": ("kelompok", bundle(process='id="p" isExecutable="true" camunda:candidateStarterGroups="dewan"')),
    "strangers as candidates": ("kelompok", simple(task(more=' camunda:formRef="isi" camunda:candidateGroups="dewan"'))),
    "strangers who record": ("kelompok", simple(task(pencatat="dewan"))),
    "strangers who receive": ("kelompok", each_opd(penerima="dewan")),
    # a step for every OPD
    "OPD all at once": ("opd", simple(task(more=' camunda:formRef="isi" camunda:candidateGroups="opd"'))),
    "a loop cardinality": ("kumpulan", each_opd(fan_out("", inside="<loopCardinality>9</loopCardinality>"))),
    "one OPD after the other": ("kumpulan", each_opd(fan_out(more='isSequential="true"'))),
    "an OPD's answer steering all": ("kumpulan", bundle(
        START + TASK + task("R", "Menyampaikan", ' camunda:formRef="isi" camunda:candidateGroups="opd"', fan_out()) + GATE + END,
        f"S>T T>R R>G G>E{YES} G>T", "S T R G E")),
    "a list that is text": ("daftar", each_opd(fan_out("batas"))),
    "a list that may be empty": ("daftar", bundle(
        START + TASK + task("R", "Menyampaikan", ' camunda:formRef="opd" camunda:candidateGroups="opd"', fan_out()) + END,
        "S>T T>R R>E", "S T R E", forms_with(pilih=form("pilih", opd_list("daftar", required=False))))),
    "a repetition inside a repetition": ("kumpulan", repeated_sub(fan_out() + INSIDE.replace("</userTask>", fan_out() + "</userTask>"))),
    "an item called like a field": ("kumpulan", repeated_sub(fan_out(variable="batas") + INSIDE)),
    "reading outside what is answered in a repetition": (
        "kumpulan", repeated_sub(fan_out() + INSIDE.replace('"isi"', '"dalam"'), asks="dalam_ok")),
    "late papers until nowhere": ("terima-sampai", each_opd(terima_sampai="tiada")),
    # variables
    "a hostile condition": ("ungkapan", bundle(flows="S>T T>G G>E[${keputusan.__class__}] G>T")),
    "a condition of 600 letters": ("ungkapan", bundle(flows=f"S>T T>G G>E[${{keputusan == '{'a' * 600}'}}] G>T")),
    "a hostile timer": ("ungkapan", waiting(timer("${open('x')}"))),
    "a misspelt name": ("variabel", bundle(flows="S>T T>G G>E[${keputusn == 'ya'}] G>T")),
    "a timer that nobody sets": ("variabel", waiting(timer("${tiada}", "timeDate"))),
    "a list nobody fills": ("variabel", each_opd(fan_out("tiada"))),
    "a decision with other values": (
        "keputusan", bundle(forms=forms_with(isi=form("isi", decision("keputusan", ("Setuju", "Tolak")), text("daftar"))))),
    # forms
    "a form that is absent": ("formulir", bundle(forms={"buka": FORMS["buka"]})),
    "a task without a form": ("formulir", simple(task(more=""))),
    "a form with another id": ("formulir", bundle(forms=forms_with(isi=FORMS["isi"].replace(b'"id": "isi"', b'"id": "lain"')))),
    "no opening form": ("formulir", bundle(START.replace(' camunda:formRef="buka"', "") + TASK + GATE + END)),
    "an opening form without a key": ("kunci", bundle(forms=forms_with(buka=form("buka", text("tahun"))))),
    "a regular expression that hangs": ("form-aturan", bundle(forms=forms_with(
        isi=FORMS["isi"].replace(b'"validate": {"required": false}', b'"validate": {"pattern": "(a+)+$"}')))),
    # the sheet
    "no identity": ("identitas", bundle(identity={})),
    "a NIP of 17 digits": ("nip", identity(disahkan_nip="1965100919931010")),
    "in force before it was signed": ("tanggal", identity(tanggal_efektif="2025-12-31")),
    "a date in words": ("tanggal", identity(tanggal_pembuatan="5 Januari 2026")),
    "a row without output": ("mutu-baku", simple(task(keluaran=""))),
    "a task without the words of the SOP": ("uraian", simple(task(uraian=""))),
    "weeks of working days": ("waktu", simple(task(waktu="P2W", satuan="hari-kerja"))),
}  # fmt: skip

GOOD: dict[str, tuple[str, Bundle]] = {
    "the plain one": (
        "xsd xml process ukuran satu-proses dapat-dijalankan id mulai kepanjangan elemen nama kode panah panah-ganda terhubung "
        "panah-keluar sampai-selesai putaran pertanyaan jalur-bawaan syarat gerbang-ganda arah-tidak pemulai pelaksana kelompok "
        "ungkapan variabel keputusan formulir kunci identitas nip tanggal mutu-baku uraian waktu",
        bundle(),
    ),
    "sub-processes four deep": ("kedalaman subproses elemen terhubung panah", nested(4)),
    "a terminating end": ("kejadian", bundle(START + TASK + GATE + END.replace("/>", "><terminateEventDefinition/></endEvent>"))),
    "a deadline that interrupts": ("tempel kejadian penghitung-waktu terhubung", boundary()),
    "a reminder beside the task": ("tempel kejadian", boundary(more=' cancelActivity="false"')),
    "a deadline on a sub-process": ("tempel subproses", boundary(host=SUB.format(inside=INSIDE, more=""))),
    "a drawn data object": ("data elemen", bundle(
        START + TASK + GATE + END + '<dataObjectReference id="D" dataObjectRef="O"/><dataObject id="O"/>')),
    "a ring through a timer": ("putaran", ring(
        TASK + JOIN.format(id="J") + '<intermediateCatchEvent id="W" name="Besok">' + timer("P1D") + "</intermediateCatchEvent>"
        + GATE.replace("G_T", "G_J"), f"S>T T>J J>W W>G G>E{YES} G>J", "S T J W G E")),
    "a ring through a sub-process that works": ("putaran ulang", ring(
        TASK + JOIN.format(id="J") + SUB.format(inside=INSIDE, more="").replace('id="T"', 'id="P"') + GATE.replace("G_T", "G_J"),
        f"S>T T>J J>P P>G G>E{YES} G>J", "S T J P G E")),
    "a wait until a date far ahead": ("penghitung-waktu waktu-lampau", waiting(timer("2030-03-12", "timeDate"))),
    "a wait until a date in a form": ("penghitung-waktu variabel", simple(
        TASK, '<intermediateCatchEvent id="W" name="Tunggu">' + timer("${batas}", "timeDate") + "</intermediateCatchEvent>", ids="T W")),
    "a call": ("panggilan", call()),
    "an error that leaves its sub-process": ("tangkap tempel kejadian", thrown()),
    "a message to an office": ("penerima kelompok", simple(TASK, sending("tu_bagian"), ids="T K")),
    "an inclusive gateway": ("gerbang-inklusif jalur-bawaan syarat", inclusive()),
    "whichever comes first": ("gerbang-kejadian terhubung", events()),
    "a sub-process for every OPD": ("banyak-pelaksana kumpulan opd", repeated_sub(fan_out() + INSIDE)),
    "a step for every OPD": (
        "opd kumpulan daftar terima-sampai banyak-pelaksana kompensasi kelompok", each_opd(terima_sampai="T", penerima="tu_bagian")),
    "a form with a harmless pattern": ("form-aturan", bundle(forms=forms_with(
        isi=FORMS["isi"].replace(b'"validate": {"required": false}', b'"validate": {"pattern": "^[0-9]{4}$"}')))),
}  # fmt: skip


def test_the_good_one_has_no_finding() -> None:
    assert definitions.check(bundle(), GROUPS) == ()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_shipped_drawings_have_no_error(path: Path) -> None:
    assert errors(definitions.read_bundle(path, ROOT / "forms")) == {}


@pytest.mark.parametrize("name", BAD)
def test_a_broken_drawing_is_named_by_its_rule(name: str) -> None:
    rule, broken = BAD[name]
    assert rule in {finding.rule for finding in definitions.check(broken, GROUPS)}, definitions.check(broken, GROUPS)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_drawing_keeps_the_rules(name: str) -> None:
    found = definitions.check(GOOD[name][1], GROUPS)
    assert not {finding.rule for finding in found} & set(GOOD[name][0].split()) and not any(f.severity == "error" for f in found), found


def test_findings_say_file_line_element_and_what_to_do() -> None:
    (finding,) = definitions.check(BAD["a hostile condition"][1])
    assert (finding.file, finding.element, finding.severity) == ("uji.bpmn", "G_E", "error")
    assert finding.line == 1 and finding.message.endswith(".")


def test_a_group_is_strange_only_where_groups_are_known() -> None:
    assert definitions.check(BAD["a lane of strangers"][1]) == ()
    assert [finding.severity for finding in definitions.check(BAD["a lane of strangers"][1], GROUPS)] == ["warning"]


def test_many_findings_are_cut_off_with_a_count() -> None:
    many = bundle(START + "".join(task(f"T{number}", more="") for number in range(250)) + END)
    found = definitions.check(many)
    assert len(found) == 200 and found[-1].rule == "catatan-lain"


def rules_in(path: Path) -> Iterator[str]:
    """The rule ids that a module may say: the constant given as such to a finding."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = {"at": 1, "inside": 1, "whole": 0, "Finding": 4}.get(called)
        given = node.args[place] if place is not None and len(node.args) > place else None
        if isinstance(given, ast.Constant) and isinstance(given.value, str):
            yield given.value


def test_every_rule_has_a_bad_and_a_good_drawing() -> None:
    """By what the sources name: a new rule without fixtures fails here."""
    folder = Path(checking.__file__).parent / "rules"
    named = {rule for path in folder.glob("*.py") for rule in rules_in(path)}
    assert len(named) > 40
    assert named - {rule for rule, _bundle in BAD.values()} == set()
    assert named - {rule for rules, _bundle in GOOD.values() for rule in rules.split()} == set()


def test_every_rule_is_documented() -> None:
    folder = Path(checking.__file__).parent
    named = {rule for path in folder.rglob("*.py") for rule in rules_in(path)}
    text = (ROOT / "docs" / "drawings.md").read_text("utf-8")
    assert {rule for rule in named if f"`{rule}`" not in text} == set()
