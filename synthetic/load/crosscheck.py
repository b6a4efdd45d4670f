"""Hold what we counted against what the service counted of itself on /metrics."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from prometheus_client.parser import text_string_to_metric_families

from kit.pure.json_values import JsonObject
from slo.project.roles import Roles
from synthetic.load.request import NAMED
from synthetic.load.samples import Outcome, Samples, samples_by_route

_NAMED: Final = re.compile(r"\{[^}]*\}")
_REQUESTS: Final = "requests"
_TIMED: Final = "timed"
_SECONDS: Final = "seconds"
_MOST_NAMED: Final = 4
Counts = Mapping[tuple[str, str], float]
"""Sums by (what is counted, "METHOD /route")."""


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """Requests by route as counted on both sides; `problem` says why there is nothing to compare.

    `differing` names the routes where the service saw fewer or more than this run sent and got
    answered: something else also uses it, answers were lost, or its metrics are wrong.
    """

    problem: str | None
    routes: Mapping[str, Mapping[str, float | None]]
    differing: tuple[str, ...]


def why_not_compared(roles: Roles) -> str | None:
    """Return why a service's own counts cannot be held against a run's, None when they can."""
    if roles.requests is None:
        return "no [metrics.requests] in the project file"
    if roles.requests.route is None:
        return "its requests have no label of the route: probes and scrapes are counted as well"
    return None


def counts_in(text: str, roles: Roles) -> Counts:
    """Return the counts in an exposition, summed over statuses; raises ValueError for another."""
    wanted = defaultdict(list)
    for what, name, labels in _series(roles):
        wanted[name].append((what, labels))
    found: dict[tuple[str, str], float] = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            for what, (method, route) in wanted.get(one.name, ()):
                if route in one.labels:
                    key = what, _key(one.labels.get(method, ""), one.labels[route])
                    found[key] = found.get(key, 0.0) + one.value
    return found


def _series(roles: Roles) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Yield (what it counts, its name, its labels of method and route) of each series."""
    if (one := roles.requests) and one.route:
        yield _REQUESTS, one.counter, (one.method or "", one.route)
    if (two := roles.latency) and two.route:
        labels = two.method or "", two.route
        yield _TIMED, f"{two.histogram}_count", labels
        yield _SECONDS, f"{two.histogram}_sum", labels


def cross_check(
    before: Counts | str,
    after: Counts | str,
    samples: Samples,
    routes: tuple[str, ...],
    roles: Roles,
    *,
    besides: Mapping[str, int],
) -> CrossCheck:
    """Compare answered requests by route with the growth of the service's counters.

    `besides` are requests of ours that are no samples (seeding), by route.
    """
    if isinstance(before, str) or isinstance(after, str):
        return CrossCheck(before if isinstance(before, str) else str(after), {}, ())
    if roles.requests is None or not any(what == _REQUESTS for what, _ in after):
        name = roles.requests.counter if roles.requests else "counter of requests"
        return CrossCheck(f"the service exposes no {name}", {}, ())
    if why := _why_named_otherwise(after, routes, roles.requests.route or ""):
        return CrossCheck(why, {}, ())
    by_route = samples_by_route(samples, len(routes))
    second = roles.latency.second if roles.latency else 1.0
    grouped = defaultdict(list)
    for name, sent in zip(routes, by_route, strict=True):
        method, _, path = name.partition(NAMED)[0].partition(" ")
        path = path.partition("?")[0]
        counted_as = f"{method} {path}" if roles.requests.method else path
        grouped[counted_as].append((name, sent))
    found: dict[str, dict[str, float | None]] = {}
    differing = []
    for counted_as, parts in grouped.items():
        method, _, path = counted_as.rpartition(" ")
        mine = np.concatenate([sent for _, sent in parts])
        extra = sum(besides.get(name, 0) for name, _ in parts)
        label = parts[0][0] if len(parts) == 1 else counted_as
        found[label], agrees = _compared(before, after, _key(method, path), mine, extra, second)
        if not agrees:
            differing.append(label)
    return CrossCheck(None, found, tuple(differing))


def _why_named_otherwise(after: Counts, routes: tuple[str, ...], label: str) -> str | None:
    """Return why no route of a run can be found: the service counts by names, and not by paths."""
    counted = {key.partition(" ")[2] for what, key in after if what == _REQUESTS}
    sent = {name.partition(NAMED)[0].partition(" ")[2] for name in routes}
    if any(one.startswith("/") for one in counted) or not all(s.startswith("/") for s in sent):
        return None
    some = ", ".join(sorted(counted)[:_MOST_NAMED])
    return f"its {label} holds no paths ({some}): give each request of the profile its route"


def _compared(
    before: Counts, after: Counts, key: str, sent: Samples, besides: int, second: float
) -> tuple[dict[str, float | None], bool]:
    """Return both sides' counts and mean latencies, and whether the counts agree."""
    mine = sent[sent["outcome"] == Outcome.ANSWERED]
    unsure = np.isin(sent["outcome"], (Outcome.TIMEOUT, Outcome.UNFINISHED))
    ours, open_ended = len(mine) + besides, int(np.count_nonzero(unsure))
    theirs = _growth(before, after, _REQUESTS, key)
    count = _growth(before, after, _TIMED, key)
    total = _growth(before, after, _SECONDS, key)
    return {
        "client": ours,
        "service": theirs,
        "client_mean_ms": float(mine["latency_s"].mean()) * 1000 if len(mine) else None,
        "service_mean_ms": total / count / second * 1000 if count else None,
    }, ours <= theirs <= ours + open_ended


def _growth(before: Counts, after: Counts, what: str, key: str) -> float:
    """Return by how much a counter grew; one that was set back to zero grew from there."""
    was, now = before.get((what, key), 0.0), after.get((what, key), 0.0)
    return now - was if now >= was else now


def _key(method: str, route: str) -> str:
    """Return a route without the names in its template: they are each side's own."""
    return f"{method.upper()} {_NAMED.sub('{}', route)}"


def as_json(check: CrossCheck | None) -> JsonObject | None:
    """Return the check as plain JSON data."""
    if check is None:
        return None
    return {
        "problem": check.problem,
        "differing": list(check.differing),
        "routes": {name: dict(one) for name, one in check.routes.items()},
    }
