"""The dashboard of one promise: how much budget is left, how fast it goes, what spends it."""

from collections.abc import Iterator

from dashboards.boards.promises import budget_left, kept, pace
from dashboards.boards.promql import ROUTE, TARGET, quantile, rate
from dashboards.boards.traffic import FAILED_SHARE, IDLE
from dashboards.facts import Facts
from dashboards.panel import Board, Kind, Panel, Query, Row, State, Step, Unit
from dashboards.thresholds import too_high, too_low
from slo.durations import to_prometheus
from slo.objective import Measure, Objective
from slo.windows import PAGES, TICKETS, Tier, for_window, scaled_factor


def objective_board(objective: Objective, facts: Facts) -> Board:
    """Return budget, burn and what spends it."""
    return Board(
        uid=f"calendar-slo-{objective.name}"[:40],
        title=f"Calendar: {objective.display_name.lower()}",
        summary=objective.description,
        tags=("objective",),
        since="now-24h",
        rows=(
            Row("How much of the budget is left?", tuple(_budget(objective))),
            Row("How fast does it burn?", tuple(_burn(objective))),
            Row("What spends it?", tuple(_SPENDERS[objective.measure](objective, facts))),
        ),
    )


def _budget(objective: Objective) -> Iterator[Panel]:
    yield kept(objective, width=6)
    yield budget_left(objective, width=6)
    yield Panel(
        title="Budget left over time",
        kind=Kind.TIMESERIES,
        unit=Unit.SHARE,
        queries=(Query(f"1 - {pace(objective, objective.window)}", "left"),),
        good="level or rising.",
        otherwise="a step down is one incident: set the time range around it and read on below.",
        steps=too_low(bad=0),
        when_empty=IDLE,
        width=12,
    )


def _burn(objective: Objective) -> Iterator[Panel]:
    for name, tiers, what in (
        ("Burn that wakes somebody", PAGES, "follow the runbook at once."),
        ("Burn that becomes a ticket", TICKETS, "plan it for the next working day."),
    ):
        scaled = [for_window(tier, objective) for tier in tiers]
        yield Panel(
            title=name,
            kind=Kind.TIMESERIES,
            unit=Unit.TIMES,
            queries=tuple(_burn_queries(objective, scaled)),
            good="below 1: at that pace the budget lasts the whole window.",
            otherwise=f"above a line for both of its windows an alert fires: {what}",
            steps=_burn_steps(objective, tiers),
            when_empty=IDLE,
            lowest=0,
        )


def _burn_queries(objective: Objective, tiers: list[Tier]) -> Iterator[Query]:
    for window in sorted({tier.long for tier in tiers} | {tier.short for tier in tiers}):
        yield Query(pace(objective, window), f"over {to_prometheus(window)}")


def _burn_steps(objective: Objective, tiers: tuple[Tier, ...]) -> tuple[Step, ...]:
    factors = sorted({scaled_factor(tier, objective) for tier in tiers})
    states = [State.WARNING, State.BAD] if len(factors) > 1 else [State.BAD]
    lines = (Step(factor, state) for factor, state in zip(factors, states, strict=False))
    return (Step(None, State.GOOD), *lines)


def _failures(objective: Objective, _: Facts) -> Iterator[Panel]:
    failed = f'{ROUTE},status=~"5.."'
    yield Panel(
        title="Failed share now",
        kind=Kind.TIMESERIES,
        unit=Unit.SHARE,
        queries=(Query(FAILED_SHARE, "failed"),),
        good=f"under {objective.budget:.3g}.",
        otherwise="the panels beside this say on which routes and with which status.",
        steps=too_high(bad=objective.budget),
        when_empty=IDLE,
        width=8,
        lowest=0,
    )
    for title, labels, legend in (
        ("Failures by route", "method, route", "{{method}} {{route}}"),
        ("Failures by status", "status", "{{status}}"),
    ):
        expr = rate("http_requests_total", failed, by=labels)
        yield Panel(
            title=title,
            kind=Kind.TIMESERIES,
            unit=Unit.PER_SECOND,
            queries=(Query(f"topk(10, {expr} > 0)", legend),),
            good="empty.",
            otherwise="503 is a dependency that does not answer, 500 a fault of ours.",
            when_empty="No request failed in this time.",
            width=8,
            stacked=True,
            lowest=0,
        )


