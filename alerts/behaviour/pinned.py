"""A case with the minutes at which its alert must fire, from the waits of its rule."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.behaviour.case import Case, Segment
from alerts.behaviour.promtool import TOTAL as IN_ALL
from alerts.rule import Alert
from kit.pure.durations import parse_prometheus

Pins = Mapping[int, int]
"""How many instances fire at a minute."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """A case, and when its alert must fire."""

    case: Case
    pins: Pins


@dataclass(frozen=True, slots=True)
class Waits:
    """How long an alert waits and stays, in minutes."""

    hold: int
    keep: int

    @classmethod
    def of(cls, alert: Alert) -> "Waits":
        """Return those of a rule."""
        return cls(*(int(parse_prometheus(text)) // 60 for text in (alert.hold, alert.keep)))

    def fires(self, begin: int, end: int) -> Pins:
        """Return when it fires if its condition holds from minute `begin` until before `end`."""
        first, gone = begin + self.hold, end + self.keep
        before = {first - 1: 0} if first else {}
        return {**before, first: 1, gone - 1: 1, gone: 0, IN_ALL: gone - first}

    def silent(self) -> Pins:
        """Return that it never fires within the span of `never`."""
        return {self.hold + 5: 0, IN_ALL: 0}

    def never(self, value: float) -> list[Segment]:
        """Return a value for longer than the alert waits."""
        return [(value, self.hold + 6)]

    def story(self, over: float, rest: float) -> tuple[list[Segment], Pins]:
        """Return a value that is over its limit and then not, and when the alert fires."""
        held = self.hold + 5
        return [(over, held), (rest, self.keep + 2)], self.fires(0, held)
