"""Do the objectives hold right now: rate, errors and latency, in all and by route."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from kit.pure.answers import Answer, Series
from kit.pure.durations import to_prometheus
from kit.pure.query import Query, at
from kit.pure.words import seconds, share
from ops.checks.evidence import Evidence
from ops.checks.finding import Finding, State, info, no_data
from ops.checks.own_limits import Limits
from reports.period.quantiles import histogram, quantile
from slo.objective import Objective, Ratio
from slo.promql import bad_of, by_label, total_of
from slo.series import fill_window
from slo.verdict import Verdict
from synthetic.verdict_rows import Row, Rule, row

USERS: Final = 'job="calendar-api",route!~"/health|/healthz|/readyz|/metrics"'
"""The requests that are users': probes and scrapes are no traffic."""
_STATES: Final = {
    Verdict.PASS: State.PASS,
    Verdict.FAIL: State.FAIL,
    Verdict.INCONCLUSIVE: State.NO_DATA,
    Verdict.NO_DATA: State.NO_DATA,
    Verdict.CONTRADICTORY: State.NO_DATA,
}
_STEPS: Final = {
    "latency": "sre check db-performance, sre check cache and sre check system: which is slow?",
    "accuracy": "sre golden run says which sentences are misread",
}
_STEP: Final = "sre check dependencies; sre check logs says which errors"
_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class ObservedPerformance:
    """The answers to `queries`, by name, over `window`; `source` says who counted.

    `lasted` is how long that window was by a clock. `sees_probes` says whether ready-made shares,
    which the prober exports and not the service, would be among the answers. `evidence` is how
    much of the window, or of the pages, was there to count.
    """

    window: timedelta
    lasted: timedelta
    source: str
    answers: Mapping[str, Answer]
    sees_probes: bool = True
    evidence: tuple[Evidence, ...] = ()


def queries(objectives: Sequence[Objective], window: timedelta, now_s: int) -> tuple[Query, ...]:
    """Return what is to be asked: the two sides of every counted objective, and the histograms."""
    length = to_prometheus(window)
    buckets = f"http_request_duration_seconds_bucket{{{USERS}}}[{length}]"
    failed = f'http_requests_total{{{USERS},status=~"5.."}}[{length}]'
    asked = [
        at("buckets", f"sum by (route, le) (increase({buckets}))", now_s),
        at("failed", f"sum by (route) (increase({failed}))", now_s),
    ]
    for one in objectives:
        if one.counts_requests:
            asked += _sides(one, window, now_s)
        elif not isinstance(one.indicator, Ratio):
            asked.append(at(f"share.{one.name}", bad_of(one.indicator, window), now_s))
    return tuple(asked)


def _sides(one: Objective, window: timedelta, now_s: int) -> Iterator[Query]:
    yield at(f"total.{one.name}", total_of(one.indicator, window), now_s)
    yield at(f"bad.{one.name}", bad_of(one.indicator, window, none_is_zero=True), now_s)
    if one.split_by is None or not isinstance(one.indicator, Ratio):
        return
    for side in ("total", "bad", "good"):
        text = getattr(one.indicator, side)
        if text is not None:
            asked = by_label(fill_window(text, to_prometheus(window)), one.split_by)
            yield at(f"split.{side}.{one.name}", asked, now_s)


def judge(
    observed: ObservedPerformance, objectives: Sequence[Objective], limits: Limits
) -> tuple[Finding, ...]:
    """Return how each objective fares over the window, then the slowest routes."""
    refused = [answer.problem for answer in observed.answers.values() if answer.problem]
    if refused and not any(answer.series for answer in observed.answers.values()):
        return (no_data("performance", refused[0], "check --prometheus"),)
    return tuple(_findings(observed, objectives, limits))


def _findings(
    observed: ObservedPerformance, objectives: Sequence[Objective], limits: Limits
) -> Iterator[Finding]:
    routes = _routes(observed)
    total = sum(requests for requests, _ in routes.values())
    rate = total / observed.lasted.total_seconds()
    span = to_prometheus(observed.lasted)
    yield info(
        "requests", f"{rate:.3g}/s, {total:,.0f} in {span} ({observed.source})", measured=rate
    )
    if troubles := _troubles(observed, ["buckets", "failed"]):
        yield no_data("routes", troubles[0], "check --prometheus")
    slowest = sorted(routes.items(), key=lambda item: (-(item[1][1] or 0.0), item[0]))
    failed = {one.label("route"): one.last or 0.0 for one in _series(observed, "failed")}
    for route, (requests, p95_s) in slowest[:_SHOWN]:
        yield _route(route, requests, p95_s, failed.get(route, 0.0), limits)
    for one in objectives:
        found = _objective(observed, one)
        if found is not None:
            yield found
            yield from _parts(observed, one)