def _slowness(objective: Objective, _: Facts) -> Iterator[Panel]:
    promise_s = objective.threshold_s or 0.0
    yield Panel(
        title="Response time by route",
        kind=Kind.TIMESERIES,
        unit=Unit.SECONDS,
        queries=(
            Query(
                f"topk(10, {quantile(0.95, 'http_request_duration_seconds', ROUTE, by='route')}"
                " >= 0)",
                "{{route}} p95",
            ),
        ),
        good=f"every route under {promise_s:g} s.",
        otherwise="one route alone is a query without an index; all at once is the machine.",
        steps=too_high(bad=promise_s),
        when_empty=IDLE,
        lowest=0,
    )
    edge = f"{promise_s:g}(\\\\.0)?"
    fast = rate("http_request_duration_seconds_bucket", f'{ROUTE},le=~"{edge}"', by="route")
    total = rate("http_request_duration_seconds_count", ROUTE, by="route")
    yield Panel(
        title="Slow requests by route",
        kind=Kind.TIMESERIES,
        unit=Unit.PER_SECOND,
        queries=(Query(f"topk(10, ({total} - {fast}) > 0)", "{{route}}"),),
        good="empty.",
        otherwise="this is the budget being spent, route by route.",
        when_empty=f"No request took longer than {promise_s:g} s in this time.",
        stacked=True,
        lowest=0,
    )
    yield Panel(
        title="Time in each component",
        kind=Kind.TIMESERIES,
        unit=Unit.SECONDS,
        queries=(
            Query(quantile(0.95, "component_latency_seconds", by="component"), "{{component}} p95"),
        ),
        good="the same as last week.",
        otherwise="the one that grew makes the requests slow.",
        when_empty="No component was at work in this time.",
        width=24,
        lowest=0,
    )


def _mistakes(objective: Objective, facts: Facts) -> Iterator[Panel]:
    accuracy = f"avg by (slice) (parsing_accuracy_ratio{{{TARGET}}})"
    yield Panel(
        title="Accuracy by slice",
        kind=Kind.TIMESERIES,
        unit=Unit.SHARE,
        queries=(Query(accuracy, "{{slice}}"),),
        good=f"every slice above {objective.target:g}.",
        otherwise="run `sre golden run`; it prints each mistake of a slice with its sentence.",
        steps=too_low(bad=facts.limit("accuracy_low"), warning=objective.target),
        alerts=("AccuracyLow",),
        lowest=0,
        highest=1,
    )
    yield Panel(
        title="Weakest slices now",
        kind=Kind.TABLE,
        unit=Unit.SHARE,
        queries=(Query(f"sort(bottomk(10, {accuracy}))", "accuracy", instant=True),),
        good="even the weakest is above the promise.",
        otherwise="take the weakest first: it has the most to win.",
        labels=("slice",),
    )
    unsure = rate("parsing_requests_total", f'{TARGET},outcome!="understood"', by="outcome")
    yield Panel(
        title="Sentences that were not understood",
        kind=Kind.TIMESERIES,
        unit=Unit.SHARE,
        queries=(
            Query(
                f"{unsure} / on() group_left() ({rate('parsing_requests_total')} > 0)",
                "{{outcome}}",
            ),
        ),
        good="a small and level share.",
        otherwise="a rise without a deploy is a new kind of sentence: read the review queue.",
        when_empty="No sentence was read in this time.",
        width=24,
        stacked=True,
        lowest=0,
    )


_SPENDERS = {
    Measure.AVAILABILITY: _failures,
    Measure.ERRORS: _failures,
    Measure.LATENCY: _slowness,
    Measure.ACCURACY: _mistakes,
}
