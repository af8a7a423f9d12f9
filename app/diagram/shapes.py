"""One drawn node: pools and lanes, activities, events, gateways, data and notes."""

from collections.abc import Callable

from lxml import etree

from app.diagram.geometry import Box, Point, at, polygon, show, whole
from app.diagram.glyphs import (
    AD_HOC,
    COLLAPSED,
    EVENT_SIGNS,
    GATEWAY_SIGNS,
    LOOP,
    MULTIPLE,
    PARALLEL_ITEMS,
    SEQUENTIAL_ITEMS,
    TASK_ICONS,
    THROWN_MESSAGE,
)
from app.diagram.layout import Shape
from app.diagram.lettering import Lettering, fit, wrap
from app.diagram.parsing import BPMN, is_true, local_name
from app.diagram.pen import PAPER, add, add_sign, add_text
from app.diagram.reading import ACTIVITIES, EVENTS, GATEWAYS, SUBPROCESSES, TASKS

HEADING = 30  # width of the band with the title of a pool or lane
SIGN_ROOM = 20  # height of the signs at the bottom, and of the icon at the top, of an activity
LABEL_SIZE = 11
LABEL_WIDTH = 90

# What a nameless element is called in its tooltip.
KINDS = {
    "startEvent": "Mulai",
    "endEvent": "Selesai",
    "participant": "Kolam",
    "lane": "Lajur",
    "dataObjectReference": "Dokumen",
    "dataStoreReference": "Tempat simpan",
    "textAnnotation": "Catatan",
    "group": "Kelompok",
    "subProcess": "Subproses",
    "callActivity": "Memanggil SOP lain",
}


def kind_class(tag: str) -> str:
    """The class that says what it is: "d-task", "d-gateway", … ; "" for what is not drawn."""
    families = ((TASKS, "d-task"), (SUBPROCESSES, "d-subprocess"), (EVENTS, "d-event"), (GATEWAYS, "d-gateway"))
    family = next((name for tags, name in families if tag in tags), "")
    others = {
        "participant": "d-pool",
        "lane": "d-lane",
        "callActivity": "d-call",
        "dataObjectReference": "d-data",
        "dataStoreReference": "d-data",
        "textAnnotation": "d-note",
        "group": "d-group",
    }
    return family or others.get(tag, "")


def kind_name(tag: str) -> str:
    if tag in GATEWAYS:
        return "Percabangan"
    return KINDS.get(tag) or ("Peristiwa" if tag in EVENTS else "Langkah")


def draw_shape(group: etree._Element, shape: Shape) -> None:
    """Everything but the label that lies outside the shape (:func:`draw_label`)."""
    if shape.tag in ACTIVITIES:
        _draw_activity(group, shape)
    elif shape.tag in EVENTS:
        _draw_event(group, shape)
    elif shape.tag in GATEWAYS:
        _draw_gateway(group, shape)
    else:
        _OTHERS[shape.tag](group, shape)


def draw_label(group: etree._Element, shape: Shape, ends: frozenset[tuple[int, int]] = frozenset()) -> Box | None:
    """The name of an event, gateway or data object. Returns the room it takes.

    Where the modeler put it, else where no connection touches the shape (``ends``: their whole end points).
    """
    if not shape.name or not (shape.tag in EVENTS or shape.tag in GATEWAYS or kind_class(shape.tag) == "d-data"):
        return None
    if shape.label:
        lettering = Lettering(wrap(shape.name, max(shape.label.width * 1.2, 60), LABEL_SIZE), LABEL_SIZE)
        x, top = shape.label.cx, shape.label.y
    else:
        lettering, (x, top) = _place_label(shape, ends)
    add_text(group, lettering, x, top, classes="d-text d-label")
    return Box(x - lettering.width / 2, top, lettering.width, lettering.height)


def _place_label(shape: Shape, ends: frozenset[tuple[int, int]]) -> tuple[Lettering, Point]:
    """The name and its (middle, top): below the shape, else above it, else in narrow lines at its lower left."""
    box = shape.box
    lettering = Lettering(wrap(shape.name, LABEL_WIDTH, LABEL_SIZE), LABEL_SIZE)
    if whole((box.cx, box.bottom)) not in ends:
        return lettering, (box.cx, box.bottom + 4)
    if whole((box.cx, box.y)) not in ends:
        return lettering, (box.cx, box.y - 4 - lettering.height)
    lettering = Lettering(wrap(shape.name, LABEL_WIDTH * 2 / 3, LABEL_SIZE), LABEL_SIZE)
    return lettering, (box.x + box.width / 4 - lettering.width / 2, box.cy + 12)


