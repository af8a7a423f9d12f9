"""Building SVG elements. Everything is an lxml node, so any text is escaped; nothing sets ``style`` or refers to anything outside."""

from lxml import etree

from app.diagram.geometry import Point, show
from app.diagram.lettering import LINE, Lettering, clean

SVG = "{http://www.w3.org/2000/svg}"
INK = "#1b2430"
PAPER = "#ffffff"


def add(parent: etree._Element, tag: str, classes: str = "", **attributes: str | float) -> etree._Element:
    """A child of ``parent``. Attribute names are written with "_" for "-"; numbers are pixels."""
    node = etree.SubElement(parent, f"{SVG}{tag}")
    if classes:
        node.set("class", classes)
    for name, value in attributes.items():
        node.set(name.replace("_", "-"), value if isinstance(value, str) else show(value))
    return node


def add_group(parent: etree._Element, classes: str, id: str, title: str) -> etree._Element:
    """The group of one drawn element, with a tooltip."""
    group = add(parent, "g", classes, data_element=clean(id))
    add(group, "title").text = clean(title)
    return group


def add_sign(parent: etree._Element, path: str, centre: Point, scale: float = 1.0, *, filled: bool = False, width: float = 1.5) -> None:
    """A glyph of :mod:`app.diagram.glyphs` moved to its place."""
    place = f"translate({show(centre[0])} {show(centre[1])}) scale({show(scale)})"
    if filled:
        add(parent, "path", "d-sign is-filled", d=path, transform=place, fill=INK, stroke="none")
    else:
        add(parent, "path", "d-sign", d=path, transform=place, fill="none", stroke_width=width, stroke_linejoin="round")


def add_text(
    parent: etree._Element,
    lettering: Lettering,
    x: float,
    top: float,
    *,
    anchor: str = "middle",
    turned: Point | None = None,
    classes: str = "d-text",
) -> etree._Element:
    """Lines below each other from ``top``. turned: read from bottom to top, about this point."""
    text = add(parent, "text", classes, font_size=lettering.size, text_anchor=anchor, fill=INK, stroke="none")
    if turned:
        text.set("transform", f"rotate(-90 {show(turned[0])} {show(turned[1])})")
    for number, line in enumerate(lettering.lines):
        # 0.95 em from the top of a line of 1.25 em to its baseline: half the leading, then the ascent.
        add(text, "tspan", x=x, y=top + (number * LINE + 0.95) * lettering.size).text = line
    return text
