"""The schema of BPMN 2.0 as the library ships it: what does not fit becomes findings that people can act on."""

import io
import re
from collections.abc import Iterator
from functools import cache
from threading import RLock
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator

from app.diagram.parsing import line_of, node_name
from app.errors import Finding

MOST = 10  # findings; after the first few the rest is often their consequence
_NAMED = re.compile(r"attribute '(?:\{[^}]*\})?([^']{1,100})'")

# {kind of libxml2: what is wrong}
SENTENCES = {
    "SCHEMAV_ELEMENT_CONTENT": "Bagian “{tag}” tidak pada tempatnya, atau ada bagian lain yang kurang.",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "Atribut “{attribute}” pada “{tag}” tidak dikenal.",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "Atribut “{attribute}” pada “{tag}” tidak dikenal.",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "Atribut “{attribute}” pada “{tag}” wajib diisi.",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "Isi atribut “{attribute}” pada “{tag}” tidak sah atau sudah dipakai.",
    "SCHEMAV_CVC_ENUMERATION_VALID": "Isi atribut “{attribute}” pada “{tag}” bukan pilihan yang ada.",
}
OTHERWISE = "Bagian “{tag}” tidak sesuai skema BPMN 2.0."
ADVICE = "Perbaiki di editor BPMN 2.0, lalu simpan ulang."


# libxml2 makes its table of types with the first schema it reads: two threads that begin a worker's first requests together each found it
# half made ("not a built-in type"). And what a schema found last stands in the schema itself.
_ONE_AT_A_TIME = RLock()


def validator() -> BpmnValidator:
    """Read once a process, and only by one that checks or parses."""
    with _ONE_AT_A_TIME:
        return _read_schema()


@cache
def _read_schema() -> BpmnValidator:
    return BpmnValidator()


def validate_xsd(tree: etree._Element, file: str) -> Iterator[Finding]:
    """The first findings, each with the nearest element that has an id."""
    document = etree.parse(io.BytesIO(etree.tostring(tree)))  # the stock validator rewrites what it reads
    with _ONE_AT_A_TIME:
        schema: Any = validator().validator
        found = [] if schema.validate(document) else list(schema.error_log)[:MOST]
    prefixes = {prefix: uri for node in tree.iter() for prefix, uri in node.nsmap.items() if prefix} if found else {}
    for entry in found:
        node = _place(tree, entry.path, prefixes)
        owner = next((one for one in (node, *node.iterancestors()) if one.get("id")), node)
        attribute = named[1] if (named := _NAMED.search(entry.message)) else ""
        said = SENTENCES.get(entry.type_name, OTHERWISE).format(tag=etree.QName(node).localname, attribute=attribute)
        yield Finding(file, line_of(node), owner.get("id") or "", node_name(owner), "xsd", "error", f"{said} {ADVICE}")


def _place(tree: etree._Element, path: str | None, prefixes: dict[str, str]) -> etree._Element:
    """The part an entry is about; the whole where the path leads nowhere."""
    try:
        found = tree.getroottree().xpath(path or "/*", namespaces=prefixes)
    except etree.XPathError:
        return tree
    return found[0] if isinstance(found, list) and found and isinstance(found[0], etree._Element) else tree
