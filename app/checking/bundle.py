"""A bundle: one drawing and the forms it names. What is deployed, versioned and digested as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from app import diagram
from app.diagram import Drawing
from app.errors import Finding

MAX_NAME = 100  # letters of a file's name: the database keeps no more of a form's
MAX_FORM_BYTES = 512 * 1024
MAX_FORMS = 60
MAX_BUNDLE_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class Called:
    """What a drawing calls. composed: the drawing with the called ones in it. forms: theirs. pins: {key, version, digest} of each, those
    called by them included. turning: keys of what would call this drawing again, so that it was not put in."""

    composed: bytes
    forms: Mapping[str, bytes]
    pins: tuple[Mapping[str, Any], ...] = ()
    turning: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Bundle:
    """file: the drawing's file name, for findings. forms: {form id: bytes of its .form file}. called: None where it calls nothing."""

    file: str
    bpmn: bytes
    forms: Mapping[str, bytes] = field(default_factory=dict)
    called: Called | None = None

    @property
    def executed(self) -> bytes:
        """The drawing as it runs."""
        return self.called.composed if self.called else self.bpmn

    @property
    def every_form(self) -> Mapping[str, bytes]:
        return {**self.called.forms, **self.forms} if self.called else self.forms

    @property
    def digest(self) -> str:
        return digest_of(self.bpmn, self.called.composed if self.called else None, self.every_form)


def digest_of(bpmn: bytes, composed: bytes | None, forms: Mapping[str, bytes]) -> str:
    """sha256 over the drawing, as it runs if that is another, and its forms; each with its length, so that no two bundles share one."""
    total = sha256(b"%d:" % len(bpmn) + bpmn)
    if composed is not None:
        total.update(b"%d:" % len(composed) + composed)
    for form_id, content in sorted(forms.items()):
        total.update(b"%d:%s:%d:" % (len(form_id), form_id.encode(), len(content)) + content)
    return total.hexdigest()


def oversize(bundle: Bundle) -> Finding | None:
    """What is too big to be looked at, or called too long a name, before anything is parsed."""
    sizes = [(bundle.file, max(len(bundle.bpmn), len(bundle.executed)), diagram.MAX_BYTES)]
    sizes += [(f"{form_id}.form", len(content), MAX_FORM_BYTES) for form_id, content in bundle.every_form.items()]
    for file, size, most in sizes:
        if len(file) > MAX_NAME:
            return Finding(file[:MAX_NAME], 0, "", "", "kepanjangan", "error", f"Nama berkas “{file[:60]}…” terlalu panjang; singkatkan.")
        if size > most:
            return _too_big(file, f"Berkas {file[:80]} lebih besar dari {most // 1024} KB. Perkecil, lalu unggah lagi.")
    if len(bundle.every_form) > MAX_FORMS:
        return _too_big(bundle.file, f"Diagram membawa {len(bundle.every_form)} formulir; paling banyak {MAX_FORMS}.")
    if sum(size for _file, size, _most in sizes) > MAX_BUNDLE_BYTES:
        return _too_big(bundle.file, "Diagram dan formulirnya bersama-sama lebih besar dari 8 MB. Perkecil, lalu unggah lagi.")
    return None


def _too_big(file: str, message: str) -> Finding:
    return Finding(file, 0, "", "", "ukuran", "error", message)


def forms_named(drawing: Drawing) -> list[str]:
    return sorted({element.form for element in drawing.elements.values() if element.form})


def bundle_from_files(file: str, bpmn: bytes, available: Mapping[str, bytes]) -> Bundle:
    """The drawing with those of the available forms that it names. Raises InvalidBundle where the drawing cannot be read."""
    wanted = forms_named(diagram.read(bpmn, file))
    return Bundle(file, bpmn, {form_id: available[form_id] for form_id in wanted if form_id in available})


def read_bundle(path: Path, forms_dir: Path) -> Bundle:
    """From disk: ``bpmn/x.bpmn`` with ``forms/<form id>.form``. A form that is named but absent is left to the rules.

    Raises InvalidBundle where the drawing cannot be read, OSError where the file cannot.
    """
    available = {form.stem: form.read_bytes() for form in forms_dir.glob("*.form")}
    return bundle_from_files(path.name, path.read_bytes(), available)
