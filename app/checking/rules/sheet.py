"""What the official sheet prints: the identity of the SOP and the mutu baku of its rows. All of it warnings: paper can be behind.

Source: PermenPAN-RB 35/2012 (thirteen fields of the identity block; kelengkapan, waktu and output of every row).
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from app.checking.subject import Rule, Subject
from app.errors import Finding

# The fields of the block in its order; "disahkan oleh" is an office, a name and a NIP.
IDENTITY = ("instansi", "nomor", "tanggal_pembuatan", "tanggal_revisi", "tanggal_efektif", "disahkan_jabatan", "judul", "dasar_hukum",
            "keterkaitan", "peringatan", "kualifikasi", "peralatan", "pencatatan")  # fmt: skip
IN_ORDER = ("tanggal_pembuatan", "tanggal_pengesahan", "tanggal_efektif")
MUTU_BAKU = ("kelengkapan", "waktu", "keluaran")


def has_its_identity(subject: Subject) -> Iterator[Finding]:
    identity = subject.drawing.identity
    if missing := [name for name in IDENTITY if not identity.get(name, "").strip()]:
        yield subject.whole("identitas", f"Identitas SOP pada pool belum lengkap: isi {', '.join(missing)}.", "warning")
    nip = identity.get("disahkan_nip", "").strip()
    if nip not in ("", "-") and not re.fullmatch(r"[0-9]{18}", re.sub(r"\s", "", nip)):
        yield subject.whole("nip", f"NIP pengesah “{nip[:40]}” harus 18 angka.", "warning")


def dates_are_in_order(subject: Subject) -> Iterator[Finding]:
    known: list[tuple[str, date]] = []
    for name in (*IN_ORDER, "tanggal_revisi"):
        text = subject.drawing.identity.get(name, "").strip()
        if text in ("", "-"):
            continue
        try:
            known.append((name, date.fromisoformat(text)))
        except ValueError:
            yield subject.whole("tanggal", f"{name} “{text[:40]}” bukan tanggal; tulis seperti 2017-12-08, atau “-”.", "warning")
    dated = [(name, day) for name, day in known if name in IN_ORDER]
    for (earlier, before), (later, after) in pairwise(dated):
        if after < before:
            yield subject.whole("tanggal", f"{later} ({after}) mendahului {earlier} ({before}); periksa naskah aslinya.", "warning")


def rows_are_whole(subject: Subject) -> Iterator[Finding]:
    """The steps of a row share its kelengkapan, waktu and output: one of them has to say it."""
    rows: dict[str, set[str]] = {}
    printed = [element for element in subject.drawing.elements.values() if element.row]
    elements = [element for element in printed if element.is_task or element.tag == "startEvent"]
    for element in elements:
        rows.setdefault(element.row, set()).update(name for name in MUTU_BAKU if element.properties.get(name, "").strip())
    for row, given in rows.items():
        if missing := [name for name in MUTU_BAKU if name not in given]:
            first = next(element for element in elements if element.row == row)
            yield subject.at(first, "mutu-baku", f"Baris {row[:20]} belum lengkap: isi {', '.join(missing)}.", "warning")


def tasks_tell_their_row(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.tasks():
        if not element.uraian and element.asal != "usulan":
            yield subject.at(element, "uraian", f"“{element.name}” belum mempunyai uraian (kata-kata SOP pada barisnya).", "warning")


def norms_can_be_read(subject: Subject) -> Iterator[Finding]:
    for element in subject.drawing.tasks():
        if element.norm_problem:
            yield subject.at(element, "waktu", f"“{element.name}”: {element.norm_problem}", "warning")


RULES: tuple[Rule, ...] = (has_its_identity, dates_are_in_order, rows_are_whole, tasks_tell_their_row, norms_can_be_read)
