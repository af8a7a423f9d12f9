"""The rows of a file of answers to sums, counts and sentences about what is wrong; one row at a time."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.errors import InvalidAnswers
from app.forms import NO_RESULT, Refused
from app.formulas.model import half_up
from app.formulas.satisfaction import COLUMNS, Tally
from app.survey_answers.heading import Heading, personal, reaches_somebody

MAX_PROBLEMS = 20  # sentences that are told; the rest is counted
MAX_KINDS = 200  # different answers to one trait: more are no choices but free words, and may say who somebody is
LOOKED_AT = 200  # rows of a column that is not kept, looked through for what must not be in the file
DECIMALS = 6  # of the means that a form's row gets: the index moves by less than 0.00002
UNANSWERED = "Tidak diisi"
MAX_SCORE, MAX_ANSWER = 20, 80  # characters

_SCORES = {"": 0, "1": 1, "2": 2, "3": 3, "4": 4}
_ZEROS = re.compile(r"(?<=[0-9])[,.]0+$")
_AGE = re.compile(r"([0-9]{1,3})(?: (?:tahun|thn|th))?")
_SEXES = {"l": "Laki-laki", "laki-laki": "Laki-laki", "laki laki": "Laki-laki", "pria": "Laki-laki",
          "p": "Perempuan", "perempuan": "Perempuan", "wanita": "Perempuan"}  # fmt: skip


@dataclass(frozen=True)
class Survey:
    """traits: {trait: {answer: people}} of the traits the file has, the most frequent first. notes: sentences for the reader."""

    tally: Tally
    traits: Mapping[str, Mapping[str, int]]
    notes: tuple[str, ...]

    def as_row(self) -> dict[str, int | float]:
        """What the row of a form takes: respondents, and the mean of each unsur."""
        means = zip(COLUMNS, self.tally.means or (), strict=False)
        return {"responden": self.tally.people} | {column: float(half_up(mean, DECIMALS)) for column, mean in means}


class Gathering:
    """`add` each row, then ask for the `survey`."""

    def __init__(self, heading: Heading) -> None:
        self.heading = heading
        self.rows = 0
        self.people = 0
        self.sums, self.counts = [0] * 9, [0] * 9
        self.traits: dict[str, Counter[str]] = {trait: Counter() for trait in heading.traits}
        self.problems: dict[str, str] = {}
        self.more = 0

    def add(self, line: int, cells: Sequence[str]) -> None:
        """Raises Refused for what says who somebody is."""
        self.rows += 1
        if self.rows <= LOOKED_AT:
            self._look_for_people(line, cells)
        if any(cells[self.heading.width :]):
            words = f"ada {len(cells)} sel, judulnya {self.heading.width}. Untuk koma desimal, pisahkan sel dengan titik koma."
            self._problem(line, "terakhir", words)
        if self._add_scores(line, cells):
            self.people += 1
            for trait, place in self.heading.traits.items():
                self._add_trait(trait, cells[place] if place < len(cells) else "", line)

    def survey(self) -> Survey:
        """Raises InvalidAnswers for wrong cells, Refused where there are no answers."""
        if self.more:
            self.problems["lagi"] = f"Dan {self.more} lagi. Perbaiki di berkasnya, lalu unggah lagi."
        if self.problems:
            raise InvalidAnswers(self.problems)
        if not self.people:
            raise Refused("Berkas ini belum berisi jawaban. Isi di bawah judul kolom, lalu unggah lagi.")
        if not all(self.counts):
            empty = ", ".join(column.upper() for column, count in zip(COLUMNS, self.counts, strict=True) if not count)
            raise Refused(f"Tidak ada satu pun jawaban untuk {empty}. Layanan tanpa biaya diberi nilai 4 pada unsur biaya.")
        tally = Tally(tuple(self.sums), tuple(self.counts), self.people)
        return Survey(tally, {trait: dict(found.most_common()) for trait, found in self.traits.items()}, self._notes())

    def _add_scores(self, line: int, cells: Sequence[str]) -> bool:
        """Whether anything was answered."""
        answered = False
        for unsur, place in enumerate(self.heading.unsur):
            text = cells[place] if place < len(cells) else ""
            score = _score(text) if len(text) <= MAX_SCORE else None
            if score is None:
                self._problem(line, COLUMNS[unsur].upper(), _why_no_score(text))
            elif score:
                answered = True
                self.sums[unsur] += score
                self.counts[unsur] += 1
        return answered

    def _add_trait(self, trait: str, text: str, line: int) -> None:
        found, answer = self.traits[trait], _answer(trait, text[:MAX_ANSWER]) or UNANSWERED
        if answer not in found:
            if reaches_somebody(answer):
                raise personal(line, trait.replace("_", " "))
            if len(found) >= MAX_KINDS:
                words = f"lebih dari {MAX_KINDS} jawaban yang berbeda. Pakai pilihan, bukan isian bebas."
                self._problem(line, trait.replace("_", " "), words)
                return
        found[answer] += 1

    def _look_for_people(self, line: int, cells: Sequence[str]) -> None:
        for place, heading in self.heading.others.items():
            if place < len(cells) and reaches_somebody(cells[place]):
                raise personal(line, heading)

    def _problem(self, line: int, column: str, words: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems[f"{line}.{column}"] = f"Baris {line}, kolom {column}: {words}"
        else:
            self.more += 1

    def _notes(self) -> tuple[str, ...]:
        found = zip(COLUMNS, self.counts, strict=True)
        blank = ", ".join(f"{column.upper()} {self.people - count}" for column, count in found if count < self.people)
        silent = self.rows - self.people
        skipped = ", ".join(self.heading.others.values())[:200]
        notes = (
            f"Jawaban kosong: {blank}. Tiap unsur dibagi dengan jumlah jawabannya sendiri." if blank else "",
            f"{silent} baris tanpa satu pun jawaban tidak dihitung sebagai responden." if silent else "",
            f"Kolom yang tidak dipakai: {skipped}." if skipped else "",
        )
        return tuple(note for note in notes if note)


@lru_cache(maxsize=1000)
def _score(text: str) -> int | None:
    """1 to 4; 0 where nothing was answered; None for anything else."""
    return _SCORES.get(_ZEROS.sub("", text.strip()))


def _why_no_score(text: str) -> str:
    if text == NO_RESULT:
        return "rumus tanpa hasil. Buka dan simpan berkasnya di Excel, lalu unggah lagi."
    shown = "".join(letter if letter.isprintable() else "?" for letter in text.strip()[:30])
    return f"“{shown}” bukan nilai 1, 2, 3, atau 4."


@lru_cache(maxsize=1000)
def _answer(trait: str, text: str) -> str:
    """Alike where it means the same: "l" and "Pria"; ages in tens."""
    words = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    if trait == "jenis_kelamin":
        return _SEXES.get(words.casefold(), words.capitalize())
    if trait == "usia" and (age := _AGE.fullmatch(words.casefold())):
        tens = int(age[1]) // 10 * 10
        return f"{tens}–{tens + 9} tahun" if tens >= 20 else "di bawah 20 tahun"
    return words if words.isupper() else words.capitalize()
