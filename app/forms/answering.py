"""What was posted to answers, or every problem at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from app.errors import InvalidAnswers
from app.forms.model import JSON, MAX_ROWS, ONE_OF, Choices, Field, Files, Form, Submitted
from app.forms.rows import PASTED, Row, belongs, cell_label, cell_name, rows_in, split_name
from app.forms.showing import date_text, shown
from app.forms.tables import read_table, results
from app.forms.values import Unreadable, value_of

Answers = dict[str, JSON]

_FORMATS = Draft202012Validator.FORMAT_CHECKER


def parse(
    form: Form,
    submitted: Submitted,
    files: Files | None = None,
    choices: Choices | None = None,
    earliest: Mapping[str, date] | None = None,
) -> Answers:
    """Validated answers: {key: JSON value}; what was left empty or is hidden is absent, a checkbox is always there.

    submitted: texts as posted, without the tokens; cells of a table as "capaian.3.target".
    files: attachments already stored, by file field; a file is never read from `submitted`.
    choices: options of the fields with a `source`.
    earliest: {key: first day allowed} of fields whose date must lie ahead; what is no date is not judged.
    Values: dates "2026-03-12", times "10:42:00", both "2026-03-12T10:42:00+07:00", numbers int or float, texts NFC and trimmed,
    choices the option value (a list of them, in the order of the options), files a list of {"id", "nama", …}, tables a list of
    {column: value} without the empty rows. What is calculated is calculated here; a posted value for it is ignored.
    Raises InvalidAnswers only, with one Indonesian sentence for each key, and for each wrong cell under its posted name.
    """
    read = _read_all(form, submitted, files or {}, choices or {})
    kept = visible_answers(form, read.answers)
    asked = {f.key for f in form.fields if f.visible_when is None or f.visible_when.holds(kept)}
    calculated = results(form.fields, kept)
    kept |= {key: value for key, value in calculated.items() if key in asked}
    problems = {name: problem for name, problem in read.problems.items() if _owner(name) in asked or form.field(_owner(name)) is None}
    for name, problem in _broken_rules(form, kept, read.numbers):
        if _owner(name) in asked:
            problems.setdefault(name, problem)
    for key, problem in _too_early(form, kept, earliest or {}):
        problems.setdefault(key, problem)
    if problems:
        raise InvalidAnswers(_in_order(form, problems))
    return kept


def read_so_far(form: Form, submitted: Submitted, choices: Choices) -> Answers:
    """What can be read of a form that is still being filled in; the rest counts as unanswered."""
    return visible_answers(form, _read_all(form, submitted, {}, choices).answers)


def results_so_far(form: Form, submitted: Submitted, choices: Choices) -> dict[str, str]:
    """{key: text} of what the form calculates outside its tables, as its page shows it; absent without a result."""
    if not any(f.call for f in form.fields):
        return {}
    read = _read_all(form, submitted, {}, choices)
    found = results(form.fields, visible_answers(form, read.answers))
    unreadable = {_owner(name) for name in read.problems}
    ready = (f for f in form.fields if f.call and f.key in found and not unreadable & set(f.call.inputs))
    return {f.key: shown(f, found[f.key]) for f in ready}


@dataclass(frozen=True, slots=True)
class _Read:
    """numbers: {table key: the row number on the page of each row of its answer}."""

    answers: Answers
    problems: dict[str, str]
    numbers: dict[str, list[int]]


def _owner(name: str) -> str:
    """The key of the field that a posted name belongs to."""
    return name.partition(".")[0]


def visible_answers(form: Form, answers: Mapping[str, JSON]) -> Answers:
    """Without the values of hidden fields. What a hidden field said does not count for the conditions of others."""
    waiting = {f.key: (f.visible_when, f.visible_when.names) for f in form.fields if f.visible_when is not None}
    kept = {key: value for key, value in answers.items() if key not in waiting}
    # Conditions are free of cycles (a finding otherwise), so each pass settles at least one more of them.
    while ready := [key for key, (_, names) in waiting.items() if not names & waiting.keys()]:
        for key in ready:
            condition, _ = waiting.pop(key)
            if key in answers and condition.holds(kept):
                kept[key] = answers[key]
    return {key: value for key, value in answers.items() if key in kept}


def _read_all(form: Form, submitted: Submitted, files: Files, choices: Choices) -> _Read:
    read = _Read({}, {}, {})
    declared = {f.key: f for f in form.fields}
    for name in [*submitted, *files]:
        known = not declared[name].is_table if name in declared else belongs(form, name) and name not in files
        if not known or (name in files and not declared[name].is_file):
            read.problems[str(name)] = f"Isian “{_shown(name)}” tidak ada dalam formulir ini. Muat ulang halaman, lalu isi kembali."
    rows = rows_in(form.tables, submitted)
    for key, field in declared.items():
        if field.system_set or key in read.problems:
            continue
        if field.is_table:
            _read_table(field, rows[key], submitted, choices, read)
            continue
        try:
            value = (
                _files_of(field, files.get(key))
                if field.is_file
                else value_of(field, _texts(submitted.get(key)), field.options_from(choices))
            )
        except Unreadable as error:
            read.problems[key] = f"{field.name} {error}"
            continue
        if value is not None:
            read.answers[key] = value
    return read


def _read_table(table: Field, rows: Sequence[Row], submitted: Submitted, choices: Choices, read: _Read) -> None:
    found = read_table(table, rows, choices)
    read.problems.update(found.problems)
    read.numbers[table.key] = found.numbers
    if found.rows:
        read.answers[table.key] = found.rows
    # Words still lying beside the table would be lost without a word.
    waiting = submitted.get(f"{table.key}.{PASTED}")
    if waiting and waiting != [""]:
        name = f"{table.key}.{PASTED}"
        read.problems[name] = f"{table.name}: tempelan belum dimasukkan. Tekan “Masukkan ke tabel”, atau kosongkan kotaknya."


def _shown(key: object) -> str:
    """A posted key as it may be repeated on a page and in a log."""
    return "".join(c if c.isprintable() else "?" for c in str(key)[:60])


def _texts(posted: object) -> Sequence[str]:
    if posted is None:
        return ()
    texts = [posted] if isinstance(posted, str) else posted
    if not isinstance(texts, list | tuple) or not all(isinstance(t, str) for t in texts):
        raise Unreadable("tidak dapat dibaca. Isi kembali.")
    return texts


def _files_of(field: Field, stored: object) -> JSON:
    if not stored:
        return None
    if not isinstance(stored, list | tuple) or not all(isinstance(one, Mapping) for one in stored):
        raise Unreadable("tidak dapat dibaca. Unggah kembali.")
    if not all(takes_file(field, str(one.get("nama", ""))) for one in stored):
        raise Unreadable(f"harus berupa berkas {', '.join(part[1:].upper() for part in _extensions(field))}.")
    return [dict(one) for one in stored]


def takes_file(field: Field, filename: str) -> bool:
    wanted = _extensions(field)
    return not wanted or filename.lower().endswith(wanted)


def _extensions(field: Field) -> tuple[str, ...]:
    """Those it takes, () for any. Media types in `accept` only guide the browser's dialog: a file was judged when it was stored."""
    wanted = tuple(part.strip().lower() for part in field.accept.split(",") if part.strip())
    return wanted if all(part.startswith(".") for part in wanted) else ()


