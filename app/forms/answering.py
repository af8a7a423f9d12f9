"""What was posted to answers, or every problem at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from app.errors import InvalidAnswers
from app.forms.model import JSON, ONE_OF, Choices, Field, Files, Form, Submitted
from app.forms.values import Unreadable, value_of

Answers = dict[str, JSON]

_FORMATS = Draft202012Validator.FORMAT_CHECKER


def parse(form: Form, submitted: Submitted, files: Files | None = None, choices: Choices | None = None) -> Answers:
    """Validated answers: {key: JSON value}; what was left empty or is hidden is absent, a checkbox is always there.

    submitted: texts as posted, without the tokens. files: attachments already stored, by file field; a file is never read
    from `submitted`. choices: options of the fields with a `source`.
    Values: dates "2026-03-12", times "10:42:00", both "2026-03-12T10:42:00+07:00", numbers int or float, texts NFC and trimmed,
    choices the option value (a list of them, in the order of the options), files a list of {"id", "nama", …}.
    Raises InvalidAnswers only, with one Indonesian sentence for each key.
    """
    answers, problems = _read_all(form, submitted, files or {}, choices or {})
    kept = visible_answers(form, answers)
    shown = {f.key for f in form.fields if f.visible_when is None or f.visible_when.holds(kept)}
    problems = {key: problem for key, problem in problems.items() if key in shown or form.field(key) is None}
    for key, problem in _broken_rules(form, kept, shown):
        problems.setdefault(key, problem)
    if problems:
        raise InvalidAnswers(_in_order(form, problems))
    return kept


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


def _read_all(form: Form, submitted: Submitted, files: Files, choices: Choices) -> tuple[Answers, dict[str, str]]:
    answers: Answers = {}
    problems: dict[str, str] = {}
    declared = {f.key: f for f in form.fields}
    for key in [*submitted, *files]:
        if key not in declared or (key in files and not declared[key].is_file):
            problems[str(key)] = f"Isian “{_shown(key)}” tidak ada dalam formulir ini. Muat ulang halaman, lalu isi kembali."
    for key, field in declared.items():
        if field.system_set or key in problems:
            continue
        try:
            value = (
                _files_of(field, files.get(key))
                if field.is_file
                else value_of(field, _texts(submitted.get(key)), field.options_from(choices))
            )
        except Unreadable as error:
            problems[key] = f"{field.name} {error}"
            continue
        if value is not None:
            answers[key] = value
    return answers, problems


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
    wanted = [part.strip().lower() for part in field.accept.split(",") if part.strip()]
    # Media types in `accept` only guide the browser's dialog: what a file is, was judged when it was stored.
    if wanted and all(part.startswith(".") for part in wanted):
        for one in stored:
            if not str(one.get("nama", "")).lower().endswith(tuple(wanted)):
                raise Unreadable(f"harus berupa berkas {', '.join(part[1:].upper() for part in wanted)}.")
    return [dict(one) for one in stored]


def _broken_rules(form: Form, answers: Answers, shown: Collection[str]) -> Iterator[tuple[str, str]]:
    validator = Draft202012Validator(dict(form.schema), format_checker=_FORMATS)
    for error in validator.iter_errors(answers):
        for key in _keys(error, answers):
            field = form.field(key)
            if field is not None and key in shown:
                yield key, f"{field.name} {_phrase(field, error)}"


def _keys(error: ValidationError, answers: Answers) -> list[str]:
    if error.absolute_path:
        return [str(error.absolute_path[0])]
    wanted: Any = error.validator_value
    return [key for key in wanted if key not in answers] if error.validator == "required" else []


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
    ordered = {f.key: problems[f.key] for f in form.fields if f.key in problems}
    return ordered | {key: problem for key, problem in problems.items() if key not in ordered}
