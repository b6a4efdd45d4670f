"""The roles that metrics play for the harness, whatever a service calls them."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final

FAILED: Final = "5.."
"""The values of an HTTP status that are the service's own failure."""
WALKED: Final = "probe_success"
"""What `sre probe run` shows: by `journey`, whether its last walk succeeded."""


@dataclass(frozen=True, slots=True)
class Requests:
    """What counts requests: a counter, or the count of a histogram, and its labels.

    `failed` is a regular expression of the values of `status` that are the service's failure.
    A label that is None is one that the metric lacks.
    """

    counter: str
    route: str | None = None
    method: str | None = None
    status: str | None = None
    failed: str = FAILED


@dataclass(frozen=True, slots=True)
class Latency:
    """The histogram of how long requests take; its edges are in units of `second` to a second.

    `times_all` says that it times each request that the requests' counter counts, so that its count
    may stand for that, which has more series.
    """

    histogram: str
    route: str | None = None
    method: str | None = None
    second: float = 1.0
    times_all: bool = False
    early: float | None = None
    """An edge in seconds, below that of the objective, beyond which slowness is worth a ticket."""


@dataclass(frozen=True, slots=True)
class Version:
    """A gauge of 1 whose `label` is the version that runs."""

    info: str
    label: str = "version"


@dataclass(frozen=True, slots=True)
class Dependency:
    """Something the service needs: `up` selects a gauge that is 1 while it answers."""

    name: str
    up: str


@dataclass(frozen=True, slots=True)
class Cache:
    """Two counters of look-ups; `label` tells several caches apart."""

    hits: str
    misses: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Saturation:
    """What can be used up: the selector of a gauge, and that of its limit, or a number."""

    name: str
    used: str
    limit: str | float


@dataclass(frozen=True, slots=True)
class Accuracy:
    """A gauge between 0 and 1; `slice` is the label of its parts, `whole` its value for all."""

    gauge: str
    slice: str | None = None
    whole: str | None = None


@dataclass(frozen=True, slots=True)
class Prober:
    """Who walks the journeys: the scrape job of `sre probe run`."""

    job: str

    @property
    def walked(self) -> str:
        """Return the selector of how its walks went, and of no other prober's."""
        return f'{WALKED}{{job="{self.job}"}}'


@dataclass(frozen=True, slots=True)
class Roles:
    """Every role; None or empty is one that no metric plays, so that what needs it is left out."""

    requests: Requests | None = None
    latency: Latency | None = None
    in_progress: str | None = None
    version: Version | None = None
    started: str | None = None
    cache: Cache | None = None
    accuracy: Accuracy | None = None
    prober: Prober | None = None
    dependency: tuple[Dependency, ...] = ()
    saturation: tuple[Saturation, ...] = ()

    def unbound(self) -> tuple[str, ...]:
        """Return the names of the roles that no metric plays, as the project file writes them."""
        return tuple(one.name for one in fields(self) if not getattr(self, one.name))

    def names(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Yield (place in the file, series or selector, labels it must have) of what is bound."""
        for name in ("in_progress", "started"):
            if found := getattr(self, name):
                yield name, found, ()
        if one := self.requests:
            yield "requests.counter", one.counter, _known(one.route, one.method, one.status)
        if two := self.latency:
            yield "latency.histogram", f"{two.histogram}_bucket", _known(two.route, two.method)
        if self.version:
            yield "version.info", self.version.info, (self.version.label,)
        if self.accuracy:
            yield "accuracy.gauge", self.accuracy.gauge, _known(self.accuracy.slice)
        yield from self._parts()

    def _parts(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        if self.cache:
            yield "cache.hits", self.cache.hits, _known(self.cache.label)
            yield "cache.misses", self.cache.misses, _known(self.cache.label)
        for number, each in enumerate(self.dependency):
            yield f"dependency[{number}].up", each.up, ()
        for number, use in enumerate(self.saturation):
            yield f"saturation[{number}].used", use.used, ()
            if isinstance(use.limit, str):
                yield f"saturation[{number}].limit", use.limit, ()


def _known(*labels: str | None) -> tuple[str, ...]:
    return tuple(label for label in labels if label is not None)


ROLES: Final = tuple(one.name for one in fields(Roles))
"""The names of all roles, in the order of the file."""
