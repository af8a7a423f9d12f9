"""Dynamic lists of form-js to tables, and what is calculated: expressions and the property `hitung`."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.forms.feel import Condition
from app.forms.fields import read_field, read_key, read_prefill, required_when
from app.forms.findings import Notes, plain
from app.forms.model import TEXTS, UNIT, Call, Field
from app.forms.properties import read_properties
from app.formulas import FORMULAS, Columns, Formula

COLUMN_TYPES = ("textfield", "textarea", "number", "datetime", "select", "checkbox", "expression")
COLUMN_PROPERTIES = {"petunjuk", "sumber", "pribadi", "hitung", "judul", "salin"}
MAX_COLUMNS = 30
SURVEYED = FORMULAS["ikm_gabungan"].tables["rekap"]  # the columns that raw answers fill

_TABLE_PARTS = {"id", "type", "label", "path", "components", "conditional", "layout", "properties", "isRepeating", "allowAddRemove",
                "defaultRepetitions", "showOutline", "nonCollapsedItems", "disableCollapse", "verticalAlignment"}  # fmt: skip
_EXPRESSION_PARTS = {"id", "type", "key", "expression", "computeOn", "conditional", "layout", "properties", "label"}
_CALL = re.compile(r"=\s*([a-z][a-z0-9_]*)\(([A-Za-z0-9_, ]*)\)\s*", re.ASCII)


def read_table(item: Mapping[str, Any], component_id: str, visible_when: Condition | None, notes: Notes) -> Field | None:
    """A dynamic list; its Path is the key. form-js has no "required" for it: the property `wajib` asks for one row at least."""
    key = read_key(item, "path", notes)
    if key is None:
        return None
    notes.unknown_parts(item, item.keys() - _TABLE_PARTS)
    properties = read_properties(item, notes)
    label = notes.label(item)
    if not label:
        notes.add(item, "form-label", f"Tabel “{key}” belum punya label. Tulis label yang dibaca pengisi.")
    if item.get("isRepeating") is False or item.get("allowAddRemove") is False:
        notes.add(item, "form-tabel", "Tabel selalu dapat ditambah dan dihapus barisnya. Nyalakan Allow add/delete items.")
    columns = _columns(item, notes)
    check_calls(columns, notes)
    table = Field(
        component_id,
        key,
        "table",
        label,
        help=properties.get("petunjuk", ""),
        required=properties.get("wajib") == "true",
        required_when=required_when(item, properties, notes),
        visible_when=visible_when,
        properties=properties,
        columns=columns,
        prefill=read_prefill(item, properties, columns, notes),
    )
    if table.takes_raw_answers and (problem := _table_misfit(SURVEYED, key, table)):
        notes.add(item, "form-properti", f"Properti unggah: {problem}.")
    if table.lists_service_units and all(column.key != UNIT or column.type not in (*TEXTS, "select") for column in columns):
        message = f"Sumber unit_layanan mengisi kolom “{UNIT}” (Text field, Text area, atau Select). Tambahkan kolomnya."
        notes.add(item, "form-properti", message)
    return table


def _columns(item: Mapping[str, Any], notes: Notes) -> tuple[Field, ...]:
    components = item.get("components")
    if not isinstance(components, list) or not 0 < len(components) <= MAX_COLUMNS:
        notes.add(item, "form-tabel", f"Tabel ini belum punya kolom, atau lebih dari {MAX_COLUMNS}. Seret isian ke dalam Dynamic list.")
        return ()
    columns = tuple(column for one in components if (column := _column(one, item, notes)) is not None)
    if len({column.key for column in columns}) != len(columns):
        notes.add(item, "form-kunci", "Dua kolom tabel ini memakai kunci yang sama. Beri setiap kolom kunci sendiri.")
    if columns and all(column.system_set for column in columns):
        notes.add(item, "form-tabel", "Tidak ada kolom yang dapat diisi. Tambahkan kolom isian.")
    return columns


def _column(one: Any, table: Mapping[str, Any], notes: Notes) -> Field | None:
    kind = one.get("type") if isinstance(one, dict) else None
    if kind not in COLUMN_TYPES:
        allowed = "teks, angka, tanggal, Select, kotak centang, dan Expression"
        notes.add(one if isinstance(one, dict) else table, "form-tabel", f"Kolom tabel hanya boleh {allowed}. Pindahkan isian ini ke luar.")
        return None
    component_id = plain(one, "id", r"[A-Za-z][A-Za-z0-9_-]{0,63}")
    if component_id is None:
        notes.add(one, "form-id", "Komponen ini belum punya ID yang sah. Simpan ulang formulir dari editor formulir.")
    given = one.get("properties")
    outside = set(given) - COLUMN_PROPERTIES if isinstance(given, dict) else set()
    if one.get("conditional") or outside or one.get("readonly") or one.get("disabled"):
        message = (
            "Kolom tabel tidak dapat bersyarat, hanya-baca, atau memakai properti selain petunjuk, sumber, pribadi, salin, dan hitung."
        )
        notes.add(one, "form-tabel", message)
        return None
    if kind == "checkbox" and isinstance(one.get("validate"), dict) and one["validate"].get("required"):
        notes.add(one, "form-tabel", "Kotak centang dalam tabel tidak dapat wajib. Matikan Required.")
        return None
    read = read_expression if kind == "expression" else read_field
    return read(one, component_id or "", None, notes)


def read_expression(item: Mapping[str, Any], component_id: str, visible_when: Condition | None, notes: Notes) -> Field | None:
    """A call of one formula: ``=capaian(realisasi, target)``. form-js has no label for it: the property `judul` is what people read."""
    key = read_key(item, "key", notes)
    if key is None:
        return None
    notes.unknown_parts(item, item.keys() - _EXPRESSION_PARTS)
    properties = read_properties(item, notes)
    label = properties.get("judul", "") or notes.label(item)
    if not label:
        notes.add(item, "form-label", f"Nilai hitungan “{key}” belum punya judul. Tulis properti judul.")
    written = item.get("expression")
    found = _CALL.fullmatch(written) if isinstance(written, str) and len(written) <= 300 else None
    formula = FORMULAS.get(found[1]) if found else None
    if found is None or formula is None:
        message = f"Rumus ini tidak dapat dipakai. Contoh yang dapat dipakai: =capaian(realisasi, target). Rumus: {', '.join(FORMULAS)}."
        notes.add(item, "form-rumus", message)
        return None
    call = Call(found[1], tuple(name.strip() for name in found[2].split(",")))
    if not len(formula.required) <= len(call.inputs) <= len(formula.inputs):
        notes.add(item, "form-rumus", f"Rumus {call.formula} memerlukan {', '.join(formula.inputs)}. Tulis kunci isiannya berurutan.")
        return None
    kind = "number" if formula.gives == "number" else "textfield"
    return Field(
        component_id, key, kind, label, help=properties.get("petunjuk", ""), visible_when=visible_when,
        suffix=formula.unit, properties=properties, call=call,
    )  # fmt: skip


def check_calls(fields: Sequence[Field], notes: Notes) -> None:
    """What a formula is given stands beside it, and is of the kind it takes. fields: of the form, or of one table."""
    by_key = {f.key: f for f in fields}
    for f in fields:
        if f.call is None:
            continue
        formula = FORMULAS[f.call.formula]
        for argument, key in zip(formula.inputs, f.call.inputs, strict=False):
            if problem := _misfit(formula, argument, key, by_key.get(key)):
                notes.add({"id": f.id, "label": f.label}, "form-rumus", f"Rumus {f.call.formula}: {problem}.")


def _misfit(formula: Formula, argument: str, key: str, given: Field | None) -> str | None:
    if argument in formula.tables:
        return _table_misfit(formula.tables[argument], key, given)
    values = formula.choices.get(argument)
    if given is None:
        # `hitung` names no arguments: those that may be missing are taken where they stand.
        return None if values is not None and key == argument else f"isian “{key}” tidak ada di sampingnya"
    if given.system_set:
        return f"“{key}” sendiri diisi aplikasi"
    return _kind_misfit(values, key, given)


def _kind_misfit(values: frozenset[str] | None, key: str, given: Field) -> str | None:
    """values: the options it takes, None for a number."""
    if values is None:
        return None if given.type == "number" else f"“{key}” bukan isian angka"
    fits = given.type in ("select", "radio") and {o.value for o in given.options} <= values and given.options
    return None if fits else f"nilai pilihan “{key}” harus {' atau '.join(sorted(values))}"


def _table_misfit(columns: Columns, key: str, given: Field | None) -> str | None:
    if given is None or not given.is_table:
        return f"tabel “{key}” tidak ada di sampingnya"
    there = {column.key: column for column in given.columns if not column.system_set}
    if missing := [column for column in columns if column not in there]:
        return f"tabel “{key}” belum punya kolom {', '.join(missing)}"
    return next((problem for column, values in columns.items() if (problem := _kind_misfit(values, column, there[column]))), None)
