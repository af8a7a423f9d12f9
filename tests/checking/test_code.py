"""Uploading never executes: every place of a BPMN file that can hold code is refused, by element and reason.

Each drawing would leave a mark if anything ran what is in it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from app import definitions
from app.definitions import Bundle
from tests.definitions.test_rules import each_opd
from tests.support.bundles import END, FORMS, START, TASK, YES, bundle, fan_out, simple, task
from tests.support.figures import Tally

MARK = Path("/tmp/alur-code-ran")
CODE = f"__import__('pathlib').Path('{MARK}').touch()"
SPIFF = 'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
DMN = 'xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/"'
ZEEBE = 'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'


def extended(extension: str, tag: str = "userTask", more: str = "") -> Bundle:
    inside = f"<extensionElements>{extension}</extensionElements>"
    return simple(f'<{tag} id="X" name="Langkah" camunda:formRef="isi"{more}>{inside}</{tag}>', ids="X")


def caught(definition: str) -> Bundle:
    return simple(TASK, f'<intermediateCatchEvent id="X" name="Tunggu">{definition}</intermediateCatchEvent>', ids="T X")


def beside(inside: str) -> Bundle:
    good = bundle()
    return Bundle(good.file, good.bpmn.replace(b"<process ", inside.encode() + b"<process "), FORMS)


DATA = '<property id="P1"/><dataInputAssociation id="X"><sourceRef>D</sourceRef><targetRef>P1</targetRef>{}</dataInputAssociation>'
OBJECT = '<dataObjectReference id="D" dataObjectRef="O"/><dataObject id="O"/>'

PLACES: dict[str, Bundle] = {
    "a script task": simple(f'<scriptTask id="X" name="x"><script>{CODE}</script></scriptTask>', ids="X"),
    "a condition": bundle(flows=f"S>T T>G G>E=X[{CODE}] G>T"),
    "a script before": extended(f"<spiffworkflow:preScript {SPIFF}>{CODE}</spiffworkflow:preScript>"),
    "a script after": extended(f"<spiffworkflow:postScript {SPIFF}>{CODE}</spiffworkflow:postScript>"),
    "a loop cardinality": simple(task("X", inside=fan_out("", inside=f"<loopCardinality>{CODE}</loopCardinality>")), ids="X"),
    "a completion condition": simple(task("X", inside=fan_out(inside=f"<completionCondition>{CODE}</completionCondition>")), ids="X"),
    "a loop condition": simple(
        task("X", inside=f"<standardLoopCharacteristics><loopCondition>{CODE}</loopCondition></standardLoopCharacteristics>"), ids="X"),
    "a date": caught(f"<timerEventDefinition><timeDate>${{{CODE}}}</timeDate></timerEventDefinition>"),
    "a duration": caught(f"<timerEventDefinition><timeDuration>{CODE}</timeDuration></timerEventDefinition>"),
    "a cycle": caught(f"<timerEventDefinition><timeCycle>{CODE}</timeCycle></timerEventDefinition>"),
    "a conditional event": caught(f"<conditionalEventDefinition><condition>{CODE}</condition></conditionalEventDefinition>"),
    "a message payload": beside(
        f'<message id="X" name="Pesan"><extensionElements><spiffworkflow:messagePayload {SPIFF}>{CODE}</spiffworkflow:messagePayload>'
        "</extensionElements></message>"),
    "a correlation": beside(
        '<message id="M" name="m"/><correlationProperty id="X"><correlationPropertyRetrievalExpression messageRef="M">'
        f"<messagePath>{CODE}</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"),
    "parameters of a service": extended(
        f'<spiffworkflow:serviceTaskOperator {SPIFF} id="http/Get"><spiffworkflow:parameters><spiffworkflow:parameter id="u" '
        f'type="str" value="{CODE}"/></spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>', "serviceTask"),
    "an ad-hoc completion": simple(
        f'<adHocSubProcess id="X" name="x"><completionCondition>{CODE}</completionCondition></adHocSubProcess>', ids="X"),
    "a cell of a decision table": extended(
        f'<dmn:decision {DMN}><dmn:literalExpression><dmn:text>{CODE}</dmn:text></dmn:literalExpression></dmn:decision>'),
    "an activation of a gateway": simple(
        TASK, f'<complexGateway id="X" name="x"><activationCondition>{CODE}</activationCondition></complexGateway>', ids="T X"),
    # beside the seventeen: what other engines run, and what BPMN itself still offers
    "a deadline": simple(task("X", more=f' camunda:formRef="isi" camunda:dueDate="${{{CODE}}}"'), ids="X"),
    "an assignment of data": bundle(
        START + task(inside=DATA.format(f"<assignment><from>{CODE}</from><to>x</to></assignment>")) + END + OBJECT, "S>T T>E", "S T E"),
    "a transformation of data": bundle(
        START + task(inside=DATA.format(f"<transformation>{CODE}</transformation>")) + END + OBJECT, "S>T T>E", "S T E"),
    "an expression for people": simple(task("X", inside=(
        f"<potentialOwner><resourceAssignmentExpression><formalExpression>{CODE}</formalExpression></resourceAssignmentExpression>"
        "</potentialOwner>")), ids="X"),
    "a listener of Camunda": extended('<camunda:executionListener event="start"><camunda:script scriptFormat="js">x</camunda:script>'
                                      "</camunda:executionListener>"),
    "input of Camunda": extended(
        '<camunda:inputOutput><camunda:inputParameter name="x">${x}</camunda:inputParameter></camunda:inputOutput>'),
    "a class of Camunda": simple('<userTask id="X" name="x" camunda:formRef="isi" camunda:class="org.Evil"/>', ids="X"),
    "an expression of Camunda": simple('<userTask id="X" name="x" camunda:formRef="isi" camunda:expression="${evil()}"/>', ids="X"),
    "a mapping of Zeebe": extended(f'<zeebe:ioMapping {ZEEBE}><zeebe:input source="=x" target="y"/></zeebe:ioMapping>'),
    "a condition in another language": Bundle("uji.bpmn", bundle().bpmn.replace(
        b'<sequenceFlow id="G_E"', b'<sequenceFlow id="X"').replace(b"tFormalExpression", b'tFormalExpression" language="groovy'), FORMS),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_code_is_refused_with_its_element_and_a_reason(place: str, tally: Tally) -> None:
    errors = [finding for finding in definitions.check(PLACES[place]) if finding.severity == "error"]
    assert any(finding.element == "X" and len(finding.message) > 20 for finding in errors), errors
    assert not MARK.exists()
    tally("Janji 15", "places that can hold code refused, with their element and a reason")


def test_a_condition_of_ours_in_the_same_places_is_welcome() -> None:
    assert definitions.check(bundle(flows=f"S>T T>G G>E{YES} G>T")) == ()


def test_findings_of_a_deep_extension_are_one() -> None:
    """The outermost part is what has to go."""
    assert [finding.rule for finding in definitions.check(PLACES["input of Camunda"]) if finding.severity == "error"] == ["kode"]


def test_a_fan_out_needs_no_code() -> None:
    assert not [finding for finding in definitions.check(each_opd()) if finding.rule == "kode"]