def badge_place(shape: Shape) -> Point:
    """Where the count sits: on the outline at the upper right; of a gateway off its upper left edge, away from sign, label and flows."""
    box = shape.box
    if shape.tag in GATEWAYS:
        return box.x + box.width * 0.15, box.y + box.height * 0.15
    return (box.cx + box.width * 0.354, box.cy - box.height * 0.354) if shape.tag in EVENTS else (box.right, box.y)


def _draw_band(group: etree._Element, shape: Shape) -> None:
    """A pool or lane: its title stands in a band at the left, or on top if it runs downwards."""
    box = shape.box
    _rect(group, box)
    if shape.tag == "participant" and not shape.node.get("processRef"):
        _centred(group, shape.name, box.shrunk(4))
    elif shape.horizontal:
        add(group, "path", "d-band", d=f"M{at((box.x + HEADING, box.y))}V{show(box.bottom)}", fill="none")
        lettering = fit(shape.name, box.height - 8, HEADING, (13, 12, 11, 10, 9))
        centre = (box.x + HEADING / 2, box.cy)
        add_text(group, lettering, centre[0], centre[1] - lettering.height / 2, turned=centre, classes="d-text d-heading")
    else:
        add(group, "path", "d-band", d=f"M{at((box.x, box.y + HEADING))}H{show(box.right)}", fill="none")
        _centred(group, shape.name, Box(box.x + 4, box.y, max(box.width - 8, 1), HEADING))


def _draw_activity(group: etree._Element, shape: Shape) -> None:
    box, node = shape.box, shape.node
    dashed = {"stroke_dasharray": "2 4"} if is_true(node.get("triggeredByEvent")) else {}
    thick = {"stroke_width": 4.0} if shape.tag == "callActivity" else {}
    _rect(group, box, 10, **dashed, **thick)
    if shape.tag == "transaction":
        _rect(group, box.shrunk(3), 7)
    icon = TASK_ICONS.get(shape.tag)
    if icon:
        add_sign(group, icon[0], (box.x + 5, box.y + 5), filled=icon[1], width=1.2)
    signs = _activity_signs(shape)
    for number, (path, width) in enumerate(signs):
        add_sign(group, path, (box.cx + (number - (len(signs) - 1) / 2) * 20, box.bottom - 10), width=width)
    if shape.tag in SUBPROCESSES and shape.expanded:
        _centred(group, shape.name, Box(box.x + 8, box.y + 4, max(box.width - 16, 1), SIGN_ROOM))
    else:
        _write_inside(group, shape.name, box, top=SIGN_ROOM if icon else 4, bottom=SIGN_ROOM if signs else 4)


def _activity_signs(shape: Shape) -> list[tuple[str, float]]:
    items = shape.node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    signs = []
    if items is not None:
        signs.append(SEQUENTIAL_ITEMS if is_true(items.get("isSequential")) else PARALLEL_ITEMS)
    if shape.node.find(f"{BPMN}standardLoopCharacteristics") is not None:
        signs.append(LOOP)
    if shape.tag == "callActivity" or (shape.tag in SUBPROCESSES and not shape.expanded):
        signs.append(COLLAPSED)
    if shape.tag == "adHocSubProcess":
        signs.append(AD_HOC)
    return signs


def _draw_event(group: etree._Element, shape: Shape) -> None:
    box, node = shape.box, shape.node
    radius = min(box.width, box.height) / 2
    dashed = "false" in (node.get("cancelActivity"), node.get("isInterrupting"))
    dash = {"stroke_dasharray": "4 3"} if dashed else {}
    width = {"startEvent": 2.0, "endEvent": 4.0}.get(shape.tag, 1.5)
    add(group, "circle", "d-outline", cx=box.cx, cy=box.cy, r=radius, stroke_width=width, **dash)
    if shape.tag not in ("startEvent", "endEvent"):
        add(group, "circle", "d-ring", cx=box.cx, cy=box.cy, r=max(radius - 3, 1), fill="none", stroke_width=1.5, **dash)
    kinds = [local_name(child) for child in node.iterchildren(f"{BPMN}*") if local_name(child).endswith("EventDefinition")]
    if kinds:
        _draw_event_sign(group, kinds, (box.cx, box.cy), radius / 18, thrown=shape.tag in ("endEvent", "intermediateThrowEvent"))


