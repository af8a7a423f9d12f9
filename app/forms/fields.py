"""One field component of form-js to a Field, with a finding for everything that cannot be kept."""

from collections.abc import Mapping
from typing import Any

from app.forms import patterns
from app.forms.conditions import read_condition
from app.forms.feel import WORDS, Condition
from app.forms.findings import Notes, mapping, plain
from app.forms.model import JSON, ONE_OF, SOME_OF, TEXTS, Call, Field, Option, Prefill
from app.forms.prefilling import read_source
from app.forms.properties import read_properties
from app.formulas import FORMULAS

FIELD_TYPES = frozenset({*TEXTS, *ONE_OF, *SOME_OF, "number", "datetime", "checkbox", "filepicker"})
RESERVED = WORDS | {"token", "csrf_token"}

MAX_TEXTFIELD = 500  # characters, where the form says nothing
MAX_TEXTAREA = 20_000
MAX_LENGTH = 100_000
MAX_NUMBER = 10**15  # every integer up to here is exact in JSON and in a browser
MAX_OPTIONS = 1000

_KEY = r"[A-Za-z][A-Za-z0-9_]{0,63}"
_COMMON = {"id", "type", "key", "label", "description", "conditional", "layout", "validate", "disabled", "readonly", "properties",
           "defaultValue"}  # fmt: skip
_OF_TYPE: dict[str, set[str]] = {
    "textfield": {"appearance"},
    "number": {"appearance", "decimalDigits", "increment", "serializeToString"},
    "datetime": {"subtype", "dateLabel", "timeLabel", "timeSerializingFormat", "timeInterval", "use24h"},
    "select": {"values", "valuesKey", "searchable"},
    "radio": {"values", "valuesKey"},
    "checklist": {"values", "valuesKey"},
    "taglist": {"values", "valuesKey"},
    "filepicker": {"accept", "multiple"},
}
_RULES = {"required", "min", "max", "minLength", "maxLength", "pattern", "patternErrorMessage", "validationType"}


def read_field(item: Mapping[str, Any], component_id: str, visible_when: Condition | None, notes: Notes) -> Field | None:
    key = read_key(item, "key", notes)
    if key is None:
        return None
    kind: str = item["type"]
    _check_parts(item, kind, notes)
    properties = read_properties(item, notes)
    label = notes.label(item)
    if not label:
        notes.add(item, "form-label", f"Isian “{key}” belum punya label. Tulis label yang dibaca pengisi.")
    rules = mapping(item, "validate")
    formula = FORMULAS.get(properties.get("hitung", ""))
    found: dict[str, Any] = {
        "help": notes.words(item, "Deskripsi", item.get("description")) or properties.get("petunjuk", ""),
        "subtype": _subtype(item, notes) if kind == "datetime" else "",
        "required": _flag(item, rules, "required", notes) or properties.get("tombol") == "true",
        "required_when": required_when(item, properties, notes),
        "source": properties.get("sumber") if kind in (*ONE_OF, *SOME_OF) else None,
        "readonly": _flag(item, item, "readonly", notes) or _flag(item, item, "disabled", notes),
        "prefix": notes.words(item, "Prefix", mapping(item, "appearance").get("prefixAdorner")),
        "suffix": notes.words(item, "Suffix", mapping(item, "appearance").get("suffixAdorner")) or (formula.unit if formula else ""),
        "call": Call(properties["hitung"], formula.inputs) if formula else None,
        "prefill": read_prefill(item, properties, (), notes),
    }
    found |= _options(item, kind, found["source"], notes) | _limits(item, kind, rules, notes) | _file_part(item, kind, notes)
    found["default"] = _default(item, kind, found.get("options", ()), notes)
    field = Field(component_id, key, kind, label, visible_when=visible_when, properties=properties, **found)
    if properties.get("kunci") == "true" and not field.required:
        notes.add(item, "form-properti", "Isian dengan properti kunci harus wajib diisi. Centang Required.")
    return field


def read_key(item: Mapping[str, Any], name: str, notes: Notes) -> str | None:
    key = plain(item, name, _KEY)
    if key is not None and key not in RESERVED:
        return key
    written = str(item.get(name) or "")[:40]
    notes.add(item, "form-kunci", f"Kunci isian “{written}” tidak dapat dipakai. Pakai huruf, angka, dan garis bawah, diawali huruf.")
    return None


def required_when(item: Mapping[str, Any], properties: Mapping[str, str], notes: Notes) -> Condition | None:
    needed = properties.get("wajib_bila")
    return read_condition(item, "wajib_bila", needed, notes) if needed else None


def read_prefill(item: Mapping[str, Any], properties: Mapping[str, str], columns: tuple[Field, ...], notes: Notes) -> Prefill | None:
    if "isi_dari" not in properties:
        return None
    kind = "table" if item["type"] == "dynamiclist" else str(item["type"])
    source = read_source(properties["isi_dari"], kind, columns)
    if isinstance(source, Prefill):
        return source
    notes.add(item, "form-properti", source)
    return None


def _check_parts(item: Mapping[str, Any], kind: str, notes: Notes) -> None:
    if item.get("valuesExpression") or item.get("isRepeating") or item.get("disallowPassedDates"):
        message = "Pilihan dari rumus, isian berulang, dan larangan tanggal lampau belum didukung. Matikan pengaturan itu."
        notes.add(item, "form-pengaturan", message)
    known = _COMMON | _OF_TYPE.get(kind, set()) | {"valuesExpression", "isRepeating", "disallowPassedDates"}
    notes.unknown_parts(item, item.keys() - known)
    validate = item.get("validate", {})
    if not isinstance(validate, dict):
        notes.add(item, "form-aturan", "Aturan isian ini rusak. Atur ulang di bagian Validation.")
    else:
        notes.unknown_parts(item, validate.keys() - _RULES)


