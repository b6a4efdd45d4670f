"""Panels that say what spends a budget."""

from collections.abc import Iterator

from dashboards.boards.promql import ROUTE, TARGET, quantile, rate, share
from dashboards.boards.traffic import IDLE
from dashboards.facts import Facts
from dashboards.names import of
from dashboards.panel import Kind, Panel, Query, Unit
from dashboards.thresholds import too_high, too_low
from slo.objective import Measure, Objective


def budget_consumers(objective: Objective, facts: Facts) -> Iterator[Panel]:
    """Yield the panels that fit what the objective measures."""
    if objective.split_by == "route":
        yield from _by_route(objective, facts)
    match objective.measure:
        case Measure.AVAILABILITY | Measure.ERRORS:
            yield _by_status()
            yield _components()
        case Measure.LATENCY:
            yield _times(objective)
            yield _components()
        case Measure.ACCURACY:
            yield from _mistakes(objective, facts)


def _by_route(objective: Objective, facts: Facts) -> Iterator[Panel]:
    bad, total = (
        f"sum by (route) ({of(name, objective)})"
        for name in (facts.recorded.route_bad, facts.recorded.route_total)
    )
    yield Panel(
        title="What spends it, by route",
        kind=Kind.TIMESERIES,
        unit=Unit.PER_SECOND,
        queries=(Query(f"topk(10, {bad} > 0)", "{{route}}"),),
        good="empty.",
        otherwise="the widest band is where to begin.",
        when_empty="Nothing spent the budget in this time.",
        stacked=True,
        lowest=0,
    )
    yield Panel(
        title="Worst routes now",
        kind=Kind.TABLE,
        unit=Unit.SHARE,
        queries=(
            Query(f"topk(10, {bad} / ({total} > 0) > 0)", "bad share", instant=True),
            Query(f"{total} and {bad} > 0", "requests", instant=True, unit=Unit.PER_SECOND),
        ),
        good="empty.",
        otherwise="a route with few requests spends little however bad it is; look at both.",
        when_empty="No route spends the budget now.",
        labels=("route",),
    )


def _by_status() -> Panel:
    failed = f'{ROUTE},status=~"5.."'
    expr = rate("http_requests_total", failed, by="method, route, status")
    return Panel(
        title="Failures by route and status",
        kind=Kind.TIMESERIES,
        unit=Unit.PER_SECOND,
        queries=(Query(f"topk(10, {expr} > 0)", "{{status}} {{method}} {{route}}"),),
        good="empty.",
        otherwise="503 is a dependency that does not answer, 500 a fault of ours.",
        when_empty="No request failed in this time.",
        stacked=True,
        lowest=0,
    )


def _times(objective: Objective) -> Panel:
    objective_s = objective.threshold_s or 0.0
    # A percentile reads every bucket of every route: over 30 days that takes more than a second.
    seconds, requests = (
        rate(f"http_request_duration_seconds_{part}", ROUTE, by="route")
        for part in ("sum", "count")
    )
    return Panel(
        title="Slowest routes, by their mean",
        kind=Kind.TIMESERIES,
        unit=Unit.SECONDS,
        queries=(Query(f"topk(5, {share(seconds, requests)})", "{{route}}"),),
        good=f"every route far under {objective_s:g} s.",
        otherwise="one route alone is a query without an index; all at once is the machine.",
        steps=too_high(bad=objective_s),
        when_empty=IDLE,
        lowest=0,
    )


def _components() -> Panel:
    return Panel(
        title="Time in each component",
        kind=Kind.TIMESERIES,
        unit=Unit.SECONDS,
        queries=(
            Query(quantile(0.95, "component_latency_seconds", by="component"), "{{component}} p95"),
        ),
        good="the same as last week.",
        otherwise="the one that grew is the cause, or waits for it.",
        when_empty="No component was at work in this time.",
        lowest=0,
    )


def _mistakes(objective: Objective, facts: Facts) -> Iterator[Panel]:
    accuracy = f"avg by (slice) (parsing_accuracy_ratio{{{TARGET}}})"
    yield Panel(
        title="Accuracy of the weakest slices",
        kind=Kind.TIMESERIES,
        unit=Unit.SHARE,
        queries=(Query(f"bottomk(8, {accuracy})", "{{slice}}"),),
        good=f"every slice above {100 * objective.target:g} %.",
        otherwise="run `sre golden run`; it prints each mistake of a slice with its sentence.",
        steps=too_low(bad=facts.limit("accuracy_low"), warning=objective.target),
        alerts=("AccuracyVeryLow", "AccuracyBelowObjective", "AccuracySliceDropped"),
        lowest=0,
        highest=1,
    )
    yield Panel(
        title="Weakest slices now",
        kind=Kind.TABLE,
        unit=Unit.SHARE,
        queries=(Query(f"sort(bottomk(10, {accuracy}))", "accuracy", instant=True),),
        good="even the weakest is above the objective.",
        otherwise="take the weakest first: it has the most to win.",
        labels=("slice",),
    )
    unsure = rate("parsing_requests_total", f'{TARGET},outcome!="understood"', by="outcome")
    every = rate("parsing_requests_total")
    yield Panel(
        title="Sentences that were not understood",
        kind=Kind.TIMESERIES,
        unit=Unit.SHARE,
        queries=(Query(f"{unsure} / on() group_left() ({every} > 0)", "{{outcome}}"),),
        good="a small and level share.",
        otherwise="a rise without a deploy is a new kind of sentence: read the review queue.",
        alerts=("ParsingFails",),
        when_empty="No sentence was read in this time.",
        width=24,
        stacked=True,
        lowest=0,
    )
