"""Which questions a report asks Prometheus: few, each over a bounded span."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from math import ceil
from typing import Final

from kit.pure.durations import to_prometheus
from kit.pure.query import Query, at
from reports.period.window import Window
from slo.catalogue import OWN_ALERTS
from slo.objective import Measure, Objective, Ratio
from slo.promql import bad_query, by_label, total_query
from slo.series import fill_window

MOST_QUERIES: Final = 37
"""Forty with the three about capacity that a month asks besides."""
FOUR_WEEKS: Final = timedelta(days=28)
EPISODE_STEP_S: Final = 300
COVERAGE_STEP_S: Final = 120
_MOST_FINE_POINTS: Final = 10_000
_API: Final = 'job="calendar-api"'
# Probes and scrapes are no traffic: the objectives leave them out as well.
USERS: Final = f'{_API},route!~"/health|/healthz|/readyz|/metrics"'

# Every request is counted and timed. The count of the timed ones has no series for each status,
# so there is an eighth to read; objectives are counted by their own expressions all the same.
_COUNTED: Final = f"http_requests_total{{{USERS}}}"
_REQUESTS: Final = f"http_request_duration_seconds_count{{{USERS}}}"
_SECONDS: Final = f"http_request_duration_seconds_sum{{{USERS}}}"
_FAILED: Final = f'http_requests_total{{{USERS},status=~"5.."}}'

PART: Final = "part"
"""The label that separates what one query asks together."""


def _together(**parts: str) -> str:
    """Return one expression for several; each series gets a label with its part's name."""
    return " or ".join(
        f'label_replace({text}, "{PART}", "{name}", "", "")' for name, text in parts.items()
    )


# One line a question: what it is called, and what Prometheus is asked for every slot. {w} is the
# slot's length.
_SLOTTED: Final = (
    (
        "latency",
        f"sum by (route, le) (increase(http_request_duration_seconds_bucket{{{USERS}}}[{{w}}]))",
    ),
    ("accuracy", "avg by (slice) (avg_over_time(parsing_accuracy_ratio[{w}]))"),
    (
        "cache",
        _together(
            hits=f"sum by (tier) (increase(cache_hits_total{{{_API}}}[{{w}}]))",
            misses=f"sum by (tier) (increase(cache_misses_total{{{_API}}}[{{w}}]))",
        ),
    ),
    (
        "failures",
        f"sum by (component, reason) (increase(component_failures_total{{{_API}}}[{{w}}]))",
    ),
)
# The same, of the window itself only.
_OWN: Final = (
    (
        "requests",
        _together(
            all=f"sum by (route) (increase({_REQUESTS}[{{w}}]))",
            failed=f"sum(increase({_FAILED}[{{w}}]))",
        ),
    ),
    ("active_users", f"max(max_over_time(active_users{{{_API}}}[{{w}}]))"),
    (
        "memory",
        f"avg by (instance) (avg_over_time(process_resident_memory_bytes{{{_API}}}[{{w}}]))",
    ),
    ("cpu", f"sum by (instance) (rate(process_cpu_seconds_total{{{_API}}}[{{w}}]))"),
)
# The same, every few minutes of the window itself.
_FINE: Final = (
    ("dependencies", f"avg by (dependency) (avg_over_time(dependency_up{{{_API}}}[{{w}}]))"),
    ("starts", f"max by (instance) (max_over_time(process_start_time_seconds{{{_API}}}[{{w}}]))"),
    ("builds", f"max by (version) (max_over_time(service_build_info{{{_API}}}[{{w}}]))"),
)
_FIRING: Final = f'ALERTS{{alertstate="firing",{OWN_ALERTS}}}'
_COVERAGE: Final = (
    ("scrapes", "sum by (job) (count_over_time(up[{w}]))"),
    ("up", f"max(max_over_time(up{{{_API}}}[{{w}}]))"),
    (
        "alerts",
        f"max by (alertname, severity, priority) (max_over_time({_FIRING}[{{w}}]))",
    ),
)


def plan(window: Window, objectives: Sequence[Objective]) -> tuple[Query, ...]:
    """Return every query of a report on `window`; equal questions are asked once, see `names`.

    Raises ValueError when the objectives would need more than the bound.
    """
    asked: dict[tuple[str, int, int], Query] = {}
    for query in _all(window, objectives):
        asked.setdefault(_key(query), query)
    if len(asked) > MOST_QUERIES:
        raise ValueError(f"{len(asked)} queries, more than {MOST_QUERIES}")
    return tuple(asked.values())


def names(window: Window, objectives: Sequence[Objective]) -> dict[str, str]:
    """Return under which asked query's name each figure finds its answer."""
    asked: dict[tuple[str, int, int], str] = {}
    return {q.name: asked.setdefault(_key(q), q.name) for q in _all(window, objectives)}


def tally_name(objective: Objective, side: str, span: str) -> str:
    """Return where the answer is to how many events of a `side` (bad, total) a span had."""
    when = {"before": "start", "earlier": "rest"}.get(span, "end")
    return f"slo.{objective.name}.{when}:{side}_{span}"


