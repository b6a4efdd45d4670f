"""The dashboard of whoever is on call."""

from collections.abc import Iterator

from dashboards.annotations import FIRING
from dashboards.boards.health import health
from dashboards.boards.promql import ROUTE, TARGET, buckets, quantile, rate, share
from dashboards.boards.resources import resources
from dashboards.boards.stores import stores
from dashboards.boards.traffic import IDLE, SLOW_S, failed_share, request_rate, response_times
from dashboards.facts import Facts
from dashboards.panel import Board, Kind, Panel, Query, Row, Unit
from slo.objective import Measure

_ERROR_ALERTS = ("ErrorRateHigh", "ErrorRateVeryHigh", "ManyRequestsFail", "SparseRequestsFail")
_SLOW_ALERTS = ("ResponseTimeHigh", "ResponseTimeVeryHigh", "ManyRequestsSlow")


def operations(facts: Facts) -> Board:
    """Return health, alerts, performance and resources, in the order of the questions at 3 am."""
    return Board(
        uid="calendar-operations",
        title="Calendar: operations",
        summary="What is wrong now, since when, and where to look next.",
        tags=("operations",),
        since="now-1h",
        rows=(
            health(facts),
            Row("Which alerts fire, and since when?", tuple(_alerts())),
            Row("Are requests answered, and how fast?", tuple(_performance(facts))),
            resources(facts),
            stores(facts),
            Row("Does somebody try to get in?", (_refused_keys(),)),
        ),
    )


def _alerts() -> Iterator[Panel]:
    yield Panel(
        title="Firing now",
        kind=Kind.TABLE,
        unit=Unit.BOOL,
        queries=(
            Query(
                f"max by (alertname, severity, priority) ({FIRING})",
                "firing",
                instant=True,
            ),
        ),
        good="empty.",
        otherwise="take the highest priority first; each alert has a runbook page of its name.",
        when_empty="No alert fires now.",
        labels=("alertname", "severity", "priority"),
    )
    yield Panel(
        title="Alerts over time",
        kind=Kind.TIMESERIES,
        unit=Unit.COUNT,
        queries=(
            Query(
                f"count by (severity) ({FIRING})",
                "{{severity}}",
            ),
        ),
        good="nothing.",
        otherwise="many at once usually have one cause: look at what fired first.",
        when_empty="No alert fired in this time.",
        lowest=0,
    )


def _performance(facts: Facts) -> Iterator[Panel]:
    latency = facts.objective(Measure.LATENCY)
    errors = facts.objective(Measure.ERRORS)
    yield request_rate(width=8)
    yield failed_share(errors.budget, facts.limit("error_ratio_high"), _ERROR_ALERTS, width=8)
    yield response_times(latency.threshold_s or 0.0, SLOW_S, _SLOW_ALERTS, width=8)
    yield Panel(
        title="Response times, all of them",
        kind=Kind.HEATMAP,
        unit=Unit.SECONDS,
        queries=(Query(buckets("http_request_duration_seconds", ROUTE), "{{le}}"),),
        good="one dark band low down.",
        otherwise="a second band higher up is one kind of request: find its route in the table.",
        when_empty=IDLE,
    )
    yield Panel(
        title="Being answered now",
        kind=Kind.TIMESERIES,
        unit=Unit.COUNT,
        queries=(
            Query(f"sum by (instance) (http_requests_in_progress{{{TARGET}}})", "{{instance}}"),
        ),
        good="a handful.",
        otherwise="a rising number with a level request rate means that something hangs.",
        lowest=0,
    )
    yield _by_route()


def _by_route() -> Panel:
    failed = rate("http_requests_total", ROUTE + ',status=~"5.."', by="route")
    total = rate("http_requests_total", ROUTE, by="route")
    return Panel(
        title="Routes",
        kind=Kind.TABLE,
        unit=Unit.COUNT,
        queries=(
            Query(f"topk(20, {total} > 0)", "requests", instant=True, unit=Unit.PER_SECOND),
            Query(share(failed, total), "failed", instant=True, unit=Unit.SHARE),
            Query(
                quantile(0.95, "http_request_duration_seconds", ROUTE, by="route"),
                "p95",
                instant=True,
                unit=Unit.SECONDS,
            ),
        ),
        good="no route stands out.",
        otherwise="one slow or failing route is a fault in its code or in its query.",
        alerts=("RouteFailing", "RouteErrors", "RouteSlow"),
        when_empty=IDLE,
        labels=("route",),
        width=24,
    )


def _refused_keys() -> Panel:
    return Panel(
        title="Refused credentials",
        kind=Kind.TIMESERIES,
        unit=Unit.PER_SECOND,
        queries=(Query(rate("auth_failures_total", by="reason"), "{{reason}}"),),
        good="near 0.",
        otherwise="`grep unauthorized logs/calendar-api.log` names the addresses; block them.",
        alerts=("AuthFailuresHigh",),
        width=24,
        height=6,
        lowest=0,
    )