def _flag(item: Mapping[str, Any], where: Mapping[str, Any], name: str, notes: Notes) -> bool:
    value = where.get(name, False)
    if not isinstance(value, bool):
        notes.add(item, "form-aturan", f"“{name}” hanya boleh ya atau tidak, bukan rumus. Untuk wajib bersyarat pakai properti wajib_bila.")
        return False
    return value


def _subtype(item: Mapping[str, Any], notes: Notes) -> str:
    subtype = item.get("subtype", "date")
    if subtype in ("date", "time", "datetime"):
        return str(subtype)
    notes.add(item, "form-jenis", "Jenis tanggal ini tidak dikenal. Pilih Date, Time, atau Date & Time.")
    return "date"


def _options(item: Mapping[str, Any], kind: str, source: str | None, notes: Notes) -> dict[str, Any]:
    if kind not in (*ONE_OF, *SOME_OF) or source:
        return {}
    values = item.get("values")
    if not isinstance(values, list) or not 0 < len(values) <= MAX_OPTIONS:
        notes.add(item, "form-pilihan", "Isian ini belum punya pilihan. Tulis pilihannya, atau isi properti sumber.")
        return {}
    options = [_option(value, item, notes) for value in values]
    if None in options or len({o.value for o in options if o}) != len(options):
        notes.add(item, "form-pilihan", "Setiap pilihan harus punya label dan nilai sendiri. Periksa pilihan yang kosong atau kembar.")
        return {}
    return {"options": tuple(o for o in options if o)}


def _option(value: Any, item: Mapping[str, Any], notes: Notes) -> Option | None:
    if not isinstance(value, dict) or not isinstance(value.get("value"), str) or not value["value"].strip() or len(value["value"]) > 200:
        return None
    label = notes.words(item, "Label pilihan", value.get("label"))
    return Option(value["value"], label) if label else None


def _limits(item: Mapping[str, Any], kind: str, rules: Mapping[str, Any], notes: Notes) -> dict[str, Any]:
    if kind == "number":
        return {
            "minimum": _number(item, rules, "min", -MAX_NUMBER, notes),
            "maximum": _number(item, rules, "max", MAX_NUMBER, notes),
            "decimals": _whole(item, item, "decimalDigits", notes),
        }
    if kind not in TEXTS:
        return {}
    pattern, message = _pattern(item, rules, notes)
    longest = _whole(item, rules, "maxLength", notes) or (MAX_TEXTFIELD if kind == "textfield" else MAX_TEXTAREA)
    return {
        "min_length": _whole(item, rules, "minLength", notes),
        "max_length": min(longest, patterns.MAX_TEXT if pattern else MAX_LENGTH),
        "pattern": pattern,
        "pattern_message": message,
    }


def _number(item: Mapping[str, Any], where: Mapping[str, Any], name: str, otherwise: int, notes: Notes) -> int | float:
    value = where.get(name)
    if value is None or value == "":
        return otherwise
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > MAX_NUMBER:
        notes.add(item, "form-aturan", f"Batas “{name}” harus angka tetap, bukan rumus.")
        return otherwise
    return value


def _whole(item: Mapping[str, Any], where: Mapping[str, Any], name: str, notes: Notes) -> int | None:
    value = where.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_LENGTH:
        notes.add(item, "form-aturan", f"Batas “{name}” harus bilangan bulat dari 0 sampai {MAX_LENGTH}, bukan rumus.")
        return None
    return value


def _pattern(item: Mapping[str, Any], rules: Mapping[str, Any], notes: Notes) -> tuple[str | None, str]:
    kind = rules.get("validationType")
    if kind == "email":
        return patterns.EMAIL, "harus berupa alamat surel, misalnya nama@bintankab.go.id"
    if kind == "phone":
        return patterns.PHONE, "harus berupa nomor telepon, misalnya 0812 3456 7890"
    pattern = rules.get("pattern")
    if not pattern:
        return None, ""
    if not isinstance(pattern, str) or not patterns.is_safe(pattern):
        message = "Pola isian ini tidak dapat dipakai. Tulis pola tanpa kurung ( ) dan tanpa |, dengan sedikit * atau +."
        notes.add(item, "form-aturan", message)
        return None, ""
    return pattern, notes.words(item, "Pesan pola", rules.get("patternErrorMessage"))


def _file_part(item: Mapping[str, Any], kind: str, notes: Notes) -> dict[str, Any]:
    if kind != "filepicker":
        return {}
    return {"accept": notes.words(item, "Supported file formats", item.get("accept")), "multiple": _flag(item, item, "multiple", notes)}


def _default(item: Mapping[str, Any], kind: str, options: tuple[Option, ...], notes: Notes) -> JSON:
    value: JSON = item.get("defaultValue")
    if value is None or value in ("", []):
        return None
    values = {o.value for o in options}
    match value:
        case bool() if kind == "checkbox":
            return value
        case int() | float() if kind == "number" and not isinstance(value, bool):
            return value
        case str() if kind in TEXTS or (kind in ONE_OF and value in values):
            return value
        case list() if kind in SOME_OF and all(isinstance(v, str) and v in values for v in value):
            return value
    notes.add(item, "form-bawaan", "Nilai bawaan isian ini tidak cocok dengan jenis atau pilihannya. Perbaiki Default value.")
    return None
