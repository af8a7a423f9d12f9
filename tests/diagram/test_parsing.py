"""Which bytes never become a tree."""

import pytest

from app.diagram import MAX_BYTES, parse
from app.errors import Finding, InvalidBundle

MODEL = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
GOOD = f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions {MODEL}><!-- catatan --><process id="p"/></definitions>'
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def refusal(bpmn: bytes) -> Finding:
    with pytest.raises(InvalidBundle) as refused:
        parse(bpmn, "unggahan.bpmn")
    assert len(refused.value.findings) == 1
    return refused.value.findings[0]


def test_good_file_gives_its_definitions():
    assert parse(GOOD.encode()).tag.endswith("}definitions")


def test_comments_are_left_out():
    assert [child.get("id") for child in parse(GOOD.encode())] == ["p"]


def test_finding_names_file_rule_and_severity():
    finding = refusal(b"<a>")
    assert (finding.file, finding.rule, finding.severity) == ("unggahan.bpmn", "xml", "error")


NO_XML = [b"", b"   ", b"bukan xml", b"PK\x03\x04", b"<definitions>", b"\x00" * 40, "<a/>".encode("utf-16")]


@pytest.mark.parametrize("bpmn", NO_XML)
def test_what_is_no_xml_is_refused(bpmn):
    assert "bukan XML yang utuh" in refusal(bpmn).message


def test_broken_xml_names_the_line():
    assert refusal(f"<definitions {MODEL}>\n\n<process>\n</definitions>".encode()).line == 4


def test_doctype_is_refused_with_its_line():
    finding = refusal(f'<?xml version="1.0"?>\n<!DOCTYPE definitions><definitions {MODEL}/>'.encode())
    assert ("DOCTYPE" in finding.message, finding.line) == (True, 2)


def test_billion_laughs_is_refused():
    bomb = f'<!DOCTYPE d [<!ENTITY a0 "ha">{LAUGHS}]><definitions {MODEL}>&a9;</definitions>'
    assert "DOCTYPE" in refusal(bomb.encode()).message


def test_billion_laughs_in_utf_16_is_refused():
    bomb = f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d [<!ENTITY a0 "ha">{LAUGHS}]><definitions {MODEL} name="&a9;"/>'
    assert refusal(bomb.encode("utf-16")).rule == "xml"


def test_external_entity_is_refused():
    thief = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions {MODEL}>&x;</definitions>'
    assert "DOCTYPE" in refusal(thief.encode()).message


def test_file_over_two_megabytes_is_refused():
    assert "2 MB" in refusal(GOOD.encode() + b" " * (2_100_000 - len(GOOD))).message


def test_file_of_exactly_the_limit_is_read():
    assert parse(GOOD.encode().ljust(MAX_BYTES)) is not None


def test_other_xml_is_refused():
    assert "bukan diagram BPMN 2.0" in refusal(b"<html/>").message


def test_definitions_of_another_namespace_are_refused():
    assert "bukan diagram BPMN 2.0" in refusal(b'<definitions xmlns="urn:lain"/>').message


def test_very_deep_nesting_is_refused():
    assert refusal(f"<definitions {MODEL}>{'<process>' * 5000}".encode()).rule == "xml"
