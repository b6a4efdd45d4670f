"""One question to Prometheus, bounded before it is asked."""

from dataclasses import dataclass
from typing import Final

MOST_POINTS: Final = 11_000
"""Prometheus refuses a range query with more steps than this."""


@dataclass(frozen=True, slots=True)
class Query:
    """Evaluate `expression` at `start_s`, then every `step_s` up to and including `end_s`.

    An instant query has `start_s` equal to `end_s`. Times are seconds since the epoch.
    """

    name: str
    expression: str
    start_s: int
    end_s: int
    step_s: int = 60

    def __post_init__(self) -> None:
        points = (self.end_s - self.start_s) // self.step_s + 1
        if not 1 <= points <= MOST_POINTS:
            raise ValueError(f"query {self.name}: {points} points of {self.expression}")

    @property
    def is_instant(self) -> bool:
        """Tell whether one instant is asked for."""
        return self.start_s == self.end_s


def at(name: str, expression: str, when_s: int) -> Query:
    """Return an instant query."""
    return Query(name, expression, when_s, when_s)