def _draw_event_sign(group: etree._Element, kinds: list[str], centre: Point, scale: float, *, thrown: bool) -> None:
    path = MULTIPLE if len(kinds) > 1 else EVENT_SIGNS.get(kinds[0])
    if path:
        path = THROWN_MESSAGE if thrown and kinds == ["messageEventDefinition"] else path
        add_sign(group, path, centre, scale, filled=thrown, width=1.3)


def _draw_gateway(group: etree._Element, shape: Shape) -> None:
    box = shape.box
    corners = ((box.cx, box.y), (box.right, box.cy), (box.cx, box.bottom), (box.x, box.cy))
    add(group, "path", "d-outline", d=polygon(corners), stroke_linejoin="round")
    if shape.tag != "exclusiveGateway" or shape.marked:
        path, width = GATEWAY_SIGNS[shape.tag]
        add_sign(group, path, (box.cx, box.cy), min(box.width, box.height) / 50, width=width)


def _draw_document(group: etree._Element, shape: Shape) -> None:
    box = shape.box
    fold = min(12, box.width / 2, box.height / 2)
    sheet = ((box.x, box.y), (box.right - fold, box.y), (box.right, box.y + fold), (box.right, box.bottom), (box.x, box.bottom))
    add(group, "path", "d-outline", d=polygon(sheet), stroke_linejoin="round")
    ear = ((box.right - fold, box.y), (box.right - fold, box.y + fold), (box.right, box.y + fold))
    add(group, "path", "d-sign", d="M" + "L".join(at(point) for point in ear), fill="none", stroke_linejoin="round")
    kind = shape.node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if kind is not None:
        add_sign(group, PARALLEL_ITEMS[0], (box.cx, box.bottom - 9), width=2)


def _draw_store(group: etree._Element, shape: Shape) -> None:
    box = shape.box
    rim = min(box.height / 6, 10)
    arc = f"A{show(box.width / 2)},{show(rim)} 0 0"
    left, right = f"{arc} 1 {at((box.x, box.bottom - rim))}Z", f"{arc} 1 {at((box.right, box.y + rim))}"
    add(group, "path", "d-outline", d=f"M{at((box.x, box.y + rim))}{right}V{show(box.bottom - rim)}{left}")
    for depth in (1.0, 1.8, 2.6):
        y = box.y + rim * depth
        add(group, "path", "d-sign", d=f"M{at((box.x, y))}{arc} 0 {at((box.right, y))}", fill="none")


def _draw_note(group: etree._Element, shape: Shape) -> None:
    box = shape.box
    foot = min(10, box.width)
    add(group, "rect", "d-ground", x=box.x, y=box.y, width=box.width, height=box.height, fill="none", stroke="none")
    add(group, "path", "d-outline", d=f"M{at((box.x + foot, box.y))}H{show(box.x)}V{show(box.bottom)}h{show(foot)}", fill="none")
    text = shape.node.findtext(f"{BPMN}text") or ""
    lettering = fit(text, max(box.width - 14, 1), max(box.height - 8, 1), (11, 10, 9))
    add_text(group, lettering, box.x + 8, box.y + 4, anchor="start")


def _draw_region(group: etree._Element, shape: Shape) -> None:
    _rect(group, shape.box, 10, fill="none", stroke_dasharray="8 4 1 4")


_OTHERS: dict[str, Callable[[etree._Element, Shape], None]] = {
    "participant": _draw_band,
    "lane": _draw_band,
    "dataObjectReference": _draw_document,
    "dataStoreReference": _draw_store,
    "textAnnotation": _draw_note,
    "group": _draw_region,
}


def _rect(group: etree._Element, box: Box, corner: float = 0, **more: str | float) -> None:
    attributes: dict[str, str | float] = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "fill": PAPER}
    if corner:
        attributes["rx"] = corner
    add(group, "rect", "d-outline", **(attributes | more))


def _centred(group: etree._Element, text: str, box: Box) -> None:
    lettering = fit(text, max(box.width, 1), max(box.height, 1))
    add_text(group, lettering, box.cx, box.cy - lettering.height / 2)


def _write_inside(group: etree._Element, text: str, box: Box, top: float, bottom: float) -> None:
    """In the middle of the box if the icon and the signs leave room there, else in the middle of what they leave."""
    lettering = fit(text, max(box.width - 10, 1), max(box.height - top - bottom, 1), (12, 11.5, 11, 10.5, 10, 9))
    lowest = max(box.bottom - bottom - lettering.height, box.y + top)
    start = min(max(box.cy - lettering.height / 2, box.y + top), lowest)
    add_text(group, lettering, box.cx, start)
