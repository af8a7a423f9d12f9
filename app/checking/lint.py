"""bpmnlint's modelling rules, by its port to Python (package ``bpmn-io``), with the settings of ``.bpmnlintrc`` and sentences of ours.

The library is young, so it stands behind this one function: whatever it raises becomes a remark, and it only runs where a check may take
its time (the child process, the terminal).
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from bpmn_io.bpmn_moddle.simple import create_moddle
from bpmn_io.lint import Linter
from bpmn_io.lint.config.recommended import CONFIG
from bpmn_io.lint.resolver import StaticResolver
from lxml import etree

from app.checking.subject import Subject
from app.diagram.parsing import BPMN, line_of, node_name
from app.errors import Finding, Severity

CONFIG_FILE = Path(__file__).parents[2] / ".bpmnlintrc"
RECOMMENDED = frozenset(CONFIG["rules"])
MODULES = {"global": "global_"}

# {rule of bpmnlint: what it means and what to do}; {name} is the element.
SENTENCES = {
    "ad-hoc-sub-process": "Subproses bebas “{name}” tidak boleh memuat kejadian mulai atau selesai; ubah menjadi subproses biasa.",
    "conditional-flows": "Panah “{name}” keluar dari gerbang atau tugas bersyarat, tetapi belum mempunyai syarat; isi syaratnya.",
    "end-event-required": "“{name}” belum mempunyai kejadian selesai; tambahkan.",
    "event-based-gateway": "Gerbang berdasar kejadian “{name}” harus mempunyai sedikitnya dua jalan ke kejadian penangkap.",
    "event-sub-process-typed-start-event": "Kejadian mulai pada subproses kejadian “{name}” harus mempunyai pemicu.",
    "fake-join": "Beberapa panah masuk ke “{name}” tanpa digabungkan; pakai gerbang penggabung bila memang harus saling menunggu.",
    "global": "Pesan, sinyal, galat, atau eskalasi “{name}” tidak dipakai, tanpa nama, atau bernama sama; rapikan atau hapus.",
    "label-required": "Beri nama pada elemen “{name}”.",
    "link-event": "Pasangan kejadian tautan “{name}” belum lengkap atau belum bernama.",
    "no-bpmndi": "“{name}” tidak tampak pada gambar; gambar ulang di editor, atau hapus.",
    "no-complex-gateway": "Gerbang kompleks “{name}” tidak dipakai; ganti dengan gerbang eksklusif atau paralel.",
    "no-disconnected": "“{name}” tidak tersambung ke elemen lain; sambungkan atau hapus.",
    "no-duplicate-sequence-flows": "Panah pada “{name}” digambar dua kali; hapus salah satunya.",
    "no-gateway-join-fork": "Gerbang “{name}” menggabungkan dan memecah sekaligus; pakai dua gerbang.",
    "no-implicit-end": "“{name}” berhenti tanpa kejadian selesai; sambungkan ke kejadian selesai.",
    "no-implicit-split": "“{name}” bercabang tanpa gerbang; pakai gerbang untuk memecah jalan.",
    "no-implicit-start": "“{name}” dimulai tanpa kejadian mulai; sambungkan dari kejadian mulai.",
    "no-inclusive-gateway": "Gerbang inklusif “{name}” sebaiknya diganti dengan gerbang eksklusif atau paralel.",
    "no-overlapping-elements": "“{name}” bertumpuk dengan elemen lain, atau keluar dari bingkainya; geser.",
    "single-blank-start-event": "“{name}” mempunyai lebih dari satu kejadian mulai tanpa pemicu; sisakan satu.",
    "single-event-definition": "Kejadian “{name}” mempunyai lebih dari satu pemicu; sisakan satu.",
    "start-event-required": "“{name}” belum mempunyai kejadian mulai; tambahkan.",
    "sub-process-blank-start-event": "Kejadian mulai di dalam subproses “{name}” tidak boleh mempunyai pemicu.",
    "superfluous-gateway": "Gerbang “{name}” hanya mempunyai satu jalan masuk dan satu jalan keluar; hapus.",
    "superfluous-label": "Nama pada panah “{name}” tidak diperlukan; kosongkan.",
    "superfluous-termination": "Kejadian “{name}” tidak perlu menghentikan yang lain; pakai kejadian selesai biasa.",
}
UNKNOWN = "“{name}” tidak sesuai kebiasaan menggambar BPMN (aturan {rule})."
SEVERITIES: dict[str, Severity] = {"error": "error", "warn": "warning", "info": "info"}


def lint(subject: Subject) -> Iterator[Finding]:
    """Errors and warnings as bpmnlint says; one remark of severity "info" where the linter itself gives up."""
    places = {id: node for node in subject.tree.iter(f"{BPMN}*") if (id := node.get("id"))}
    try:
        reports = _reports(_with_arrows(subject))
    except Exception as error:  # a young library: its faults are not the drawing's
        yield subject.whole("lint", f"Kebiasaan menggambar tidak diperiksa karena pemeriksanya terhenti ({type(error).__name__}).", "info")
        return
    for rule, report in reports:
        id = str(report.get("id") or "")
        node = places.get(id)
        name, line = ("", 0) if node is None else (node_name(node), line_of(node))
        message = SENTENCES.get(rule, UNKNOWN).format(name=(name or id)[:100], rule=rule)
        yield Finding(subject.bundle.file, line, id, name, f"lint-{rule}", SEVERITIES.get(str(report.get("category")), "info"), message)


def _reports(bpmn: str) -> Iterator[tuple[str, dict[str, Any]]]:
    root = create_moddle().from_xml(bpmn).root_element
    found = linter().lint(root)  # type: ignore[arg-type]
    return ((rule, report) for rule, reports in found.items() for report in reports)


def linter() -> Linter:
    """A new one for each drawing: some of its rules remember what they have seen."""
    return Linter({"config": json.loads(CONFIG_FILE.read_text("utf-8")), "resolver": StaticResolver(rules())})


@cache
def rules() -> dict[str, Any]:
    """Every rule, read in. The library's own resolver would look for plug-ins among all that is installed."""
    factories = {name: import_module(f"bpmn_io.lint.rules.{MODULES.get(name, name.replace('-', '_'))}").factory for name in RECOMMENDED}
    return {f"rule:bpmnlint/{name}": factory for name, factory in factories.items()} | {"config:bpmnlint/recommended": CONFIG}


def _with_arrows(subject: Subject) -> str:
    """The file with ``incoming`` and ``outgoing`` as the arrows say: BPMN lets a tool leave them out, the linter looks at nothing else."""
    tree = deepcopy(subject.tree)
    places = {node.get("id"): node for node in tree.iter(f"{BPMN}*")}
    for written in list(tree.iter(f"{BPMN}incoming", f"{BPMN}outgoing")):
        if (around := written.getparent()) is not None:
            around.remove(written)
    for flow in subject.drawing.flows.values():
        for tag, end in (("outgoing", flow.source), ("incoming", flow.target)):
            if (place := places.get(end)) is not None:
                etree.SubElement(place, f"{BPMN}{tag}").text = flow.id
    return etree.tostring(tree, encoding="unicode")
