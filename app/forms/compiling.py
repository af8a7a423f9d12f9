"""A form-js schema to a Form: walks the components, collects findings, checks what concerns the whole."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from app.errors import Finding
from app.forms import text
from app.forms.conditions import condition_of, problems_of
from app.forms.feel import Condition, both
from app.forms.fields import FIELD_TYPES, read_field
from app.forms.findings import Notes, plain
from app.forms.loading import line_of, load
from app.forms.model import DECISION_VALUES, ONE_OF, Component, Field, Form
from app.forms.schema import schema_of
from app.forms.table_fields import check_calls, read_expression, read_table

MAX_COMPONENTS = 500
MAX_GROUPS = 8
MAX_WORDS = 20_000  # letters of a block of text: cleaning HTML takes time that grows with the square of its depth

# Why a component of form-js is refused: shown to the analyst, and the table in docs/forms.md.
REFUSED = {
    "table": "Tabel form-js hanya menampilkan data. Pakai Dynamic list untuk tabel yang diisi.",
    "iframe": "Bingkai dari situs lain tidak diizinkan. Pakai blok teks dengan tautan.",
    "image": "Gambar tidak diizinkan dalam formulir. Pakai blok teks.",
    "documentPreview": "Pratinjau dokumen disediakan halaman tugas. Hapus komponen ini.",
}
READERS = {**dict.fromkeys(FIELD_TYPES, read_field), "expression": read_expression, "dynamiclist": read_table}
_FORM_PARTS = {"id", "type", "components", "schemaVersion", "exporter", "executionPlatform", "executionPlatformVersion", "versionTag",
               "title"}  # fmt: skip
_GROUP_PARTS = {"id", "type", "label", "components", "showOutline", "conditional", "layout", "verticalAlignment", "path"}
_ID = r"[A-Za-z][A-Za-z0-9_-]{0,63}"


def compile_form(content: bytes, file: str) -> tuple[Form | None, tuple[Finding, ...]]:
    """The form, or None where a finding of severity "error" stands; warnings go with a form. Never raises.

    file: the name shown in findings.
    """
    loaded = load(content, file)
    if isinstance(loaded, Finding):
        return None, (loaded,)
    notes = Notes(file, lambda component_id: line_of(content, component_id))
    form = _form(loaded, notes)
    return (None if notes.has_errors else form), tuple(notes.found)


def _form(document: dict[str, Any], notes: Notes) -> Form | None:
    if document.get("type") != "default" or not isinstance(document.get("components"), list):
        notes.add({}, "form-json", "Berkas ini bukan formulir form-js. Unggah berkas .form dari editor formulir.")
        return None
    form_id = plain(document, "id", _ID)
    if form_id is None:
        notes.add({}, "form-id", "Formulir belum punya ID yang sah. Beri ID dari huruf, angka, _ atau -, misalnya “pf04”.")
    notes.unknown_parts({}, document.keys() - _FORM_PARTS)
    walk = _Walk(notes)
    components = walk.read_all(document["components"], None, 0)
    fields = tuple(walk.fields)
    _check_whole(fields, walk, notes)
    title = notes.words({}, "title", document.get("title")) or form_id or ""
    if notes.has_errors:
        return None
    return Form(form_id or "", title, components, fields, schema_of(form_id or "", title, fields), notes.file)


class _Walk:
    """Reads components in order; `fields`, `ids` and `conditions` collect what the checks of the whole need."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.fields: list[Field] = []
        self.ids: list[str] = []
        self.conditions: list[tuple[dict[str, Any], Condition]] = []

    def read_all(self, items: Sequence[Any], around: Condition | None, depth: int) -> tuple[Component, ...]:
        return tuple(component for item in items if (component := self.read(item, around, depth)) is not None)

    def read(self, item: Any, around: Condition | None, depth: int) -> Component | None:
        if not isinstance(item, dict):
            self.notes.add({}, "form-json", "Ada komponen yang rusak. Simpan ulang formulir dari editor formulir.")
            return None
        if len(self.ids) >= MAX_COMPONENTS or depth > MAX_GROUPS:
            if not self.notes.has_rule("form-besar"):
                limits = f"paling banyak {MAX_COMPONENTS} komponen dan {MAX_GROUPS} lapis kelompok"
                self.notes.add(item, "form-besar", f"Formulir terlalu besar. Pakai {limits}.")
            return None
        component_id = plain(item, "id", _ID)
        if component_id is None:
            self.notes.add(item, "form-id", "Komponen ini belum punya ID yang sah. Simpan ulang formulir dari editor formulir.")
        self.ids.append(component_id or "")
        own = condition_of(item, self.notes)
        if own is not None:
            self.conditions.append((item, own))
        return self._typed(item, component_id or "", own, around, depth)

    def _typed(self, item: dict[str, Any], cid: str, own: Condition | None, around: Condition | None, depth: int) -> Component | None:
        kind = item.get("type")
        if kind == "group":
            return self._group(item, cid, own, around, depth)
        if isinstance(kind, str) and kind in READERS:
            return self._field(item, cid, own, around)
        if kind in ("text", "html"):
            return self._text(item, cid, own)
        if kind in ("separator", "spacer"):
            return Component(cid, str(kind), visible_when=own)
        if kind == "button":
            self.notes.add(item, "form-tombol", "Tombol dalam formulir tidak dipakai: halaman tugas sudah punya tombol kirim.", "warning")
            return None
        reason = REFUSED.get(kind) if isinstance(kind, str) else None
        unknown = f"Jenis komponen “{str(kind)[:40]}” tidak dikenal. Pakai komponen dari daftar docs/forms.md."
        self.notes.add(item, "form-jenis", reason or unknown)
        return None

    def _group(self, item: dict[str, Any], cid: str, own: Condition | None, around: Condition | None, depth: int) -> Component | None:
        children = item.get("components", [])
        if item.get("path") or item.get("isRepeating") or not isinstance(children, list):
            self.notes.add(item, "form-kelompok", "Kelompok tidak boleh punya Path dan tidak boleh berulang. Kosongkan kolom Path.")
            return None
        self.notes.unknown_parts(item, item.keys() - _GROUP_PARTS)
        label = self.notes.label(item)
        inside = self.read_all(children, both(around, own), depth + 1)
        return Component(cid, "group", label, components=inside, visible_when=own)

    def _text(self, item: dict[str, Any], cid: str, own: Condition | None) -> Component | None:
        source = item.get("text" if item["type"] == "text" else "content")
        if not isinstance(source, str) or self.notes.is_template(item, source):
            self.notes.add(item, "form-teks", "Blok teks hanya boleh memuat teks tetap, tanpa {{ }} dan tanpa rumus.")
            return None
        if len(source) > MAX_WORDS:
            self.notes.add(item, "form-teks", f"Blok teks terlalu panjang: paling banyak {MAX_WORDS} huruf. Pecah atau ringkas teksnya.")
            return None
        html = text.from_markdown(source) if item["type"] == "text" else text.from_html(source)
        return Component(cid, "text", html=html, visible_when=own)

    def _field(self, item: dict[str, Any], cid: str, own: Condition | None, around: Condition | None) -> Component | None:
        found = READERS[item["type"]](item, cid, both(around, own), self.notes)
        if found is None:
            return None
        self.ids.extend(column.id for column in found.columns)
        self.fields.append(found)
        if found.required_when is not None:
            self.conditions.append((item, found.required_when))
        return Component(cid, "field", found.label, found, visible_when=own)


