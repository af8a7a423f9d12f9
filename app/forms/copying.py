"""Blanks of a form filled from answers given elsewhere: for last year's case, or with the letter that started another one.

Nothing that was typed is changed; what still stands as the form itself put it (its default) was not typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.forms.answering import read_so_far
from app.forms.feel import Condition
from app.forms.model import JSON, TEXTS, Choices, Field, Form, Submitted
from app.forms.prefilling import fitting
from app.forms.reshaping import ACTION
from app.forms.rows import is_empty, posted, rows_in, split_name, texts_of
from app.forms.showing import as_submitted
from app.forms.values import Unreadable, value_of

Texts = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Filled:
    """submitted: the posted texts with the blanks filled, without the button. names: of the fields that were, in the order of the form."""

    submitted: Texts
    names: tuple[str, ...]


def fill_from_last_year(form: Form, submitted: Submitted, answers: Mapping[str, JSON], choices: Choices) -> Filled:
    """answers: of the same step. What belongs to its own year stays blank: see docs/forms.md, “Salin dari tahun lalu”."""
    return _filled(form, submitted, answers, choices, lambda field: _is_repeated(form, field))


def fill_from_letter(form: Form, submitted: Submitted, answers: Mapping[str, JSON], choices: Choices) -> Filled:
    """answers: of another opening form, which described the same letter: its texts and dates where this form asks for the same."""
    return _filled(form, submitted, answers, choices, is_of_letter)


def _is_repeated(form: Form, field: Field) -> bool:
    """Of a field of the form, or of a column of one of its tables."""
    if field.system_set or field.is_file or field.is_decision or field.is_personal:
        return False
    if field.prefill is not None and not field.prefill.is_of_another_sop:
        return False
    if field.type in ("datetime", "checkbox") or _is_own(field) or field.properties.get("salin") == "tidak":
        return False
    return form.decision is None or not any(form.decision.key in condition.names for condition in _conditions(field))


def is_of_letter(field: Field) -> bool:
    """What an opening form says of its letter, as far as another one may be filled with it."""
    return field.type in (*TEXTS, "datetime") and not (field.system_set or field.is_personal or _is_own(field))


def _is_own(field: Field) -> bool:
    """Part of the key of a case, or filled by the application with the moment, the year or the person."""
    said = field.properties
    return bool({"kunci", "otomatis"} & said.keys()) or said.get("bawaan", "").startswith("tahun_") or said.get("sumber") == "pengguna"


def _conditions(field: Field) -> list[Condition]:
    return [one for one in (field.required_when, field.visible_when) if one is not None]


def _filled(form: Form, submitted: Submitted, answers: Mapping[str, JSON], choices: Choices, wanted: Callable[[Field], bool]) -> Filled:
    texts: Texts = {name: list(values) for name, values in submitted.items() if name != ACTION}
    filled: set[str] = set()
    # Those asked for under a condition come last: what it looks at may just have been filled.
    for field in sorted(filter(wanted, form.fields), key=lambda field: bool(_conditions(field))):
        if not _is_blank(form, field, texts) or not _is_asked(form, field, texts, choices):
            continue
        if found := _texts_of(form, field, answers.get(field.key), choices):
            texts = {name: values for name, values in texts.items() if not _belongs(field, name)} | found
            filled.add(field.key)
    return Filled(texts, tuple(field.name for field in form.fields if field.key in filled))


def _belongs(field: Field, name: str) -> bool:
    return name == field.key or (split_name(name) or ("",))[0] == field.key


def _is_blank(form: Form, field: Field, texts: Texts) -> bool:
    if field.is_table:
        return all(is_empty(field, texts_of(row)) for row in rows_in([field], texts)[field.key])
    typed = [text for text in texts.get(field.key, ()) if text.strip()]
    return not typed or (field.default is not None and typed == as_submitted(form, {field.key: field.default})[field.key])


def _is_asked(form: Form, field: Field, texts: Texts, choices: Choices) -> bool:
    conditions = _conditions(field)
    if not conditions:
        return True
    said = read_so_far(form, texts, choices)
    return all(condition.holds(said) for condition in conditions)


def _texts_of(form: Form, field: Field, value: JSON, choices: Choices) -> Texts:
    """The old answer as this form would be posted with it; {} where it no longer fits."""
    fit = fitting(field, value)
    if fit is None:
        return {}
    if field.is_table:
        return _rows_of(form, field, fit, choices)
    texts = as_submitted(form, {field.key: fit})[field.key]
    if field.is_many:
        known = {option.value for option in field.options_from(choices)}
        texts = [text for text in texts if text in known]
    return {field.key: texts} if texts and _is_readable(field, texts, choices) else {}


def _rows_of(form: Form, table: Field, rows: JSON, choices: Choices) -> Texts:
    raw = rows_in([table], as_submitted(form, {table.key: rows}))[table.key]
    columns = [column for column in table.columns if _is_repeated(form, column)]
    kept = [
        {column.key: text for column in columns if (text := texts.get(column.key, "")) and _is_readable(column, [text], choices)}
        for texts in map(texts_of, raw)
    ]
    return posted(table, [{**table.new_row, **texts} for texts in kept if not is_empty(table, texts)])


def _is_readable(field: Field, texts: list[str], choices: Choices) -> bool:
    try:
        return value_of(field, texts, field.options_from(choices)) is not None
    except Unreadable:
        return False
