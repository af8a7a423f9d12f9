"""Small drawings for tests, written in a line: nodes as BPMN, flows as "A>B", "A>B[condition]", "A>B=id"."""

from __future__ import annotations

import re
from hashlib import sha256

from app.models import Definition

FLOW = re.compile(r"(\w+)>(\w+)(?:=(\w+))?(?:\[(.*?)\])?(?:\s|$)")
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="urn:test">'
)


def drawing_bytes(nodes: str, flows: str, process: str = 'id="p" isExecutable="true" camunda:candidateStarterGroups="tu_bagian"') -> bytes:
    lines = "".join(_flow(*found.groups()) for found in FLOW.finditer(flows))
    return f"{HEAD}<process {process}>{nodes}{lines}</process></definitions>".encode()


def drawing(nodes: str, flows: str) -> Definition:
    """Ready for the engine, as if deployed."""
    content = drawing_bytes(nodes, flows)
    return Definition(digest=sha256(content).hexdigest(), file="uji.bpmn", bpmn=content)


def _flow(source: str, target: str, id: str | None, condition: str | None) -> str:
    inside = f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>' if condition else ""
    return f'<sequenceFlow id="{id or f"{source}_{target}"}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'
