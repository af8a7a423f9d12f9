"""Fields to a closed JSON Schema (draft 2020-12) of the stored answers, conditions included as if/then."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from app.forms.feel import Both, Compared, Condition, Either, Fixed, Node, Not, Unless, both
from app.forms.model import MAX_RESULT, MAX_ROWS, ONE_OF, TEXTS, Field

Schema: TypeAlias = dict[str, Any]

_BOUNDS = {"<": "exclusiveMaximum", "<=": "maximum", ">": "exclusiveMinimum", ">=": "minimum"}
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MOMENTS: dict[str, Schema] = {
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"},  # format "time" asks for a time zone
    "datetime": {"type": "string", "format": "date-time"},
}


def schema_of(form_id: str, title: str, fields: Sequence[Field]) -> Schema:
    """One property a field; nothing else is allowed."""
    schema: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:alur:formulir:{form_id}",
        "title": title,
        "type": "object",
        "additionalProperties": False,
        "properties": {f.key: {"title": f.label, **_value_schema(f)} for f in fields},
        "required": [f.key for f in fields if f.required and f.visible_when is None and not f.system_set],
    }
    if rules := list(_conditional_requirements(fields)):
        schema["allOf"] = rules
    return schema


def _conditional_requirements(fields: Sequence[Field]) -> Iterator[Schema]:
    for f in fields:
        if f.system_set:
            continue
        when = f.visible_when if f.required else both(f.visible_when, f.required_when) if f.required_when else None
        if when is not None:
            answered: Schema = {"properties": {f.key: {"const": True}}} if f.type == "checkbox" else {}
            yield {"if": condition_schema(when), "then": {"required": [f.key], **answered}}


def _value_schema(f: Field) -> Schema:
    if f.is_table:
        return {"type": "array", "minItems": 1, "maxItems": MAX_ROWS, "items": _row_schema(f.columns)}
    if f.call is not None:
        return {"type": "number"} if f.type == "number" else {"type": "string", "minLength": 1, "maxLength": MAX_RESULT}
    if f.type in TEXTS:
        return _present({"type": "string", "minLength": f.min_length or 1, "maxLength": f.max_length, "pattern": f.pattern})
    if f.type == "number":
        return _present({"type": "integer" if f.decimals == 0 else "number", "minimum": f.minimum, "maximum": f.maximum})
    if f.type == "datetime":
        return _MOMENTS[f.subtype]
    if f.type == "checkbox":
        return {"const": True} if f.required and f.visible_when is None else {"type": "boolean"}
    if f.is_file:
        return _present({"type": "array", "minItems": 1, "maxItems": None if f.multiple else 1, "items": _FILE})
    one: Schema = {"type": "string", "minLength": 1} if f.source else {"enum": [o.value for o in f.options]}
    return one if f.type in ONE_OF else {"type": "array", "minItems": 1, "uniqueItems": True, "items": one}


def _row_schema(columns: Sequence[Field]) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {c.key: {"title": c.label, **_value_schema(c)} for c in columns},
        "required": [c.key for c in columns if c.required and not c.system_set],
    }


_FILE: Schema = {
    "type": "object",
    "required": ["id", "nama"],
    "properties": {
        "id": {"type": "string", "minLength": 1},
        "nama": {"type": "string", "minLength": 1},
        "ukuran": {"type": "integer", "minimum": 0},
    },
}


def _present(schema: Schema) -> Schema:
    return {name: value for name, value in schema.items() if value is not None}


def condition_schema(condition: Condition) -> Schema:
    """Valid for exactly the answers for which the condition holds (a property test compares both)."""
    return _true(condition.tree)


def _true(node: Node) -> Schema:
    match node:
        case Fixed(value):
            return {} if value else {"not": {}}
        case Compared():
            return _compared(node, node.op)
        case Not(inner):
            return _false(inner)
        case Unless(inner):
            return {"not": _true(inner)}
        case Both():
            return {"allOf": [_true(part) for part in _parts(node, Both)]}
        case Either():
            return {"anyOf": [_true(part) for part in _parts(node, Either)]}


def _false(node: Node) -> Schema:
    """Valid where the node is false: not the same as "not true", for a comparison with null is neither."""
    match node:
        case Fixed(value):
            return {"not": {}} if value else {}
        case Compared(name, op, _, bare):
            if bare:
                return _holding(name, {"const": False})
            return _compared(node, _OPPOSITE[op]) if op in _OPPOSITE else {"not": _compared(node, op)}
        case Not(inner):
            return _true(inner)
        case Unless(inner):
            return _true(inner)
        case Both():
            return {"anyOf": [_false(part) for part in _parts(node, Both)]}
        case Either():
            return {"allOf": [_false(part) for part in _parts(node, Either)]}


def _compared(test: Compared, op: str) -> Schema:
    if op == "!=":
        return {"not": _compared(test, "=")}
    if op in _BOUNDS:
        return _holding(test.name, {"type": "number", _BOUNDS[op]: test.value})
    if test.value in (None, ""):
        return {"not": {"required": [test.name]}}
    return _holding(test.name, {"const": test.value})


def _holding(name: str, value: Schema) -> Schema:
    return {"required": [name], "properties": {name: value}}


def _parts(node: Node, kind: type[Both] | type[Either]) -> Iterator[Node]:
    """A chain of one kind as a flat list: the validator recurses once per nesting."""
    if isinstance(node, Both | Either) and isinstance(node, kind):
        yield from _parts(node.left, kind)
        yield from _parts(node.right, kind)
    else:
        yield node
