"""Hold what we counted against what the service counted of itself on /metrics."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from prometheus_client.parser import text_string_to_metric_families

from synthetic.load.samples import Outcome, Samples, samples_by_route

REQUESTS: Final = "http_requests_total"
DURATION_SUM: Final = "http_request_duration_seconds_sum"
DURATION_COUNT: Final = "http_request_duration_seconds_count"
METRICS_PATH: Final = "/metrics"
_NAMED: Final = re.compile(r"\{[^}]*\}")
Counts = Mapping[tuple[str, str], float]
"""Sums by (metric, "METHOD /route")."""


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """Requests by route as counted on both sides; `problem` says why there is nothing to compare.

    `differing` names the routes where the service saw fewer or more than this run sent and got
    answered: something else also uses it, answers were lost, or its metrics are wrong.
    """

    problem: str | None
    routes: Mapping[str, Mapping[str, float | None]]
    differing: tuple[str, ...]


def counts_in(text: str) -> Counts:
    """Return the counts in an exposition, summed over statuses; raises ValueError for another."""
    found: dict[tuple[str, str], float] = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            if one.name in {REQUESTS, DURATION_SUM, DURATION_COUNT} and "route" in one.labels:
                key = one.name, _plain(f"{one.labels.get('method', '')} {one.labels['route']}")
                found[key] = found.get(key, 0.0) + one.value
    return found


def cross_check(
    before: Counts | str,
    after: Counts | str,
    samples: Samples,
    routes: tuple[str, ...],
    *,
    besides: Mapping[str, int],
) -> CrossCheck:
    """Compare answered requests by route with the growth of the service's counters.

    `besides` are requests of ours that are no samples (seeding), by route.
    """
    if isinstance(before, str) or isinstance(after, str):
        return CrossCheck(before if isinstance(before, str) else str(after), {}, ())
    if not any(name == REQUESTS for name, _ in after):
        return CrossCheck(f"{METRICS_PATH} has no {REQUESTS}", {}, ())
    found: dict[str, dict[str, float | None]] = {}
    differing = []
    for route, sent in zip(routes, samples_by_route(samples, len(routes)), strict=True):
        mine = sent[sent["outcome"] == Outcome.ANSWERED]
        unsure = np.isin(sent["outcome"], (Outcome.TIMEOUT, Outcome.UNFINISHED))
        ours = len(mine) + besides.get(route, 0)
        theirs = _growth(before, after, REQUESTS, route)
        open_ended = int(np.count_nonzero(unsure))
        count = _growth(before, after, DURATION_COUNT, route)
        total_s = _growth(before, after, DURATION_SUM, route)
        found[route] = {
            "client": ours,
            "service": theirs,
            "client_mean_ms": float(mine["latency_s"].mean()) * 1000 if len(mine) else None,
            "service_mean_ms": total_s / count * 1000 if count else None,
        }
        if not ours <= theirs <= ours + open_ended:
            differing.append(route)
    return CrossCheck(None, found, tuple(differing))


def _growth(before: Counts, after: Counts, name: str, route: str) -> float:
    """Return by how much a counter grew; one that was set back to zero grew from there."""
    key = name, _plain(route)
    was, now = before.get(key, 0.0), after.get(key, 0.0)
    return now - was if now >= was else now


def _plain(route: str) -> str:
    """Return a route's template without the names in it: they are each side's own."""
    return _NAMED.sub("{}", route)


def as_json(check: CrossCheck | None) -> dict[str, Any] | None:
    """Return the check as plain JSON data."""
    if check is None:
        return None
    return {
        "problem": check.problem,
        "differing": list(check.differing),
        "routes": {name: dict(one) for name, one in check.routes.items()},
    }
