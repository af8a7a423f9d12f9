"""Custom properties of a field: what form-js itself has no word for."""

import re
from collections.abc import Mapping
from typing import Any

from app.forms.findings import Notes
from app.forms.model import ONE_OF, SERVICE_UNITS, SOME_OF, TEXTS
from app.formulas import FORMULAS

_SOME_TEXT = r".{1,500}"
_TRUE = r"true|false"

# name -> the values it may take. `wajib_bila` is read as FEEL, `isi_dari` as a source, by the caller.
KNOWN = {
    "wajib": _TRUE,
    "wajib_bila": r".{1,1000}",
    "petunjuk": _SOME_TEXT,
    "tombol": _TRUE,
    "kunci": _TRUE,
    "judul": _SOME_TEXT,
    "sumber": r"opd|unit_layanan|pengguna(?::[a-z][a-z0-9_]{0,63})?",
    "bawaan": r"semua|hari_ini|tahun_lalu|tahun_ini|tahun_depan",
    "pribadi": _TRUE,
    "otomatis": r"paraf|sekarang|nomor:[a-z][a-z0-9_]{0,63}",
    "isi_dari": _SOME_TEXT,
    "salin": r"tidak",
    "surat": r"nomor|tanggal|hal",
    "hitung": "|".join(sorted(FORMULAS)),
    "unggah": r"jawaban_survei",
}

_WITH_SOURCE = {"pengguna": ("textfield",), SERVICE_UNITS: (*ONE_OF, *SOME_OF, "dynamiclist")}


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
    elif problem := _problem(item, kind, name, value):
        notes.add(item, "form-properti", problem)


def _problem(item: Mapping[str, Any], kind: str, name: str, value: str) -> str | None:
    """Why a property does not fit such a component."""
    if name == "sumber" and kind not in _WITH_SOURCE.get(value, (*ONE_OF, *SOME_OF)):
        return (
            "Properti sumber hanya untuk Select, Radio, Checklist, atau Tag list; “unit_layanan” juga untuk Dynamic list; "
            "“pengguna” tanpa kelompok hanya untuk Text field."
        )
    if name == "bawaan" and not _default_fits(item, value):
        return "Properti bawaan: “semua” untuk Checklist dan Tag list, “hari_ini” untuk tanggal, “tahun_…” untuk angka."
    if name == "hitung" and kind != ("number" if FORMULAS[value].gives == "number" else "textfield"):
        return "Properti hitung: Number untuk hasil angka, Text field untuk hasil teks. Untuk Expression tulis rumusnya di Expression."
    if name == "unggah" and kind != "dynamiclist":
        return "Properti unggah hanya untuk Dynamic list."
    if name == "wajib" and kind != "dynamiclist":
        return "Properti wajib hanya untuk Dynamic list. Untuk isian lain centang Required."
    if name == "judul" and kind != "expression":
        return "Properti judul hanya untuk Expression. Untuk isian lain tulis labelnya."
    if name == "surat" and not (kind == "datetime" if value == "tanggal" else kind in TEXTS):
        return "Properti surat: “tanggal” untuk tanggal; “nomor” dan “hal” untuk Text field."
    if name == "otomatis" and not _may_be_set(kind, value):
        return "Properti otomatis: “sekarang” untuk tanggal dan jam; “paraf” dan “nomor:…” untuk Text field."
    return None


def _may_be_set(kind: str, value: str) -> bool:
    return kind == "datetime" if value == "sekarang" else kind in TEXTS


def _default_fits(item: Mapping[str, Any], value: str) -> bool:
    if value == "semua":
        return item["type"] in SOME_OF
    if value.startswith("tahun_"):
        return bool(item["type"] == "number")
    return bool(item["type"] == "datetime" and item.get("subtype", "date") == "date")
