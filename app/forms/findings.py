"""Collecting findings while a form is read, and the small questions every component is asked."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.errors import Finding, Severity

MAX_LABEL = 500
MAX_FINDINGS = 200


class Notes:
    """The findings of one file. `element` of a finding is the component's id, `name` its label."""

    def __init__(self, file: str, line_of: Callable[[str], int]) -> None:
        self.file = file
        self.found: list[Finding] = []
        self._line_of = line_of

    @property
    def has_errors(self) -> bool:
        return any(f.severity == "error" for f in self.found)

    def has_rule(self, rule: str) -> bool:
        return any(f.rule == rule for f in self.found)

    def add(self, item: Mapping[str, Any], rule: str, message: str, severity: Severity = "error") -> None:
        if len(self.found) >= MAX_FINDINGS and (severity != "error" or self.has_errors):
            return
        element, name = str(item.get("id") or "")[:100], str(label_of(item))[:100]
        self.found.append(Finding(self.file, self._line_of(element), element, name, rule, severity, message))

    def unknown_parts(self, item: Mapping[str, Any], names: Iterable[str]) -> None:
        """A setting of the editor that nothing here reads: said, so that nobody relies on it."""
        for name in sorted(names):
            self.add(item, "form-pengaturan", f"Pengaturan “{name[:40]}” tidak dipakai aplikasi ini. Hapus bila tidak perlu.", "warning")

    def is_template(self, item: Mapping[str, Any], value: str) -> bool:
        return value.lstrip().startswith("=") or "{{" in value

    def words(self, item: Mapping[str, Any], part: str, value: Any) -> str:
        """A fixed text of the form as one string; FEEL and templates in it are a finding."""
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > MAX_LABEL or self.is_template(item, value):
            self.add(item, "form-teks", f"“{part}” harus teks tetap, paling panjang {MAX_LABEL} huruf, tanpa rumus dan tanpa {{{{ }}}}.")
            return ""
        return " ".join(value.split())

    def label(self, item: Mapping[str, Any]) -> str:
        return self.words(item, "Label", label_of(item))


def label_of(item: Mapping[str, Any]) -> Any:
    """form-js keeps the label of a date or time under a name of its own."""
    if item.get("type") == "datetime":
        return item.get("label") or item.get("timeLabel" if item.get("subtype") == "time" else "dateLabel") or ""
    return item.get("label") or ""


def plain(item: Mapping[str, Any], name: str, pattern: str) -> str | None:
    value = item.get(name)
    return value if isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) else None


def mapping(item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = item.get(name)
    return value if isinstance(value, dict) else {}
