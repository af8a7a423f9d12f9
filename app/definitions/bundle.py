"""A bundle: one drawing and the forms it names. What is deployed, versioned and digested as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from app import diagram
from app.diagram import Drawing


@dataclass(frozen=True)
class Bundle:
    """file: the drawing's file name, for findings. forms: {form id: bytes of its .form file}."""

    file: str
    bpmn: bytes
    forms: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """sha256 over the drawing and its forms, each with its length, so that no two bundles share one."""
        total = sha256(b"%d:" % len(self.bpmn) + self.bpmn)
        for form_id, content in sorted(self.forms.items()):
            total.update(b"%d:%s:%d:" % (len(form_id), form_id.encode(), len(content)) + content)
        return total.hexdigest()


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
