"""What happened to a drawing's elements, as classes of the picture."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Marks:
    """The executed path of one instance (or of one round), by element and flow id.

    done: completed elements, traversed flows. current: where work waits now. returned: flows that were taken back for correction.
    counts: {element or flow id: times}; drawn from 2 on. proposals: what the SOP does not draw itself (``asal`` "usulan").
    badges: ids whose count is drawn hidden while it is below 2, for a script that counts on.
    """

    done: frozenset[str] = frozenset()
    current: frozenset[str] = frozenset()
    returned: frozenset[str] = frozenset()
    counts: Mapping[str, int] = field(default_factory=dict)
    proposals: frozenset[str] = frozenset()
    badges: frozenset[str] = frozenset()

    def __contains__(self, id: str) -> bool:
        return any(id in ids for ids in (self.done, self.current, self.returned, self.proposals))

    def path_classes(self, id: str) -> tuple[str, ...]:
        """Exactly one of is-current, is-returned, is-done, is-untaken, then is-proposal if it is one.

        Marks with nothing but proposals show no run: then nothing is untaken.
        """
        states = (("is-current", self.current), ("is-returned", self.returned), ("is-done", self.done))
        state = next((name for name, ids in states if id in ids), "" if self._only_proposals else "is-untaken")
        return tuple(name for name in (state, "is-proposal" if id in self.proposals else "") if name)

    def rank(self, id: str) -> int:
        """Order of drawing: what was taken lies above what was not."""
        return 2 if id in self.returned or id in self.current else 1 if id in self.done else 0

    @property
    def _only_proposals(self) -> bool:
        return bool(self.proposals) and not (self.done or self.current or self.returned)
