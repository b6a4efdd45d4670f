"""Panels about requests, which every audience looks at in its own way."""

from typing import Final

from dashboards.boards.promql import ROUTE, quantile, rate, share
from dashboards.panel import Kind, Panel, Query, Unit
from dashboards.thresholds import too_high

_FAILED: Final = ROUTE + ',status=~"5.."'
FAILED_SHARE: Final = share(
    rate("http_requests_total", _FAILED), rate("http_requests_total", ROUTE)
)
SLOW_S: Final = 1.0
"""The runbook warns of responses slower than this."""
IDLE: Final = "No requests in this time: there is nothing to judge."


def request_rate(*, width: int = 12) -> Panel:
    """Requests a second, by what became of them."""
    return Panel(
        title="Requests by outcome",
        kind=Kind.TIMESERIES,
        unit=Unit.PER_SECOND,
        queries=tuple(
            Query(rate("http_requests_total", f'{ROUTE},status=~"{digit}.."'), name)
            for digit, name in (
                ("2", "2xx carried out"),
                ("4", "4xx refused"),
                ("5", "5xx failed"),
            )
        ),
        good="follows the hours of the day, with next to no 5xx.",
        otherwise="a sudden fall means that callers cannot reach us: look at health below; a rise "
        "of 4xx points at one caller or a release of a client.",
        alerts=("TrafficVanished",),
        width=width,
        stacked=True,
        lowest=0,
    )


def failed_share(limit: float, alarm: float, alerts: tuple[str, ...], *, width: int = 12) -> Panel:
    """Share of failed requests against the objective and the level of the alarm."""
    return Panel(
        title="Share of requests that fail",
        kind=Kind.TIMESERIES,
        unit=Unit.SHARE,
        queries=(Query(FAILED_SHARE, "failed"),),
        good=f"under {100 * limit:.3g} % of all requests, which is the objective.",
        otherwise="open the errors dashboard for the routes that fail, then the log by request id.",
        steps=too_high(warning=limit, bad=alarm),
        alerts=alerts,
        when_empty=IDLE,
        width=width,
        lowest=0,
    )


def response_times(
    objective_s: float, warning_s: float | None, alerts: tuple[str, ...], *, width: int = 12
) -> Panel:
    """Return the quantiles of the response time in seconds against the objective for p95."""
    return Panel(
        title="Response time",
        kind=Kind.TIMESERIES,
        unit=Unit.SECONDS,
        queries=tuple(
            Query(quantile(q, "http_request_duration_seconds", ROUTE), name)
            for q, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
        ),
        good=f"p95 stays under {objective_s:g} s.",
        otherwise="see which component is slow on the development dashboard, and whether the "
        "processor or the database pool is exhausted on the operations dashboard.",
        steps=too_high(bad=objective_s, warning=warning_s),
        alerts=alerts,
        when_empty=IDLE,
        width=width,
        lowest=0,
    )
