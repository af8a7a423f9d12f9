"""The process as a whole: one, executable, of a size that people can read, begun in one place by somebody."""

from collections.abc import Iterator

from lxml import etree

from app.checking.subject import Rule, Subject
from app.diagram.parsing import BPMN
from app.errors import Finding

# Names the engine gives to steps of its own, in the same table: a drawn step of that name would take their place.
ENGINE_IDS = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})
ENGINE_ENDINGS = (".EndJoin", ".BoundaryEventSplit", ".BoundaryEventJoin")
MAX_DEPTH = 4  # sub-processes within sub-processes


def is_single(subject: Subject) -> Iterator[Finding]:
    drawing = subject.drawing
    if drawing.processes != 1:
        yield subject.whole("satu-proses", f"Satu berkas memuat satu proses; berkas ini memuat {drawing.processes}.")
    if not drawing.process_id:
        yield subject.whole("id", "Proses belum mempunyai id; isi id proses pada panel properti.")
    if not drawing.executable:
        yield subject.whole("dapat-dijalankan", "Tandai proses “Executable” (isExecutable) pada panel properti.")


def is_flat(subject: Subject) -> Iterator[Finding]:
    deepest = max(subject.scopes, key=_depth)
    if _depth(deepest) > MAX_DEPTH:
        yield subject.inside(
            deepest, "kedalaman", f"Subproses bertumpuk {_depth(deepest)} tingkat; paling banyak {MAX_DEPTH}. Ratakan susunannya."
        )


def has_ids(subject: Subject) -> Iterator[Finding]:
    drawing = subject.drawing
    for line in drawing.missing_ids:
        yield Finding(subject.bundle.file, line, "", "", "id", "error", "Elemen pada baris ini tidak mempunyai id.")
    for id in drawing.duplicates:
        yield Finding(subject.bundle.file, 0, id, "", "id", "error", f"Id “{id}” dipakai lebih dari satu kali; beri id yang berbeda.")
    for element in drawing.elements.values():
        if element.id in ENGINE_IDS or element.id.endswith(ENGINE_ENDINGS):
            yield subject.at(element, "id", f"Id “{element.id}” dipakai mesin untuk dirinya sendiri; ubah, misalnya menjadi “Langkah_1”.")


def begins_once(subject: Subject) -> Iterator[Finding]:
    drawing = subject.drawing
    starts = [element for element in drawing.elements.values() if element.tag == "startEvent" and element.parent == drawing.process_id]
    if len(starts) != 1:
        yield subject.whole("mulai", f"SOP mempunyai tepat satu kejadian mulai; diagram ini mempunyai {len(starts)}.")


def _depth(scope: etree._Element) -> int:
    return sum(1 for around in scope.iterancestors() if around.tag != f"{BPMN}definitions")


def fits(subject: Subject) -> Iterator[Finding]:
    """The database keeps these; a longer one would be cut or refused there, in the middle of somebody's work."""
    drawing = subject.drawing
    kept = [("Id proses", drawing.process_id, 100), ("Judul SOP", drawing.identity.get("judul") or drawing.process_name, 300)]
    kept += [("Kode SOP", drawing.identity.get("kode", ""), 20), ("Singkatan SOP", drawing.identity.get("singkatan", ""), 60)]
    kept += [("Nama lane", lane.name, 200) for lane in drawing.lanes]
    kept += [(f"Kelompok pada lane “{lane.name[:60]}”", group, 64) for lane in drawing.lanes for group in lane.groups]
    for what, text, most in kept:
        if len(text) > most:
            yield subject.whole("kepanjangan", f"{what} “{text[:60]}…” lebih dari {most} huruf; singkatkan.")
    for element in drawing.elements.values():
        own = [("Id", element.id, 100), ("Nama", element.name, 300), ("Baris", element.row, 10), ("Nama formulir", element.form or "", 100)]
        own += [("Kelompok", group, 64) for group in (*element.candidate_groups, *element.recorders)]
        for what, text, most in own:
            if len(text) > most:
                yield subject.at(element, "kepanjangan", f"{what} “{text[:60]}…” lebih dari {most} huruf; singkatkan.")


RULES: tuple[Rule, ...] = (is_single, is_flat, has_ids, begins_once, fits)