def _broken_rules(form: Form, answers: Answers, numbers: Mapping[str, Sequence[int]]) -> Iterator[tuple[str, str]]:
    """(posted name, sentence)."""
    validator = Draft202012Validator(dict(form.schema), format_checker=_FORMATS)
    for error in validator.iter_errors(answers):
        for path in _places(error):
            field = form.field(str(path[0])) if path else None
            if field is None:
                continue
            column = next((c for c in field.columns if len(path) > 2 and c.key == path[2]), None)
            if column is None:
                yield field.key, f"{field.name} {_phrase(field, error)}"
            else:
                number = numbers[field.key][int(path[1])]
                yield cell_name(field.key, number, column.key), f"{cell_label(field, number, column)}: {_phrase(column, error)}"


def _too_early(form: Form, answers: Answers, earliest: Mapping[str, date]) -> Iterator[tuple[str, str]]:
    for field in form.fields:
        first, value = earliest.get(field.key), answers.get(field.key)
        if first is None or field.subtype not in ("date", "datetime") or not isinstance(value, str):
            continue
        if date.fromisoformat(value[:10]) < first:
            yield field.key, f"{field.name} tidak boleh sebelum {date_text(first)}. Isi tanggal itu atau sesudahnya."


def _places(error: ValidationError) -> list[list[str | int]]:
    """Paths of what is wrong: itself, or what is missing in it."""
    path = list(error.absolute_path)
    if error.validator != "required":
        return [path]
    wanted: Any = error.validator_value
    there: Any = error.instance
    return [[*path, key] for key in wanted if key not in there]


def _phrase(field: Field, error: ValidationError) -> str:
    limit: Any = error.validator_value
    match error.validator:
        case "required":
            return missing(field)
        case "const":
            return "belum dicentang."
        case "minimum":
            return f"paling kecil {_plain(limit)}."
        case "maximum":
            return f"paling besar {_plain(limit)}."
        case "minLength":
            return f"paling pendek {limit} huruf."
        case "maxItems" if field.is_table:
            return f"paling banyak {MAX_ROWS} baris."
        case "maxItems":
            return "hanya boleh satu berkas. Hapus berkas yang tidak dipakai."
        case "pattern":
            return f"{(field.pattern_message or 'tidak sesuai dengan bentuk yang diminta').rstrip('.')}."
    return "tidak sesuai dengan yang diminta. Periksa kembali."


def missing(field: Field) -> str:
    if field.is_file:
        return "belum diunggah."
    return "belum dipilih." if field.type in ONE_OF or field.is_many else "belum diisi."


def _plain(number: int | float) -> str:
    return str(number).replace(".", ",")


def _in_order(form: Form, problems: Mapping[str, str]) -> dict[str, str]:
    """In the order of the form: the summary on the page reads downwards."""
    places = {f.key: (place, {column.key: at for at, column in enumerate(f.columns)}) for place, f in enumerate(form.fields)}

    def place(name: str) -> tuple[int, int, int]:
        at, columns = places.get(_owner(name), (len(places), {}))
        cell = split_name(name)
        return (at, cell[1], columns.get(cell[2], 0)) if cell else (at, 0, 0)

    return {name: problems[name] for name in sorted(problems, key=place)}
