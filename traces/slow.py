"""What kept requests slow: where their time went, against the time before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from traces.owntime import by_kind
from traces.span import Trace

SLOW: Final = "slow"
FAILED: Final = "failed"
_LEAST: Final = 5
"""Traces from which on an interval is told."""
_DRAWS: Final = 1000
_SEED: Final = 24
_TAIL: Final = 2.5
_CLEARLY: Final = 0.5  # of the excess: what makes up less of it is not what made requests slow

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of the time, 0 to 1; `low` and `high` bound the true one in 95 of 100 cases."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What one value of a view (a kind, a route, an instance, a release) has of the time.

    `requests` took it; `before` is its share in the time before, None where nothing was kept.
    """

    name: str
    requests: int
    ms: float
    share: Share
    before: float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Why requests of one route are slow: `share` of what they took more went into `kind`.

    Without traces of the time before, the whole duration counts as `excess_ms`, and `compared` is
    False. `version` is the release in which that was so, `since` whether it began with it.
    """

    route: str
    requests: int
    excess_ms: float
    kind: str
    share: Share
    compared: bool
    version: str
    since: bool


@dataclass(frozen=True, slots=True)
class Slow:
    """All of it: how many requests, the views, and a finding for each route, the worst first."""

    requests: int
    before: int
    views: Mapping[str, tuple[Row, ...]]
    findings: tuple[Finding, ...]


VIEWS: Final[Mapping[str, Callable[[Trace], str]]] = {
    "route": lambda trace: trace.route,
    "instance": lambda trace: trace.root.instance,
    "version": lambda trace: trace.root.version,
}


@dataclass(frozen=True, slots=True)
class _Spent:
    """A trace and its milliseconds by kind."""

    trace: Trace
    kinds: Mapping[str, float]

    @property
    def ms(self) -> float:
        return sum(self.kinds.values())


def slow_of(now: Sequence[Trace], before: Sequence[Trace]) -> Slow:
    """Return what kept the requests of `now` slow, beside those `before`.

    Of both, the requests count that were kept because they were slow or failed; where a service
    does not say why it kept a trace, all do.
    """
    current, earlier = _chosen(now), _chosen(before)
    views = {"kind": _kinds(current, earlier)}
    for view, name_of in VIEWS.items():
        views[view] = _view(current, earlier, name_of)
    routes = dict.fromkeys(each.trace.route for each in current)
    findings = [_finding(route, _of(current, route), _of(earlier, route)) for route in routes]
    found = [each for each in findings if each is not None]
    found.sort(key=lambda each: -each.excess_ms * each.requests)
    return Slow(len(current), len(earlier), views, tuple(found))


def _chosen(traces: Sequence[Trace]) -> list[_Spent]:
    return [_Spent(trace, by_kind(trace)) for trace in traces if trace.why in {SLOW, FAILED, ""}]


def _of(spent: Sequence[_Spent], route: str) -> list[_Spent]:
    return [each for each in spent if each.trace.route == route]


def _kinds(current: Sequence[_Spent], earlier: Sequence[_Spent]) -> tuple[Row, ...]:
    names = sorted({kind for each in current for kind in each.kinds})
    if not names:
        return ()
    times = _times(current, names)
    shares = _shares(times, np.zeros(len(names)))
    was = _share_before(earlier, names)
    rows = [
        Row(name, int(np.count_nonzero(times[:, place])), float(times[:, place].sum()),
            shares[place], None if was is None else was[place])
        for place, name in enumerate(names)
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: -row.ms))


def _view(
    current: Sequence[_Spent], earlier: Sequence[_Spent], name_of: Callable[[Trace], str]
) -> tuple[Row, ...]:
    return _kinds(
        [_Spent(each.trace, {name_of(each.trace): each.ms}) for each in current],
        [_Spent(each.trace, {name_of(each.trace): each.ms}) for each in earlier],
    )


def _times(spent: Sequence[_Spent], names: Sequence[str]) -> Floats:
    """Return a row for each trace and a column for each name, in milliseconds."""
    return np.array([[each.kinds.get(name, 0.0) for name in names] for each in spent])


def _share_before(earlier: Sequence[_Spent], names: Sequence[str]) -> list[float] | None:
    whole = sum(each.ms for each in earlier)
    if not whole:
        return None
    return [sum(each.kinds.get(name, 0.0) for each in earlier) / whole for name in names]


def _shares(times: Floats, usual: Floats, usual_times: Floats | None = None) -> list[Share]:
    """Return the share of each column in the mean excess over `usual`, with its interval.

    The interval is the percentile bootstrap over requests (Efron 1979): requests are drawn anew,
    and where there are requests to compare with, those as well. Below `_LEAST` there is none.
    """
    excess = times.mean(axis=0) - usual
    values = _part(excess[None, :])[0]
    if len(times) < _LEAST:
        return [Share(float(value)) for value in values]
    rng = np.random.default_rng(_SEED)
    drawn = _means(times, rng)
    drawn -= usual if usual_times is None else _means(usual_times, rng)
    low, high = np.percentile(_part(drawn), [_TAIL, 100 - _TAIL], axis=0)
    return [Share(float(v), float(a), float(b)) for v, a, b in zip(values, low, high, strict=True)]


def _means(times: Floats, rng: np.random.Generator) -> Floats:
    size = len(times)
    weights = rng.multinomial(size, np.full(size, 1 / size), size=_DRAWS) / size
    means: Floats = weights @ times
    return means


def _part(excess: Floats) -> Floats:
    """Return what each column has of what the columns took more, 0 to 1."""
    more = np.maximum(excess, 0.0)
    whole = more.sum(axis=1, keepdims=True)
    parts: Floats = np.divide(more, whole, out=np.zeros_like(more), where=whole > 0)
    return parts


def _finding(route: str, current: list[_Spent], earlier: list[_Spent]) -> Finding | None:
    """Return what made a route slow; None where nothing took longer than before."""
    names = sorted({kind for each in (*current, *earlier) for kind in each.kinds})
    if not names:
        return None
    times = _times(current, names)
    compared = len(earlier) >= _LEAST
    before = _times(earlier, names) if compared else None
    usual = before.mean(axis=0) if before is not None else np.zeros(len(names))
    excess = float((times.mean(axis=0) - usual).sum())
    if excess <= 0:
        return None
    shares = _shares(times, usual, before)
    place = max(range(len(names)), key=lambda each: shares[each].value)
    version, since = _release(names[place], current, earlier if compared else [])
    return Finding(
        route, len(current), excess, names[place], shares[place], compared, version, since
    )


def _release(kind: str, current: Sequence[_Spent], earlier: Sequence[_Spent]) -> tuple[str, bool]:
    """Return the release whose requests spent most on a kind, and whether that began with it.

    It began with it where requests of releases before spent, on average, less than half as much.
    """
    order = sorted((*current, *earlier), key=lambda each: each.trace.root.start_ns)
    versions = [*dict.fromkeys(each.trace.root.version for each in order)]
    spent = dict.fromkeys(versions, 0.0)
    for each in current:
        spent[each.trace.root.version] += each.kinds.get(kind, 0.0)
    worst = max(versions, key=lambda version: spent[version])
    older = [each for each in order
             if versions.index(each.trace.root.version) < versions.index(worst)]  # fmt: skip
    newer = [each for each in current if each.trace.root.version == worst]
    if not older:
        return worst, False
    return worst, _mean(kind, older) < _CLEARLY * _mean(kind, newer)


def _mean(kind: str, spent: Sequence[_Spent]) -> float:
    return sum(each.kinds.get(kind, 0.0) for each in spent) / len(spent)
