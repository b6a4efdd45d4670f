"""What is known of a metric: its kind, its labels and the scrape jobs that show it."""

from collections.abc import Iterable
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


SERVICE: Final = "calendar-assistant"
"""Whose metrics these are, as objectives name it."""

OWN_ALERTS: Final = f'service=~"|{SERVICE}"'
"""Matches the service's alerts in what was recorded: before they named it, they named none."""

API: Final = "calendar-api"
PROBER: Final = "prober"
NODE: Final = "node"


TARGET_LABELS: Final = frozenset({"job", "instance"})
"""Labels that Prometheus itself puts on every scraped series."""


def catalogue_advice(series: str, known: Iterable[str]) -> str:
    """Return what to do about a series that is not known: the nearest, or where to declare it."""
    found = closest(series, known)
    declare = "a new metric is declared in the catalogue that [paths] metrics of the project names"
    return f"{found} {declare}" if found.startswith("did") else declare
