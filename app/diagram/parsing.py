"""BPMN bytes to an lxml tree, or a refusal. The one place of ours that hands a drawing to an XML parser."""

from typing import Any

from lxml import etree

from app.errors import Finding, InvalidBundle

MAX_BYTES = 2 * 1024 * 1024

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"


def parse(bpmn: bytes, file: str = "") -> etree._Element:
    """The ``definitions`` element of a drawing; comments and processing instructions are left out.

    file: the name to show in the finding. Raises InvalidBundle with one finding of rule "xml".
    """
    if len(bpmn) > MAX_BYTES:
        raise _refusal(file, 0, "Berkas diagram lebih besar dari 2 MB. Hapus gambar atau diagram lain di dalamnya, lalu unggah lagi.")
    if b"<!DOCTYPE" in bpmn or b"<!ENTITY" in bpmn:
        raise _refusal(file, _doctype_line(bpmn), "Berkas diagram memuat DOCTYPE atau ENTITY. Hapus baris itu, lalu unggah lagi.")
    try:
        root = etree.fromstring(bpmn, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        where = f" di baris {line}" if line else ""
        message = f"Berkas ini bukan XML yang utuh{where}. Simpan ulang diagram dari editor (BPMN 2.0, UTF-8), lalu unggah lagi."
        raise _refusal(file, line, message) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refusal(file, 1, "Berkas diagram memuat DOCTYPE. Hapus baris itu, lalu unggah lagi.")
    if root.tag != f"{BPMN}definitions":
        raise _refusal(file, line_of(root), "Berkas ini bukan diagram BPMN 2.0. Unggah berkas .bpmn dari editor diagram.")
    return root


def line_of(node: etree._Element) -> int:
    """1-based source line; 0 for a node that was not read from a file."""
    line: Any = node.sourceline  # the stubs do not type it
    return line or 0


def local_name(node: etree._Element) -> str:
    return etree.QName(node).localname


def node_name(node: etree._Element) -> str:
    """The ``name`` as one line of text: modelers store line breaks inside it."""
    return " ".join((node.get("name") or "").split())


def is_true(value: str | None) -> bool:
    """An ``xsd:boolean`` as modelers write it."""
    return (value or "").strip() in ("true", "1")


def _parser() -> etree.XMLParser:
    """A new parser each time: lxml's are not shared between threads without a lock.

    UTF-8 is forced so that the search for DOCTYPE above cannot be evaded with UTF-16.
    """
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )


def _doctype_line(bpmn: bytes) -> int:
    found = [at for mark in (b"<!DOCTYPE", b"<!ENTITY") if (at := bpmn.find(mark)) >= 0]
    return bpmn.count(b"\n", 0, min(found)) + 1


def _refusal(file: str, line: int, message: str) -> InvalidBundle:
    return InvalidBundle([Finding(file=file, line=line, element="", name="", rule="xml", severity="error", message=message)])
