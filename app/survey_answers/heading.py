"""The heading of a file of answers: which column is which unsur or trait, and which must not be there."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from app.forms import Refused
from app.formulas.satisfaction import COLUMNS, UNSUR

HEAD_LINES = 20  # a heading stands among the first lines

TRAITS = {
    "jenis_kelamin": ("jenis kelamin", "kelamin", "jk", "l/p", "gender", "sex"),
    "usia": ("usia", "umur", "kelompok usia", "kelompok umur"),
    "pendidikan": ("pendidikan", "pendidikan terakhir", "tingkat pendidikan"),
    "pekerjaan": ("pekerjaan", "pekerjaan utama", "profesi"),
}
_PERSONAL = {"nama", "name", "nik", "ktp", "nip", "hp", "handphone", "telepon", "telp", "tlp", "phone", "ponsel", "wa", "whatsapp",
             "kontak", "email", "surel", "alamat", "address"}  # fmt: skip
_NOT_A_PERSON = {"unit", "layanan", "pelayanan", "opd", "instansi", "produk"}  # beside "nama": whose name it is

_NUMBERED = re.compile(r"(?:unsur|u) ?\.? ?([1-9])\b")
_REACHES_SOMEBODY = re.compile(r"(?:\+?62|0)?8[0-9]{8,11}|[0-9]{16}|\S+@\S+\.\S+")
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Heading:
    """width: places with a heading. unsur: places of U1 to U9, in order; traits: {trait: place}; others: {place: heading}, not kept."""

    width: int
    unsur: tuple[int, ...]
    traits: dict[str, int]
    others: dict[int, str]


def find_heading(lines: Iterator[tuple[int, Sequence[str]]]) -> Heading:
    """The first line that names two unsur or more; `lines` then stands behind it.

    Raises Refused where there is none, and where columns are missing, there twice, or personal.
    """
    for line, cells in islice(lines, HEAD_LINES):
        found = _unsur_in(cells)
        if len(found) >= 2:
            return _checked(line, cells, found)
    wanted = ", ".join(column.upper() for column in COLUMNS)
    raise Refused(f"Judul kolom tidak ditemukan. Tulis {wanted} pada baris pertama, satu responden satu baris di bawahnya.")


def reaches_somebody(text: str) -> bool:
    """A phone number, an NIK, an e-mail address."""
    return _REACHES_SOMEBODY.fullmatch(re.sub(r"(?<=[0-9]) ?[ .-](?=[0-9])", "", text.strip())) is not None


def personal(line: int, heading: str) -> Refused:
    words = "memuat data pribadi responden. Hapus kolom itu dari berkas, lalu unggah lagi (UU 27/2022 tentang Pelindungan Data Pribadi)."
    return Refused(f"Baris {line}: kolom “{heading.strip()[:60]}” {words}")


def _checked(line: int, cells: Sequence[str], found: Sequence[tuple[int, int]]) -> Heading:
    headings = [_plain(cell) for cell in cells]
    for place, heading in enumerate(headings):
        if _is_personal(heading):
            raise personal(line, cells[place])
    there = Counter(unsur for _, unsur in found)
    if missing := [f"U{unsur + 1} ({UNSUR[unsur].name})" for unsur in range(9) if unsur not in there]:
        raise Refused(f"Baris {line}: kolom {', '.join(missing)} tidak ada. Kesembilan unsur harus ada.")
    if twice := [f"U{unsur + 1}" for unsur, times in sorted(there.items()) if times > 1]:
        raise Refused(f"Baris {line}: kolom {', '.join(twice)} ada dua kali. Hapus salah satunya.")
    places = {unsur: place for place, unsur in found}
    traits = {trait: headings.index(name) for trait, names in TRAITS.items() for name in reversed(names) if name in headings}
    kept = {*places.values(), *traits.values()}
    others = {place: cells[place].strip() for place, heading in enumerate(headings) if heading and place not in kept}
    width = max(place for place, heading in enumerate(headings) if heading) + 1
    return Heading(width, tuple(places[unsur] for unsur in range(9)), traits, others)


def _unsur_in(cells: Sequence[str]) -> list[tuple[int, int]]:
    """[(place, unsur 0 to 8)]: by number where the line has numbers, else by name ("Waktu" may well be a time stamp beside "U3")."""
    headings = [_plain(cell) for cell in cells]
    numbered = [(place, _named(heading, int(hit[1]) - 1)) for place, heading in enumerate(headings) if (hit := _NUMBERED.match(heading))]
    if numbered:
        return numbered
    names = {_plain(name): at for at, unsur in enumerate(UNSUR) for name in (unsur.key, unsur.name)}
    return [(place, names[heading]) for place, heading in enumerate(headings) if heading in names]


def _named(heading: str, number: int) -> int:
    """ "U8 Penanganan Pengaduan" goes by its name: the last two unsur are numbered otherwise in the regulation and in its questionnaire."""
    words = set(_WORD.findall(heading))
    named = [at for at, unsur in enumerate(UNSUR) if unsur.key in words]
    return named[0] if len(named) == 1 else number


def _is_personal(heading: str) -> bool:
    words = set(_WORD.findall(heading.replace("e-mail", "email")))
    return bool(words & _PERSONAL) and not ("nama" in words and words & _NOT_A_PERSON)


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold()