def _check_whole(fields: Sequence[Field], walk: _Walk, notes: Notes) -> None:
    for repeated in _repeated(i for i in walk.ids if i):
        notes.add({"id": repeated}, "form-id", f"ID “{repeated}” dipakai dua kali. Beri setiap komponen ID sendiri.")
    for repeated in _repeated(f.key for f in fields):
        notes.add({"id": repeated}, "form-kunci", f"Kunci “{repeated}” dipakai dua kali. Beri setiap isian kunci sendiri.")
    for item, condition in walk.conditions:
        for problem in problems_of(condition, fields):
            notes.add(item, "form-syarat", problem)
    check_calls(fields, notes)
    _check_cycles(fields, notes)
    _check_decision(fields, notes)


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def _check_cycles(fields: Sequence[Field], notes: Notes) -> None:
    """A field that hides itself, also in a round of several, has no right answer."""
    waiting = {f.key: set(f.visible_when.names) for f in fields if f.visible_when is not None}
    while free := [key for key, needs in waiting.items() if not needs & waiting.keys()]:
        for key in free:
            del waiting[key]
    for f in fields:
        if f.key in waiting:
            message = "Syarat tampil isian ini berputar ke dirinya sendiri. Ubah salah satu syaratnya."
            notes.add({"id": f.id, "label": f.label}, "form-syarat", message)


def _check_decision(fields: Sequence[Field], notes: Notes) -> None:
    decisions = [f for f in fields if f.is_decision]
    for f in decisions:
        if f.type not in ONE_OF or {o.value for o in f.options} != DECISION_VALUES or f.source or f.visible_when or f.system_set:
            message = "Isian dengan properti tombol harus berjenis Radio atau Select, selalu tampil, dengan tepat dua nilai: ya dan tidak."
            notes.add({"id": f.id, "label": f.label}, "form-keputusan", message)
    for f in decisions[1:]:
        notes.add({"id": f.id, "label": f.label}, "form-keputusan", "Satu formulir hanya boleh punya satu isian dengan properti tombol.")
