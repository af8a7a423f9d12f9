"""Breaking text into lines without a browser: widths are those of a plain sans-serif, rounded up so that Inter fits too."""

import unicodedata
from dataclasses import dataclass

LINE = 1.25  # line height in em
LONGEST = 200  # characters of a name that are drawn; the whole of it (to TOOLTIP) is in the tooltip
TOOLTIP = 1000

# em; any other character counts as a full em if East Asian wide, else as a lower-case letter.
_LETTER = 0.58
_WIDTHS = {
    **dict.fromkeys(map(chr, range(32, 127)), _LETTER),
    **dict.fromkeys("ijl'|.,:;!I", 0.29),
    **dict.fromkeys('ftr()[]{}-/\\ "`', 0.38),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&", 0.7),
    **dict.fromkeys("mwMW@%", 0.9),
}


@dataclass(frozen=True, slots=True)
class Lettering:
    """Lines ready to draw at ``size`` pixels. width: of the longest line, height: of all, in pixels."""

    lines: tuple[str, ...]
    size: float

    @property
    def width(self) -> float:
        return max((text_width(line, self.size) for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LINE


def clean(text: str, limit: int = TOOLTIP) -> str:
    """One line of harmless text: no control or direction-changing characters, nothing that XML cannot hold."""
    kept = (c for c in " ".join(text[: limit * 2].split()) if unicodedata.category(c)[0] != "C")
    line = "".join(kept)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def text_width(text: str, size: float) -> float:
    return size * sum(_WIDTHS.get(c) or _other_width(c) for c in text)


def wrap(text: str, width: float, size: float) -> tuple[str, ...]:
    """Lines no wider than ``width``; a word that is wider is broken."""
    lines: list[str] = []
    used = width
    for word in clean(text, LONGEST).split():
        for piece in _pieces(word, width, size):
            taken = text_width(piece, size)
            if lines and used + text_width(" ", size) + taken <= width:
                lines[-1] += f" {piece}"
                used += text_width(" ", size) + taken
            else:
                lines.append(piece)
                used = taken
    return tuple(lines)


def fit(text: str, width: float, height: float, sizes: tuple[float, ...] = (12, 11, 10, 9)) -> Lettering:
    """The largest size at which all of the text fits; at the smallest, the rest is cut with an ellipsis. None of it in a speck."""
    if width < sizes[-1] or height < sizes[-1]:
        return Lettering((), sizes[-1])
    for size in sizes:
        lettering = Lettering(wrap(text, width, size), size)
        if lettering.height <= height and not _breaks_words(text, lettering, width):
            return lettering
    size = sizes[-1]
    lines = wrap(text, width, size)
    room = max(int(height / (size * LINE)), 1)
    return Lettering(lines if len(lines) <= room else (*lines[: room - 1], lines[room - 1].rstrip(" .,;") + "…"), size)


def _pieces(word: str, width: float, size: float) -> list[str]:
    if text_width(word, size) <= width:
        return [word]
    pieces = [""]
    used = 0.0
    for character in word:
        taken = text_width(character, size)
        if pieces[-1] and used + taken > width:
            pieces.append("")
            used = 0.0
        pieces[-1] += character
        used += taken
    return pieces


def _other_width(character: str) -> float:
    return 1.0 if unicodedata.east_asian_width(character) in "WF" else _LETTER


def _breaks_words(text: str, lettering: Lettering, width: float) -> bool:
    """Would a smaller size keep a word whole? Only then is it worth shrinking."""
    return any(width < text_width(word, lettering.size) for word in clean(text, LONGEST).split())
