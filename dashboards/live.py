"""Check a dashboard on a Prometheus: metrics exist, queries answer, and soon."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from dashboards.choices import values_on
from dashboards.document import Dashboard, Drawn, Target
from dashboards.expand import expand
from dashboards.problem import Problem
from dashboards.queries import prometheus_targets
from dashboards.source import Answer, QueryError, Source, Span
from slo.series import selectors

LIVE_RULES: Final = ("template-data", "metric-exists", "panel-data", "query-speed")
MAX_POINTS: Final = 1000
_OF_PROMETHEUS_ITSELF: Final = frozenset({"ALERTS", "ALERTS_FOR_STATE"})
_FEWEST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """How to ask: seconds shown, seconds between scrapes, and what is too slow over how long."""

    range_s: float = 3600.0
    scrape_s: float = 15.0
    slow_s: float = 1.0
    long_range_s: float = 30 * 86400.0


def check_live(dashboard: Dashboard, source: Source, now: float, limits: Limits) -> list[Problem]:
    """Return every problem that only a Prometheus with data can show.

    UnreachableError when it does not answer.
    """
    span = span_of(limits.range_s, now, limits.scrape_s)
    values, empty = values_on(dashboard, source, span, limits.scrape_s)
    found = [
        Problem(
            "template-data",
            dashboard.path,
            "",
            "",
            f"variable {name!r} lists nothing",
            "let it look up a label that exists",
        )
        for name in empty
    ]
    found.extend(_missing_metrics(dashboard, source, values, now))
    long_span = span_of(limits.long_range_s, now, limits.scrape_s)
    long_values = values | values_on(dashboard, source, long_span, limits.scrape_s)[0]
    for panel, target in prometheus_targets(dashboard):
        found.extend(_without_data(dashboard, panel, target, source, values, span))
        found.extend(
            _too_slow(dashboard, panel, target, source, long_values, long_span, limits.slow_s)
        )
    return found


def span_of(range_s: float, now: float, scrape_s: float) -> Span:
    """Return the time range that ends now, in steps as Grafana takes them, ending on a step."""
    step_s = max(scrape_s, math.ceil(range_s / MAX_POINTS))
    end = math.floor(now / step_s) * step_s
    return Span(end - range_s, end, step_s)


def ask(source: Source, target: Target, values: Mapping[str, str], span: Span) -> Answer:
    """Ask one query of a panel as Grafana would."""
    expr = expand(target.expr, values)
    return source.instant(expr, span.end) if target.instant else source.over(expr, span)


def has_data(answer: Answer) -> bool:
    """Tell whether there is a number to show."""
    return any(not math.isnan(value) for series in answer.series for _, value in series.samples)


def explains_absence(panel: Drawn) -> bool:
    """Tell whether a panel says in words why it may be empty, in place of "No data"."""
    return len(panel.no_value.split()) >= _FEWEST_WORDS


def _missing_metrics(
    dashboard: Dashboard, source: Source, values: Mapping[str, str], now: float
) -> Iterator[Problem]:
    wanted: list[tuple[Drawn, Target, str]] = []
    for panel, target in prometheus_targets(dashboard):
        try:
            read = selectors(expand(target.expr, values))
        except ValueError:
            continue
        scraped = {selector.metric for selector in read} - _OF_PROMETHEUS_ITSELF - {""}
        wanted.extend((panel, target, name) for name in sorted(scraped))
    names = sorted({name for _, _, name in wanted})
    if not names:
        return
    pattern = "|".join(names)
    answer = source.instant(f'count by (__name__) ({{__name__=~"{pattern}"}})', now)
    there = {series.labels["__name__"] for series in answer.series}
    for panel, target, name in wanted:
        if name not in there:
            yield Problem(
                "metric-exists",
                dashboard.path,
                panel.title,
                target.ref,
                f"reads {name}, which this Prometheus does not have now",
                "mend the name, deploy the recording rules, or bring the metric back",
            )


def _without_data(
    dashboard: Dashboard,
    panel: Drawn,
    target: Target,
    source: Source,
    values: Mapping[str, str],
    span: Span,
) -> Iterator[Problem]:
    try:
        answer = ask(source, target, values, span)
    except QueryError as err:
        message, hint = str(err), "mend the expression"
    else:
        if has_data(answer) or explains_absence(panel):
            return
        message = f"has no data over {span.length_s:g} s"
        hint = "mend the query, or say in the panel's `noValue` why it may be empty"
    yield Problem("panel-data", dashboard.path, panel.title, target.ref, message, hint)


def _too_slow(
    dashboard: Dashboard,
    panel: Drawn,
    target: Target,
    source: Source,
    values: Mapping[str, str],
    span: Span,
    slow_s: float,
) -> Iterator[Problem]:
    try:
        answer = ask(source, target, values, span)
    except QueryError:
        return
    if answer.took_s > slow_s:
        days = span.length_s / 86400
        yield Problem(
            "query-speed",
            dashboard.path,
            panel.title,
            target.ref,
            f"takes {answer.took_s:.2f} s over {days:g} days; {slow_s:g} s is the limit",
            "read a recording rule instead, or fewer series",
        )