def fine_step_s(window: Window, wanted_s: int) -> int:
    """Return the step that keeps a query on the window bounded.

    It is a multiple of `wanted_s`, except in a window so short that its slots are shorter.
    """
    step = min(wanted_s, window.step_s())
    return step * ceil(window.seconds / step / _MOST_FINE_POINTS)


def fault_objective(objectives: Sequence[Objective]) -> Objective | None:
    """Return the objective by which outages are found: availability, else errors."""
    for measure in (Measure.AVAILABILITY, Measure.ERRORS):
        for one in objectives:
            if one.measure is measure and isinstance(one.indicator, Ratio):
                return one
    return None


def _key(query: Query) -> tuple[str, int, int]:
    return (query.expression, query.start_s, query.end_s)


def _all(window: Window, objectives: Sequence[Objective]) -> Iterator[Query]:
    for name, text in _SLOTTED:
        yield _slotted(name, text, window)
    for name, text in _OWN:
        yield _fine(name, text, window, window.step_s())
    for name, text in _FINE:
        yield _fine(name, text, window, EPISODE_STEP_S)
    for name, text in _COVERAGE:
        yield _fine(name, text, window, COVERAGE_STEP_S)
    yield from _whole_window(window)
    for objective in objectives:
        yield from _of_promise(objective, window)
        if objective.measure is Measure.LATENCY and isinstance(objective.indicator, Ratio):
            yield from _slow_by_route(objective.indicator, window)
    fault = fault_objective(objectives)
    if fault is not None:
        step = fine_step_s(window, EPISODE_STEP_S)
        length = timedelta(seconds=step)
        total = total_query(fault, length).replace(_COUNTED, _REQUESTS)
        text = _together(bad=bad_query(fault, length), total=total)
        yield Query("fault", text, window.start_s + step, window.end_s, step)
        yield from _failing_by_route(fault, window)


def _slotted(name: str, text: str, window: Window) -> Query:
    step = window.step_s()
    asked = text.replace("{w}", to_prometheus(timedelta(seconds=step)))
    return Query(name, asked, window.first_slot_before_s() + step, window.end_s, step)


def _fine(name: str, text: str, window: Window, wanted_s: int) -> Query:
    step = fine_step_s(window, wanted_s)
    asked = text.replace("{w}", to_prometheus(timedelta(seconds=step)))
    return Query(name, asked, window.start_s + step, window.end_s, step)


def _whole_window(window: Window) -> Iterator[Query]:
    counted = {"requests": _REQUESTS, "seconds": _SECONDS, "failed": _FAILED}
    for name, one in (("this", window), ("before", window.before())):
        length = to_prometheus(timedelta(seconds=one.seconds))
        sums = {part: f"sum(increase({text}[{length}]))" for part, text in counted.items()}
        yield at(f"whole.{name}", _together(**sums), one.end_s)
    yield at("memory_limit", f"min(process_memory_limit_bytes{{{_API}}} > 0)", window.end_s)


def _of_promise(objective: Objective, window: Window) -> Iterator[Query]:
    before = window.before()
    this, earlier = (timedelta(seconds=one.seconds) for one in (window, before))
    rest = FOUR_WEEKS - this
    in_parts = isinstance(objective.indicator, Ratio) and rest > timedelta()
    ends = {"this": this} if in_parts else {"this": this, "four_weeks": FOUR_WEEKS}
    yield at(f"slo.{objective.name}.end", _tallies(objective, ends), window.end_s)
    if in_parts:  # what this window has counted is not read again
        asked = _tallies(objective, {"earlier": rest})
        yield at(f"slo.{objective.name}.rest", asked, window.start_s)
    yield at(f"slo.{objective.name}.start", _tallies(objective, {"before": earlier}), before.end_s)


def _tallies(objective: Objective, spans: Mapping[str, timedelta]) -> str:
    parts = {f"bad_{name}": bad_query(objective, length) for name, length in spans.items()}
    if isinstance(objective.indicator, Ratio):
        parts |= {f"total_{name}": total_query(objective, length) for name, length in spans.items()}
    return _together(**parts)


def _failing_by_route(objective: Objective, window: Window) -> Iterator[Query]:
    """Ask what the objective calls bad by route, status and slot, where it can be split."""
    step = window.step_s()
    if not isinstance(objective.indicator, Ratio) or objective.indicator.bad is None:
        return
    asked = fill_window(objective.indicator.bad, to_prometheus(timedelta(seconds=step)))
    try:
        split = by_label(asked, "route, status")
    except ValueError:
        return
    yield Query("failing", split, window.start_s + step, window.end_s, step)


def _slow_by_route(indicator: Ratio, window: Window) -> Iterator[Query]:
    """Ask for the two sides of a latency objective by route and slot, where it can be split."""
    step = window.step_s()
    length = to_prometheus(timedelta(seconds=step))
    if indicator.good is None:
        return
    try:
        good, total = (
            by_label(fill_window(text, length), "route")
            for text in (indicator.good, indicator.total)
        )
    except ValueError:
        return
    asked = _together(good=good, total=total)
    yield Query("slow", asked, window.first_slot_before_s() + step, window.end_s, step)
