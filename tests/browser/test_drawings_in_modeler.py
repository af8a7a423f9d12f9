"""Every shipped drawing, opened, linted and saved in the modeler an analyst would use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from tests.support.browser import ROOT, serving

DRAWINGS = sorted((ROOT / "bpmn").rglob("*.bpmn"))
HARNESS = ROOT / ".build" / "harness"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@pytest.fixture(scope="module")
def modeler(chromium: Browser) -> Iterator[Page]:
    if not (HARNESS / "harness.html").exists():
        pytest.fail("The drawing harness is not built: run `make test`.", pytrace=False)
    with serving(HARNESS) as address:
        page = chromium.new_page(base_url=address)
        page.goto("/harness.html")
        page.wait_for_function("window.harnessReady")
        yield page
        page.close()


def check(modeler: Page, xml: str) -> dict[str, Any]:
    result: dict[str, Any] = modeler.evaluate("xml => window.checkDrawing(xml)", xml)
    return result


def test_there_are_drawings() -> None:
    assert DRAWINGS


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_drawing_opens_without_warning_passes_lint_and_survives_a_save(modeler: Page, path: Path) -> None:
    xml = path.read_text(encoding="utf-8")

    result = check(modeler, xml)

    assert result["warnings"] == []
    assert [finding for finding in result["lint"] if finding["category"] == "error"] == []
    before, after = content(xml), content(result["saved"])
    assert sorted((before - after).elements()) == []  # nothing lost
    assert sorted((after - before).elements()) == []  # nothing put in


def test_what_a_modeler_would_lose_is_noticed(modeler: Page) -> None:
    """The library warns of an attribute it does not know and drops what it cannot place: the checks above must see both."""
    xml = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">'
        '<process id="p" isExecutable="true"><startEvent id="s"><hilang/></startEvent></process>'
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="i"><bpmndi:BPMNPlane id="l" bpmnElement="p"/>'
        "</bpmndi:BPMNDiagram></definitions>"
    )

    result = check(modeler, xml)

    assert any("hilang" in warning for warning in result["warnings"])
    assert content(xml) - content(result["saved"])
    assert {"end-event-required", "label-required"} <= {finding["rule"] for finding in result["lint"]}


def content(xml: str) -> Counter[tuple[str, ...]]:
    """What a drawing says, whatever the order, prefixes, indentation and spelling of numbers: one entry an element."""
    root = etree.fromstring(xml.encode(), etree.XMLParser(resolve_entities=False, remove_comments=True, remove_pis=True))
    return Counter(entry(element) for element in root.iter())


def entry(element: etree._Element) -> tuple[str, ...]:
    parent = element.getparent()
    owner = "" if parent is None else parent.get("id") or str(parent.tag)
    attributes = (f"{name}={value_of(element, str(name), str(value))}" for name, value in element.attrib.items())
    return (owner, str(element.tag), *sorted(attributes), (element.text or "").strip())


def value_of(element: etree._Element, name: str, value: str) -> str:
    if name == XSI_TYPE:
        prefix, _, local = value.rpartition(":")
        return f"{{{element.nsmap.get(prefix or None)}}}{local}"
    return f"{float(value):g}" if re.fullmatch(r"-?\d+(\.\d+)?", value) and name in {"x", "y", "width", "height"} else value
