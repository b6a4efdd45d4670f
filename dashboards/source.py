"""What checking and drawing ask of a Prometheus."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from kit.pure.errors import HarnessError


@dataclass(frozen=True, slots=True)
class Series:
    """One time series: its labels, and its samples as (seconds since the epoch, value)."""

    labels: Mapping[str, str]
    samples: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The series of one query, and how many seconds it took."""

    series: tuple[Series, ...]
    took_s: float


@dataclass(frozen=True, slots=True)
class Span:
    """A time range in seconds since the epoch, and the seconds between two points."""

    start: float
    end: float
    step_s: float

    @property
    def length_s(self) -> float:
        """Return how long it is."""
        return self.end - self.start


class QueryError(HarnessError):
    """Prometheus understood the question and refused it, as for PromQL that is wrong."""


class Source(Protocol):
    """A Prometheus.

    Both methods raise UnreachableError when it does not answer and QueryError when it refuses.
    """

    def instant(self, expr: str, at: float) -> Answer:
        """Return the value of an expression at a time."""

    def over(self, expr: str, span: Span) -> Answer:
        """Return the values of an expression over a time range."""

    def label_values(self, label: str, selector: str, span: Span) -> tuple[str, ...]:
        """Return the values of a label on the series of a selector ("" for all), sorted."""
