"""How wide a text will be. Browsers pick Arial, Liberation Sans, DejaVu Sans or Inter: we count with the widest, so names fit in all."""

WIDE, NARROW = set("mwMWQO@%&"), set("ijlI.,:;'|()[]/ tfr")
TASK_FONT, LABEL_FONT = 12, 11
TASK_LINE, LABEL_LINE = 14.4, 13.2


def width(text: str, font: int) -> float:
    """In pixels, rather too wide than too narrow."""
    ems = sum(0.95 if c in WIDE else 0.36 if c in NARROW else 0.72 if c.isupper() else 0.61 for c in text)
    return ems * font


def wrap(text: str, room: float, font: int) -> list[str]:
    """Lines of at most ``room`` pixels, broken at spaces only: a word longer than that has a line of its own, too wide."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", font) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
