"""What is known of a metric: its kind, its labels and the scrape jobs that show it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kit.pure.fields import closest


class Kind(StrEnum):
    """What may be done with a series: `rate` wants a counter, comparison wants a gauge."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric family; histograms are exposed as `name_bucket`, `name_count` and `name_sum`.

    `jobs` are the scrape jobs that show it; empty where any may. `values` are the closed values of
    a label; a label without them is open. `buckets` are the edges of a histogram, where the
    catalogue names them.
    """

    name: str
    kind: Kind
    labels: frozenset[str]
    jobs: frozenset[str]
    unit: str = ""
    help: str = ""
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    buckets: tuple[float, ...] = ()

    def series_names(self) -> tuple[str, ...]:
        """Return the names under which Prometheus stores the family."""
        if self.kind is Kind.HISTOGRAM:
            return tuple(f"{self.name}_{part}" for part in ("bucket", "count", "sum"))
        return (self.name,)


CATALOGUE: Final = "the file of [paths] metrics in the project file"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose metrics are known: a service, and its series; None where nobody wrote them down.

    `first` says that what is recorded of it does not name it; `catalogue` is their file.
    """

    name: str
    series: Mapping[str, Metric] | None = None
    first: bool = False
    catalogue: str = CATALOGUE


TARGET_LABELS: Final = frozenset({"job", "instance"})
"""Labels that Prometheus itself puts on every scraped series."""


def catalogue_advice(series: str, known: Iterable[str], catalogue: str = CATALOGUE) -> str:
    """Return what to do about a series that is not known: the nearest, or where to declare it."""
    found, declare = closest(series, known), f"declare a new metric in {catalogue}"
    return f"{found} Or {declare}" if found.startswith("did") else declare
