"""docs/bpmn-subset.md, line by line: every element of the BPMN 2.0 schema, drawn, and what the checks say to it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import SpiffWorkflow.bpmn.parser
from lxml import etree

from app import definitions, engine
from app.config import ROOT
from app.definitions import Bundle
from tests.definitions.test_rules import GOOD, INSIDE, boundary, call, each_opd, events, inclusive, sending, sub, thrown
from tests.support.bundles import END, FLOWS, FORMS, GATE, START, TASK, bundle, properties, simple, task, timer

DOCUMENT = (ROOT / "docs" / "bpmn-subset.md").read_text("utf-8")
VERDICTS = dict(re.findall(r"^\| `(\w+)` \| (dijalankan|hanya digambar|ditolak) \|", DOCUMENT, re.MULTILINE))
PARENTS = set(re.findall(r"\w+", DOCUMENT.split("tidak dapat digambar:")[1].split(".")[0]))
XSD = "{http://www.w3.org/2001/XMLSchema}"
DATA = (
    '<property id="P1" name="data"/><dataInputAssociation id="X"><sourceRef>D</sourceRef><targetRef>P1</targetRef>{more}'
    "</dataInputAssociation>"
)
OBJECT = '<dataObjectReference id="D" dataObjectRef="O"/><dataObject id="O"/>'
IO = '<ioSpecification id="X"><dataInput id="I"/><dataOutput id="U"/><inputSet id="A"/><outputSet id="B"/></ioSpecification>'
MESSAGE = '<message id="M" name="Pesan"/>'
OPERATION = (
    '<interface id="N" name="Layanan"><operation id="X" name="Panggil"><inMessageRef>M</inMessageRef></operation></interface>' + MESSAGE
)
RETRIEVAL = ('<correlationPropertyRetrievalExpression id="X" messageRef="M"><messagePath>nomor</messagePath>'
             "</correlationPropertyRetrievalExpression>")  # fmt: skip
NAMELESS = RETRIEVAL.replace(' id="X"', "")
BINDING = '<correlationPropertyBinding id="X" correlationPropertyRef="Q"><dataPath>nomor</dataPath></correlationPropertyBinding>'
TALK = "<participantRef>PA</participantRef><participantRef>PB</participantRef>"
EXPRESSION = "<resourceAssignmentExpression>{}</resourceAssignmentExpression>"


def on_the_way(tag: str, more: str = "", inside: str = "") -> Bundle:
    return simple(TASK, f'<{tag} id="X" name="Elemen"{more}>{inside}</{tag}>', ids="T X")


def beside(inside: str) -> Bundle:
    """A child of the process."""
    return bundle(START + TASK + GATE + END + inside)


def after_lanes(inside: str) -> Bundle:
    """Where the schema wants what stands at the end of a process."""
    good = bundle()
    return Bundle(good.file, good.bpmn.replace(b"</process>", inside.encode() + b"</process>"), good.forms)


def in_a_task(inside: str, more: str = "") -> Bundle:
    return bundle(START + task(inside=inside) + GATE + END + more)


def first_in_a_task(inside: str) -> Bundle:
    good = bundle()
    return Bundle(good.file, good.bpmn.replace(b'camunda:formRef="isi">', b'camunda:formRef="isi">' + inside.encode()), good.forms)


def in_the_file(inside: str, process: bytes = b"<process ") -> Bundle:
    """A child of the definitions."""
    good = bundle()
    return Bundle(good.file, good.bpmn.replace(process, inside.encode() + process), good.forms)


def together(inside: str, first: str = "", partner: str = "") -> Bundle:
    pools = f'<participant id="PA" name="Kita" processRef="p"/><participant id="PB" name="Mitra">{partner}</participant>'
    good = in_the_file(f'{first}<collaboration id="C">{pools}{inside}</collaboration>')
    identity = good.bpmn.split(b"<extensionElements>")[1].split(b"</extensionElements>")[0]
    pool = b'processRef="p"><extensionElements>' + identity + b"</extensionElements></participant>"
    return Bundle(good.file, good.bpmn.replace(b'processRef="p"/>', pool), good.forms)


def caught(kind: str, more: str = "") -> Bundle:
    return simple(TASK, f'<intermediateCatchEvent id="X" name="Tunggu"><{kind}>{more}</{kind}></intermediateCatchEvent>', ids="T X")


def performer(tag: str, inside: str = "<resourceRef>R</resourceRef>") -> Bundle:
    own = "" if 'id="X"' in inside else ' id="X"'
    good = in_a_task(f'<{tag}{own} name="Orang">{inside}</{tag}>')
    root = '<resource id="R" name="Regu"><resourceParameter id="RP" name="p"/></resource>'
    return Bundle(good.file, good.bpmn.replace(b"<process ", root.encode() + b"<process "), good.forms)


def in_a_loop(inside: str) -> Bundle:
    made = each_opd()
    loop = b'camunda:elementVariable="opd" >'
    assert loop in made.bpmn
    return Bundle(made.file, made.bpmn.replace(loop, loop + inside.encode()), made.forms)


WAY = {"task", "manualTask", "receiveTask", "serviceTask", "businessRuleTask", "complexGateway",
       "implicitThrowEvent", "exclusiveGateway", "parallelGateway"}  # fmt: skip
EVENTS = {"messageEventDefinition", "signalEventDefinition", "cancelEventDefinition", "compensateEventDefinition"}  # fmt: skip
ROOTS = {"itemDefinition", "endPoint", "partnerEntity", "partnerRole", "globalTask", "globalUserTask", "globalManualTask",
         "globalBusinessRuleTask", "dataStore", "category"}  # fmt: skip
TELLS = properties({"penerima": "tu_bagian"})
THROW = f'<intermediateThrowEvent id="K" name="Mengabari">{TELLS}<messageEventDefinition/></intermediateThrowEvent>'


def escalated() -> Bundle:
    made = thrown()
    return Bundle(made.file, made.bpmn.replace(b"error", b"escalation"), made.forms)


CHOREOGRAPHY = 'initiatingParticipantRef="PA"'

DRAWN: dict[str, Bundle] = {
    **{tag: on_the_way(tag) for tag in WAY},
    **{tag: caught(tag) for tag in EVENTS},
    **{tag: in_the_file(f'<{tag} id="X"/>') for tag in ROOTS},
    **{tag: bundle() for tag in ("process", "startEvent", "endEvent", "userTask", "sequenceFlow", "lane", "laneSet", "extensionElements")},
    "multiInstanceLoopCharacteristics": each_opd(),
    "subProcess": sub(),
    "callActivity": call(),
    "sendTask": simple(TASK, sending("tu_bagian"), ids="T K"),
    "inclusiveGateway": inclusive(),
    "eventBasedGateway": events("S>T T>G G>W G>V W>E V>F"),
    "intermediateThrowEvent": simple(TASK, THROW, ids="T K"),
    "errorEventDefinition": thrown(),
    "error": thrown(),
    "escalationEventDefinition": escalated(),
    "escalation": escalated(),
    "intermediateCatchEvent": caught("timerEventDefinition", "<timeDuration>P1D</timeDuration>"),
    "timerEventDefinition": caught("timerEventDefinition", "<timeDate>2030-01-01</timeDate>"),
    "boundaryEvent": boundary(timer("P1D")),
    "terminateEventDefinition": GOOD["a terminating end"][1],
    "participant": together(""),
    "collaboration": together(""),
    "scriptTask": on_the_way("scriptTask", inside="<script>1</script>"),
    "script": on_the_way("scriptTask", inside="<script>1</script>"),
    "transaction": simple(TASK, f'<transaction id="X" name="x">{INSIDE}</transaction>', ids="T X"),
    "adHocSubProcess": simple(TASK, '<adHocSubProcess id="X" name="x"/>', ids="T X"),
    "standardLoopCharacteristics": bundle(START + task("X", inside="<standardLoopCharacteristics/>") + END, "S>X X>E", "S X E"),
    "complexBehaviorDefinition": in_a_loop('<complexBehaviorDefinition id="X"><condition>x</condition></complexBehaviorDefinition>'),
    "conditionalEventDefinition": caught("conditionalEventDefinition", "<condition>x</condition>"),
    "linkEventDefinition": Bundle(
        "uji.bpmn", caught("linkEventDefinition").bpmn.replace(b"<linkEventDefinition>", b'<linkEventDefinition name="a">'), FORMS),
    "dataObject": beside('<dataObject id="X"/>'),
    "dataObjectReference": beside('<dataObjectReference id="X" dataObjectRef="O"/><dataObject id="O"/>'),
    "dataState": beside('<dataObject id="O"><dataState id="X" name="final"/></dataObject>'),
    "dataStoreReference": beside('<dataStoreReference id="X"/>'),
    "dataInputAssociation": in_a_task(DATA.format(more=""), OBJECT),
    "dataOutputAssociation": in_a_task('<dataOutputAssociation id="X"><targetRef>D</targetRef></dataOutputAssociation>', OBJECT),
    "assignment": in_a_task(DATA.format(more="<assignment><from>a</from><to>b</to></assignment>"), OBJECT),
    "property": in_a_task('<property id="X"/>'),
    **{tag: in_a_task(IO) for tag in ("ioSpecification", "dataInput", "dataOutput", "inputSet", "outputSet")},
    "ioBinding": Bundle("uji.bpmn", bundle().bpmn.replace(
        b"</extensionElements><laneSet",
        (b'</extensionElements><ioSpecification id="IO"><dataInput id="I"/><dataOutput id="U"/><inputSet id="A"/><outputSet id="B"/>'
         b'</ioSpecification><ioBinding id="X" operationRef="N" inputDataRef="A" outputDataRef="B"/><laneSet')), FORMS),
    "documentation": first_in_a_task("<documentation>Keterangan</documentation>"),
    "textAnnotation": after_lanes('<textAnnotation id="X"><text>Catatan</text></textAnnotation>'),
    "text": after_lanes('<textAnnotation id="X"><text>Catatan</text></textAnnotation>'),
    "association": after_lanes('<textAnnotation id="A"/><association id="X" sourceRef="T" targetRef="A"/>'),
    "group": after_lanes('<group id="X"/>'),
    "categoryValue": in_the_file('<category id="K"><categoryValue id="X" value="Tahap 1"/></category>'),
    "auditing": Bundle("uji.bpmn", bundle().bpmn.replace(b"<laneSet", b"<auditing/><laneSet"), FORMS),
    "monitoring": Bundle("uji.bpmn", bundle().bpmn.replace(b"<laneSet", b"<monitoring/><laneSet"), FORMS),
    "rendering": in_a_task('<rendering id="X"/>'),
    **{tag: performer(tag) for tag in ("resourceRole", "performer", "humanPerformer", "potentialOwner")},
    "resource": performer("performer"),
    "resourceParameter": performer("performer"),
    "resourceParameterBinding": performer("performer", '<resourceRef>R</resourceRef><resourceParameterBinding id="X" parameterRef="RP">'
                                          "<formalExpression>x</formalExpression></resourceParameterBinding>"),
    "resourceAssignmentExpression": performer("performer", EXPRESSION.format("<formalExpression>x</formalExpression>")),
    "formalExpression": performer("performer", EXPRESSION.format('<formalExpression id="X">x</formalExpression>')),
    "expression": performer("performer", EXPRESSION.format('<expression id="X">x</expression>')),
    "participantMultiplicity": together("", partner='<participantMultiplicity maximum="9"/>'),
    "messageFlow": together('<messageFlow id="X" sourceRef="T" targetRef="PB"/>'),
    "message": together('<messageFlow id="F" sourceRef="T" targetRef="PB" messageRef="M"/>', MESSAGE),
    "conversation": together(f'<conversation id="X">{TALK}</conversation>'),
    "subConversation": together(f'<subConversation id="X">{TALK}<conversation id="K">{TALK}</conversation></subConversation>'),
    "callConversation": together(f'<callConversation id="X">{TALK}</callConversation>'),
    "conversationLink": together(
        f'<conversation id="K">{TALK}</conversation><conversationLink id="X" sourceRef="PA" targetRef="K"/>'),
    "conversationAssociation": together(
        f'<conversation id="K">{TALK}</conversation><conversationAssociation id="X" innerConversationNodeRef="K" '
        'outerConversationNodeRef="K"/>'),
    "participantAssociation": together(
        '<participantAssociation id="X"><innerParticipantRef>PA</innerParticipantRef><outerParticipantRef>PB</outerParticipantRef>'
        "</participantAssociation>"),
    "messageFlowAssociation": together(
        '<messageFlow id="F" sourceRef="T" targetRef="PB"/>'
        '<messageFlowAssociation id="X" innerMessageFlowRef="F" outerMessageFlowRef="F"/>'),
    "globalConversation": in_the_file('<globalConversation id="X"/>'),
    "correlationKey": together('<correlationKey id="X" name="nomor"/>'),
    "correlationProperty": in_the_file(f'<correlationProperty id="X" name="q">{NAMELESS}</correlationProperty>{MESSAGE}'),
    "correlationPropertyRetrievalExpression": in_the_file(
        f'<correlationProperty id="Q" name="q">{RETRIEVAL}</correlationProperty>{MESSAGE}'),
    "correlationSubscription": after_lanes('<correlationSubscription id="X" correlationKeyRef="K"/>'),
    "correlationPropertyBinding": after_lanes(
        f'<correlationSubscription id="K1" correlationKeyRef="K">{BINDING}</correlationSubscription>'),
    "choreography": in_the_file('<choreography id="X"/>'),
    "globalChoreographyTask": in_the_file(f'<globalChoreographyTask id="X" {CHOREOGRAPHY}/>'),
    "choreographyTask": on_the_way("choreographyTask", f" {CHOREOGRAPHY}", f"{TALK}<messageFlowRef>F</messageFlowRef>"),
    "subChoreography": on_the_way("subChoreography", f" {CHOREOGRAPHY}", TALK),
    "callChoreography": on_the_way("callChoreography", f" {CHOREOGRAPHY}", TALK),
    "import": in_the_file('<import importType="http://www.w3.org/TR/wsdl20" location="http://alamat.invalid/x" namespace="urn:x"/>'),
    "extension": in_the_file("<extension/>"),
    "relationship": Bundle("uji.bpmn", bundle().bpmn.replace(
        b"</definitions>", b'<relationship id="X" type="mirip"><source>T</source><target>G</target></relationship></definitions>'), FORMS),
    "signal": in_the_file('<signal id="X" name="s"/>'),
    "interface": in_the_file(OPERATION.replace('"N"', '"X"').replace('id="X" name="Panggil"', 'id="Y" name="Panggil"')),
    "operation": in_the_file(OPERATION),
    "globalScriptTask": in_the_file('<globalScriptTask id="X"><script>1</script></globalScriptTask>'),
}  # fmt: skip


def schema() -> etree._Element:
    folder = Path(SpiffWorkflow.bpmn.parser.__file__).parent / "schema"
    return etree.parse(folder / "Semantic.xsd").getroot()


def test_the_document_lists_the_whole_schema() -> None:
    named = {element.get("name") for element in schema().iterchildren(f"{XSD}element")}
    listed = re.findall(r"^\| `(\w+)` \| (?:dijalankan|hanya digambar|ditolak) \|", DOCUMENT, re.MULTILINE)
    assert len(listed) == len(set(listed)) and not set(listed) & PARENTS
    assert set(listed) | PARENTS == named | {"import"}


def test_what_is_called_a_parent_is_only_a_type() -> None:
    """Abstract, or standing in no content model: no drawing can hold it."""
    root = schema()
    abstract = {kind.get("name") for kind in root.iterchildren(f"{XSD}complexType") if kind.get("abstract") == "true"}
    placed = {used.get("ref") for used in root.iter(f"{XSD}element") if used.get("ref")}
    for element in root.iterchildren(f"{XSD}element"):
        if element.get("name") in PARENTS:
            assert element.get("type") in abstract or (element.get("name") not in placed and not element.get("substitutionGroup"))


def test_every_line_is_drawn() -> None:
    assert DRAWN.keys() == VERDICTS.keys()


@pytest.mark.parametrize("tag", [tag for tag, verdict in VERDICTS.items() if verdict != "ditolak"])
def test_what_runs_or_is_only_drawn_has_no_error_and_starts(tag: str) -> None:
    made = DRAWN[tag]
    assert f"<{tag}".encode() in made.bpmn
    assert [finding for finding in definitions.check(made) if finding.severity == "error"] == []
    opened = [task.element for task in engine.dry_start(made.executed, made.file).opened]
    assert opened == (["T.U"] if tag == "callActivity" else ["U"] if b"<subProcess" in made.bpmn else ["T"])


@pytest.mark.parametrize("tag", [tag for tag, verdict in VERDICTS.items() if verdict == "hanya digambar"])
def test_what_is_only_drawn_takes_no_step(tag: str) -> None:
    assert [step.element for step in engine.dry_start(DRAWN[tag].bpmn, "uji.bpmn").steps] == ["S"]


@pytest.mark.parametrize("tag", [tag for tag, verdict in VERDICTS.items() if verdict == "ditolak"])
def test_what_is_refused_is_named(tag: str) -> None:
    made = DRAWN[tag]
    assert f"<{tag}".encode() in made.bpmn
    errors = [finding for finding in definitions.check(made) if finding.severity == "error"]
    assert any(finding.element == "X" for finding in errors), errors
    assert all(finding.message.endswith(".") for finding in errors)


def test_a_drawing_that_is_only_good_draws_nothing_else() -> None:
    """The base of the lines above."""
    assert definitions.check(bundle(flows=FLOWS)) == ()


TAGS = {"exclusive-event-based-gateway": "eventBasedGateway", "subprocess": "subProcess", "expanded-subprocess": "subProcess"}
TRIGGERS = {"timer", "message", "error", "escalation", "terminate", "signal", "conditional", "link", "compensation", "cancel"}


def test_the_editor_offers_nothing_that_is_refused() -> None:
    """Every name of its menu, as the tag of the schema it makes."""
    source = (ROOT / "frontend" / "src" / "js" / "modeler" / "offered.js").read_text("utf-8")
    offered = re.findall(r"'([a-z-]+)'", source.split("const REPLACE = [")[1].split("]")[0])
    assert len(offered) > 20
    for name in offered:
        words = name.removeprefix("non-interrupting-").split("-")
        tag = f"{words[0]}EventDefinition" if words[0] in TRIGGERS else words[0] + "".join(word.title() for word in words[1:])
        assert VERDICTS.get(TAGS.get(name, tag), "dijalankan") != "ditolak", name
