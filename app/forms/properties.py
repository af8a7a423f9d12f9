"""Custom properties of a field: what form-js itself has no word for."""

import re
from collections.abc import Mapping
from typing import Any

from app.forms.findings import Notes
from app.forms.model import ONE_OF, SOME_OF

_SOME_TEXT = r".{1,500}"
_TRUE = r"true|false"

# name -> the values it may take. `wajib_bila` is read as FEEL by the caller; the last four only travel for now.
KNOWN = {
    "wajib_bila": r".{1,1000}",
    "petunjuk": _SOME_TEXT,
    "tombol": _TRUE,
    "kunci": _TRUE,
    "sumber": r"opd|pengguna:[a-z][a-z0-9_]{0,63}",
    "bawaan": r"semua|hari_ini",
    "pribadi": _TRUE,
    "otomatis": r"paraf|sekarang|nomor:[a-z][a-z0-9_]{0,63}",
    "isi_dari": _SOME_TEXT,
    "hitung": r"[a-z][a-z0-9_]{0,63}",
}


def read_properties(item: Mapping[str, Any], notes: Notes) -> dict[str, str]:
    """Every property as written. A value outside its set is an error, a name nobody knows a warning (a typing slip, most likely)."""
    written = item.get("properties") or {}
    if not isinstance(written, dict) or not all(isinstance(v, str) for v in written.values()):
        notes.add(item, "form-properti", "Properti isian harus berupa pasangan nama dan teks.")
        return {}
    for name, value in written.items():
        _check(item, name, value, notes)
    return dict(written)


def _check(item: Mapping[str, Any], name: str, value: str, notes: Notes) -> None:
    kind = item["type"]
    if name not in KNOWN:
        notes.add(item, "form-properti", f"Properti “{name[:40]}” tidak dikenal. Periksa ejaannya.", "warning")
    elif not re.fullmatch(KNOWN[name], value, re.DOTALL):
        notes.add(item, "form-properti", f"Nilai “{value[:40]}” tidak dapat dipakai untuk properti {name}. Lihat daftar di docs/forms.md.")
    elif name == "sumber" and kind not in (*ONE_OF, *SOME_OF):
        notes.add(item, "form-properti", "Properti sumber hanya untuk Select, Radio, Checklist, atau Tag list.")
    elif name == "bawaan" and not _default_fits(item, value):
        notes.add(item, "form-properti", "Properti bawaan: “semua” hanya untuk Checklist dan Tag list, “hari_ini” hanya untuk tanggal.")


def _default_fits(item: Mapping[str, Any], value: str) -> bool:
    if value == "semua":
        return item["type"] in SOME_OF
    return bool(item["type"] == "datetime" and item.get("subtype", "date") == "date")
