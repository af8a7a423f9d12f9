"""First values that come from earlier answers: the property `isi_dari`.

KS04.batas_waktu_opd         the newest answer of that form (or element) in this case
opd_lakip[*].capaian         the tables of all items of a fan-out in one, the item in the column "opd"
ma4[*].nilai_akhir           one row for each item with its single answer, in a column of that very key
opd_lakip[*]                 the items that answered
opd_lakip[belum]             the items that did not
sop_05_pk:dr09_pk.target     the same in the latest finished case of another SOP
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from app.forms.model import JSON, ONE_OF, SOME_OF, TEXTS, Field, Form, Prefill

ITEM = "opd"  # the column of a compiled table that says whose row it is

# One entry for each task done, newest last: (item of the fan-out or None, its answers; {} for an item that gave none).
Done: TypeAlias = Sequence[tuple[str | None, Mapping[str, JSON]]]
Lookup: TypeAlias = Callable[[str], Done] | Mapping[str, Done]

_SOURCE = re.compile(
    r"((?:[A-Za-z_][A-Za-z0-9_-]{0,63}:)?[A-Za-z][A-Za-z0-9_-]{0,63})(\[\*\]|\[belum\])?(?:\.([A-Za-z][A-Za-z0-9_]{0,63}))?", re.ASCII
)


def read_source(written: str, field_type: str, columns: Sequence[Field]) -> Prefill | str:
    """The source, or the Indonesian sentence that says why it does not fit such a field."""
    found = _SOURCE.fullmatch(written)
    if found is None or (not found[2] and not found[3]) or (found[2] == "[belum]" and found[3]):
        return "Tulis isi_dari sebagai FORMULIR.kunci, FORMULIR[*].kunci, FORMULIR[*], atau FORMULIR[belum]."
    source, key = normal(found[1]), found[3] or ""
    if field_type == "filepicker":
        return "Berkas tidak dapat diisi dari jawaban lain. Hapus properti isi_dari."
    if not found[2]:
        return Prefill(source, key)
    if key and (field_type != "table" or all(column.key != ITEM for column in columns)):
        return f"“[*].{key}” menggabungkan tabel semua OPD: pakai pada daftar berulang yang punya kolom “{ITEM}”."
    if not key and field_type not in SOME_OF:
        return "“[*]” dan “[belum]” tanpa kunci memilih OPD: pakai pada Checklist atau Tag list."
    return Prefill(source, key, "every" if found[2] == "[*]" else "missing")


def normal(name: str) -> str:
    """ "DR09-PK" and "dr09_pk" are the same form."""
    return name.lower().replace("-", "_")


def prefill(form: Form, lookup: Lookup, person: str = "") -> dict[str, JSON]:
    """{key: first value} of the fields with `isi_dari`, and `person` for those with `sumber` = “pengguna”; see `initial`.

    lookup: the tasks done of a source such as "ks04" or "sop_05_pk:dr09_pk" (small letters, "_" for "-"), () for one it does not know.
    A value that does not fit its field is left out. A compiled table is never cut: `parse` says when it has too many rows.
    """
    found: dict[str, JSON] = {}
    for field in form.fields:
        if field.properties.get("sumber") == "pengguna" and person:
            found[field.key] = person
        if field.prefill is None:
            continue
        done = lookup(field.prefill.source) if callable(lookup) else lookup.get(field.prefill.source, ())
        value = fitting(field, _value(field.prefill, done))
        if value is not None:
            found[field.key] = value
    return found


def _value(wanted: Prefill, done: Done) -> JSON:
    if wanted.part == "last":
        return next((answers[wanted.key] for _, answers in reversed(done) if answers.get(wanted.key) is not None), None)
    latest = {item: answers for item, answers in done if item is not None}
    if wanted.part == "missing":
        return [item for item, answers in latest.items() if not answers]
    if not wanted.key:
        return [item for item, answers in latest.items() if answers]
    return [{**row, ITEM: item} for item, answers in latest.items() for row in _rows_for(wanted.key, answers.get(wanted.key))]


def _rows_for(key: str, value: JSON) -> Sequence[Mapping[str, JSON]]:
    """The rows of a table; a single answer makes one row of its own."""
    return _rows(value) if value is None or isinstance(value, list | tuple) else [{key: value}]


def _rows(value: JSON) -> list[Mapping[str, JSON]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list | tuple) else []


def fitting(field: Field, value: JSON) -> JSON:
    """The value as the field stores it, None where it is of another kind: forms change, old answers stay."""
    if field.is_table:
        kept = [{c.key: fit for c in field.columns if (fit := fitting(c, row.get(c.key))) is not None} for row in _rows(value)]
        return [row for row in kept if row] or None
    if field.is_many:
        return [one for one in value if isinstance(one, str)] or None if isinstance(value, list | tuple) else None
    if isinstance(value, bool):
        return value if field.type == "checkbox" else None
    if field.type == "number":
        return value if isinstance(value, int | float) else None
    if field.type in TEXTS and isinstance(value, int | float):
        return str(value)
    return value if isinstance(value, str) and field.type in (*TEXTS, *ONE_OF, "datetime") else None
