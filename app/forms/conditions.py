"""Conditions where they stand in a form: reading them, and whether they ask sensible questions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.forms import feel
from app.forms.feel import Compared, Condition, FeelError
from app.forms.findings import Notes
from app.forms.model import ONE_OF, TEXTS, Field


def condition_of(item: Mapping[str, Any], notes: Notes) -> Condition | None:
    """`conditional.hide` turned into "visible when"; None where the component always shows."""
    conditional = item.get("conditional")
    if not conditional:
        return None
    if not isinstance(conditional, dict) or conditional.keys() - {"hide"}:
        notes.add(item, "form-syarat", "Syarat tampil hanya boleh berupa “Hide if”.")
        return None
    if conditional.get("hide") in (None, "", False):
        return None
    condition = read_condition(item, "Hide if", conditional["hide"], notes)
    return feel.negated(condition) if condition else None


def read_condition(item: Mapping[str, Any], where: str, source: Any, notes: Notes) -> Condition | None:
    try:
        if not isinstance(source, str):
            raise FeelError("harus berupa teks FEEL")
        return feel.read(source)
    except FeelError as error:
        example = '=keputusan = "tidak"'
        notes.add(item, "form-syarat", f"Syarat pada “{where}” tidak dapat dipakai: {error}. Contoh yang dapat dipakai: {example}.")
        return None


def problems_of(condition: Condition, fields: Sequence[Field]) -> Iterator[str]:
    """Sentences about names that no field has and values that no field can take."""
    by_key = {f.key: f for f in fields}
    for test in feel.tests_of(condition.tree):
        f = by_key.get(test.name)
        if f is None:
            yield f"Syarat menyebut “{test.name}”, padahal tidak ada isian dengan kunci itu. Perbaiki kuncinya."
        elif problem := _problem(test, f):
            yield f"Syarat pada “{test.name}” tidak pernah dapat terpenuhi: {problem}."


def _problem(test: Compared, f: Field) -> str | None:
    if f.call is not None:
        return "isian itu dihitung aplikasi sesudah semua syarat"
    if test.bare or isinstance(test.value, bool):
        return None if f.type == "checkbox" and test.op in ("=", "!=") else "ya/tidak hanya untuk kotak centang"
    if test.op not in ("=", "!="):
        numeric = f.type == "number" and isinstance(test.value, int | float)
        return None if numeric else "lebih besar dan lebih kecil hanya untuk isian angka"
    if test.value is None or (test.value == "" and f.type in TEXTS):
        return None
    if isinstance(test.value, str):
        return _problem_with_text(test.value, f)
    return None if f.type == "number" else "angka hanya untuk isian angka"


def _problem_with_text(value: str, f: Field) -> str | None:
    if f.type in ONE_OF and f.source is None:
        return None if value in {o.value for o in f.options} else f"“{value[:40]}” bukan salah satu pilihannya"
    return None if f.type in (*ONE_OF, *TEXTS) else "teks hanya untuk isian teks dan pilihan"