def _objective(observed: ObservedPerformance, one: Objective) -> Finding | None:
    """Return how an objective fares; None for what this window cannot count, as slices of time."""
    asked = [f"total.{one.name}", f"bad.{one.name}", f"share.{one.name}"]
    if troubles := _troubles(observed, asked):
        return no_data(one.display_name, troubles[0], "check --prometheus")
    if one.counts_requests:
        return _of_counts(observed, one)
    if isinstance(one.indicator, Ratio):
        return None
    bad_share = _answer(observed, f"share.{one.name}").value
    if bad_share is None and not observed.sees_probes:
        return info(one.display_name, "the service does not count it; give --prometheus")
    if bad_share is None:
        step = "sre golden run measures it; sre probe run exports it"
        return no_data(one.display_name, "nobody measures it here", step)
    good = 1 - bad_share
    state = State.PASS if good >= one.target else State.FAIL
    limit = f"at least {share(one.target)}"
    step = "" if state is State.PASS else _STEPS.get(one.measure, _STEP)
    return Finding(one.display_name, state, share(good), limit, do_next=step, measured=good)


def _of_counts(observed: ObservedPerformance, one: Objective) -> Finding:
    total, bad = _count(observed, f"total.{one.name}"), _count(observed, f"bad.{one.name}")
    if total and _answer(observed, f"bad.{one.name}").value is None:
        return no_data(one.display_name, "nobody says how many of them were bad")
    return _of_row(row(one, total=total, bad=min(bad, total), rule=Rule.OBSERVED, void=False))


def _parts(observed: ObservedPerformance, one: Objective) -> Iterator[Finding]:
    """Return the routes alone that miss an objective, which the sum of all would hide."""
    asked = [f"split.{side}.{one.name}" for side in ("total", "bad", "good")]
    if troubles := _troubles(observed, asked):
        yield no_data(f"{one.display_name} by {one.split_by}", troubles[0], "check --prometheus")
        return
    totals = _by(observed, f"split.total.{one.name}", one)
    bads, goods = (
        _by(observed, f"split.bad.{one.name}", one),
        _by(observed, f"split.good.{one.name}", one),
    )
    for part, total in sorted(totals.items()):
        bad = bads.get(part, 0) if bads or not goods else total - goods.get(part, 0)
        if total:
            judged = row(
                one, total=total, bad=min(max(bad, 0), total), rule=Rule.OBSERVED, void=False,
                part=part,
            )  # fmt: skip
            if judged.verdict is Verdict.FAIL:
                yield _of_row(judged)


def _of_row(judged: Row) -> Finding:
    subject = judged.display_name if judged.part is None else f"{judged.display_name} {judged.part}"
    if judged.measured is None:
        return no_data(subject, "no request in this time", "look again when there is traffic")
    value = f"{share(judged.measured.value)} good, {judged.bad:,} of {judged.total:,} bad"
    state = _STATES[judged.verdict]
    if state is State.NO_DATA:
        value += f"; {judged.more_needed} more requests are needed to say"
    step = "" if state in {State.PASS, State.NO_DATA} else _STEPS.get(judged.objective, _STEP)
    limit = f"at least {share(judged.target)}"
    return Finding(subject, state, value, limit, do_next=step, measured=judged.measured.value)


def _route(
    route: str, requests: float, p95_s: float | None, failed: float, limits: Limits
) -> Finding:
    errors = f", {failed:,.0f} failed" if failed >= 1 else ""
    value = f"p95 {seconds(p95_s)}, {requests:,.0f} requests{errors}"
    few = requests < limits.route_fewest
    slow = p95_s is not None and p95_s > 1
    broken = requests > 0 and failed / requests > limits.route_error_ratio
    state = State.WARN if (slow or broken) and not few else State.INFO
    limit = f"1 s, {limits.route_error_ratio:.0%} failed"
    step = "" if state is State.INFO else _STEPS["latency"] if slow else _STEP
    return Finding(f"· {route}", state, value, limit if step else "", do_next=step, measured=p95_s)


def _routes(observed: ObservedPerformance) -> dict[str, tuple[float, float | None]]:
    """Return requests and 95th percentile in seconds of each route that was asked for."""
    grouped: dict[str, list[Series]] = {}
    for one in _series(observed, "buckets"):
        grouped.setdefault(one.label("route"), []).append(one)
    found = {}
    for route, group in grouped.items():
        buckets = histogram(group, [np.array([one.last or 0.0]) for one in group])
        if buckets is not None and buckets.counts[0, -1] >= 0.5:  # noqa: PLR2004 -- rounds to one
            found[route] = (float(buckets.counts[0, -1]), quantile(buckets, 0.95))
    return found


def _count(observed: ObservedPerformance, name: str) -> int:
    """Return how many events a rate in events per second means."""
    return round((_answer(observed, name).value or 0.0) * observed.window.total_seconds())


def _troubles(observed: ObservedPerformance, names: Sequence[str]) -> list[str]:
    """Return why answers are not known; a query that failed has counted nothing, not nought."""
    return [why for name in names if (why := _answer(observed, name).problem) is not None]


def _by(observed: ObservedPerformance, name: str, one: Objective) -> dict[str, int]:
    span_s = observed.window.total_seconds()
    return {
        each.label(one.split_by or ""): round((each.last or 0.0) * span_s)
        for each in _series(observed, name)
    }


def _answer(observed: ObservedPerformance, name: str) -> Answer:
    return observed.answers.get(name, Answer())


def _series(observed: ObservedPerformance, name: str) -> tuple[Series, ...]:
    return _answer(observed, name).series
