"""Bytes of a `.form` file to a JSON object, or one finding. Hostile files stop here."""

import json
import re
from collections.abc import Mapping
from typing import Any

from app.errors import Finding, InvalidBundle

MAX_BYTES = 512 * 1024
MAX_DEPTH = 24

_AGAIN = "Simpan ulang formulir dari editor formulir, lalu unggah lagi."
_MARK = re.compile(rb'\\.|["\[\]{}]', re.DOTALL)


class _Refused(ValueError):
    """``str(error)`` is the whole Indonesian sentence."""


def load(content: bytes, file: str) -> dict[str, Any] | Finding:
    try:
        return _object(content)
    except json.JSONDecodeError as error:
        return _finding(file, error.lineno, f"Berkas ini bukan JSON yang utuh. {_AGAIN}")
    except UnicodeDecodeError:
        return _finding(file, 0, f"Huruf dalam berkas ini bukan UTF-8. {_AGAIN}")
    except _Refused as error:
        return _finding(file, 0, str(error))
    except (ValueError, RecursionError):  # a number of five thousand digits, say
        return _finding(file, 0, f"Isi berkas ini tidak dapat dibaca. {_AGAIN}")


def form_id_of(content: bytes, file: str) -> str:
    """The id by which drawings name this form, whatever the file is called. Raises InvalidBundle with one finding."""
    loaded = load(content, file)
    if isinstance(loaded, Finding):
        raise InvalidBundle([loaded])
    found = loaded.get("id")
    if not isinstance(found, str) or not found:
        raise InvalidBundle([Finding(file, 0, "", "", "form-id", "error", "Formulir ini belum mempunyai id. Isi di editor formulir.")])
    return found


def line_of(content: bytes, component_id: str) -> int:
    """1-based line on which a component's id first stands; 0 if it is written otherwise."""
    at = content.find(json.dumps(component_id).encode()) if component_id else -1
    return content.count(b"\n", 0, at) + 1 if at >= 0 else 0


def _object(content: bytes) -> dict[str, Any]:
    if len(content) > MAX_BYTES:
        raise _Refused("Berkas formulir lebih besar dari 512 KB. Hapus gambar atau teks yang panjang, lalu unggah lagi.")
    if _depth(content) > MAX_DEPTH:
        raise _Refused("Susunan formulir terlalu dalam. Kurangi kelompok di dalam kelompok, lalu unggah lagi.")
    loaded = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    if not isinstance(loaded, dict):
        raise _Refused("Berkas ini bukan formulir. Unggah berkas .form dari editor formulir.")
    try:
        json.dumps(loaded, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:  # lone surrogates would break the page, infinite numbers the schema
        raise _Refused("Berkas ini memuat huruf atau angka yang rusak. Ketik ulang bagian itu di editor formulir.") from error
    return loaded


def _depth(content: bytes) -> int:
    """Nesting of brackets, counted before the JSON parser recurses over them."""
    deepest = depth = 0
    inside_text = False
    for found in _MARK.finditer(content):
        mark = found[0]
        if mark == b'"':
            inside_text = not inside_text
        elif inside_text:
            continue
        elif mark in (b"[", b"{"):
            depth += 1
            deepest = max(deepest, depth)
        elif mark in (b"]", b"}"):
            depth -= 1
    return deepest


def _no_duplicates(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused("Berkas ini memuat nama yang sama dua kali dalam satu bagian. Simpan ulang formulir dari editor formulir.")
    return found


def _no_constant(name: str) -> Any:
    raise _Refused(f"Berkas ini memuat {name}, yang bukan angka JSON. Ganti dengan angka biasa.")


def _finding(file: str, line: int, message: str) -> Finding:
    return Finding(file, line, "", "", "form-json", "error", message)
