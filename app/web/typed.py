"""What was typed in a form of the office's own registers: lines and days, with a sentence for a day that is none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import request

from app.errors import InvalidAnswers
from app.web.posting import plain, remember_texts


@dataclass(frozen=True)
class Typed:
    """texts: {field: one line}. problems: of days that could not even be read."""

    texts: Mapping[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> str:
        return self.texts.get(key, "")

    def day(self, key: str) -> date | None:
        text = self[key]
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.problems[key] = f"“{text[:20]}” bukan tanggal. Contoh: 2026-03-12."
            return None

    @property
    def edition(self) -> int:
        text = self["edisi"]
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def refuse_bad_days(self) -> None:
        """Inside the transaction, after all else was found good."""
        if self.problems:
            raise InvalidAnswers(self.problems)

    def told(self, error: InvalidAnswers) -> dict[str, str]:
        return {**error.problems, **self.problems}


def read_typed(labels: Mapping[str, str]) -> Typed:
    """labels: {field: how it is called}; what was typed is also remembered for the page of a refusal that shows no form."""
    texts = {key: clean_line(request.form.get(key, "")) for key in (*labels, "edisi")}
    remember_texts(labels, {key: [texts[key]] for key in labels})
    return Typed(texts)


def clean_line(text: str) -> str:
    """One line, without control characters."""
    return " ".join(plain(text).split())
