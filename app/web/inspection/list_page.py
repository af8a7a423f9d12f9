"""The list of all cases, with what is chosen and the marks each case carries."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from app import audit
from app.access import Actor
from app.audit import Verdict
from app.audit.inspecting import Choices, InspectedCase, Selection, cases_to_inspect_for, choices_for_inspecting
from app.web.posting import plain
from app.web.presenting import CASE_STATES, Pages, page_of

# {name in the address: field of the selection}
TEXTS: Mapping[str, str] = {"sop": "key", "tahun": "year", "keadaan": "state", "opd": "unit", "orang": "person", "cari": "search"}
TICKS: Mapping[str, str] = {"terlambat": "late", "dikembalikan": "returned", "naskah": "paper"}


@dataclass(frozen=True)
class ListPage:
    """verdicts: {case: what checking its chain gave} of this page's cases, where that was asked for. query: of the address, for links."""

    cases: Sequence[InspectedCase]
    pages: Pages
    selection: Selection
    choices: Choices
    query: Mapping[str, str]
    verdicts: Mapping[int, Verdict] | None

    @property
    def broken(self) -> int:
        return sum(bool(verdict.problems) for verdict in (self.verdicts or {}).values())


def list_page(session: Session, actor: Actor, selection: Selection, number: str | None, is_checked: bool) -> ListPage:
    """Raises Forbidden."""
    cases, pages = page_of(lambda page: cases_to_inspect_for(session, actor, selection, page), number)
    verdicts = {one.instance.id: audit.verify_instance(session, one.instance) for one in cases} if is_checked else None
    return ListPage(cases, pages, selection, choices_for_inspecting(session), query_of(selection), verdicts)


def wanted_selection(args: Mapping[str, str]) -> Selection:
    """What an address says is a wish: anything odd chooses nothing, or no case."""
    texts = {field: plain(args.get(name, "")).strip()[:100] for name, field in TEXTS.items()}
    ticks = {field: args.get(name) == "1" for name, field in TICKS.items()}
    if texts["state"] not in CASE_STATES:
        texts["state"] = ""
    if not (texts["year"].isascii() and texts["year"].isdigit()):
        texts["year"] = ""
    return Selection(**texts, **ticks)  # type: ignore[arg-type]


def query_of(selection: Selection) -> dict[str, str]:
    """The selection as an address says it, without what is not chosen."""
    chosen = asdict(selection)
    texts = {name: chosen[field] for name, field in TEXTS.items() if chosen[field]}
    return texts | {name: "1" for name, field in TICKS.items() if chosen[field]}
