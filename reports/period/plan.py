"""Which questions a report asks Prometheus: few, each over a bounded span."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from math import ceil
from typing import Final

from kit.pure.durations import to_prometheus
from kit.pure.query import Query, at
from reports.period import questions
from reports.period.kinds import about, fault_objective
from reports.period.questions import together
from reports.period.window import Window
from slo.objective import Measure, Objective, Ratio
from slo.project.project import Project
from slo.promql import bad_of, bad_query, by_label, total_query
from slo.series import fill_window

MOST_QUERIES: Final = 37
"""Forty with the three about capacity that a month asks besides."""
FOUR_WEEKS: Final = timedelta(days=28)
EPISODE_STEP_S: Final = 300
COVERAGE_STEP_S: Final = 120
_MOST_FINE_POINTS: Final = 10_000


def plan(window: Window, objectives: Sequence[Objective], project: Project) -> tuple[Query, ...]:
    """Return every query of a report on `window`; equal questions are asked once, see `names`.

    What needs a role that no metric plays is not asked; budgets are asked for by themselves.

    Raises ValueError when the objectives would need more than the bound.
    """
    asked: dict[tuple[str, int, int], Query] = {}
    for query in _all(window, objectives, project):
        asked.setdefault(_key(query), query)
    if len(asked) > MOST_QUERIES:
        raise ValueError(f"{len(asked)} queries, more than {MOST_QUERIES}")
    return tuple(asked.values())


def names(window: Window, objectives: Sequence[Objective], project: Project) -> dict[str, str]:
    """Return under which asked query's name each figure finds its answer."""
    asked: dict[tuple[str, int, int], str] = {}
    return {q.name: asked.setdefault(_key(q), q.name) for q in _all(window, objectives, project)}


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


def slow_name(objective: str) -> str:
    """Return where the two sides of a latency objective are by route and slot."""
    return f"slow.{objective}"


def _key(query: Query) -> tuple[str, int, int]:
    return (query.expression, query.start_s, query.end_s)


def _all(window: Window, objectives: Sequence[Objective], project: Project) -> Iterator[Query]:
    for name, text in questions.slotted(project):
        yield _slotted(name, text, window)
    for name, text in questions.own(project):
        yield _fine(name, text, window, window.step_s())
    for name, text in questions.fine(project):
        yield _fine(name, text, window, EPISODE_STEP_S)
    for name, text in questions.coverage(project):
        yield _fine(name, text, window, COVERAGE_STEP_S)
    yield from _whole_window(window, project)
    for objective in objectives:
        yield from _of_promise(objective, window)
        if about(objective, project) is Measure.LATENCY:
            yield from _slow_by_route(objective, window, project)
    fault = fault_objective(objectives, project)
    if fault is not None:
        yield _fault(fault, window, project)
        yield from _failing_by_route(fault, window, project)


def _fault(objective: Objective, window: Window, project: Project) -> Query:
    """Ask for the two sides of the objective by which outages are found."""
    step = fine_step_s(window, EPISODE_STEP_S)
    length = timedelta(seconds=step)
    total, requests, counter = (
        total_query(objective, length),
        project.roles.requests,
        questions.counted(project),
    )
    if requests and counter:
        total = total.replace(f"{requests.counter}{{{project.users(requests.route)}}}", counter[0])
    text = together(bad=bad_query(objective, length), total=total)
    return Query("fault", text, window.start_s + step, window.end_s, step)


def _slotted(name: str, text: str, window: Window) -> Query:
    step = window.step_s()
    asked = text.replace("{w}", to_prometheus(timedelta(seconds=step)))
    return Query(name, asked, window.first_slot_before_s() + step, window.end_s, step)


def _fine(name: str, text: str, window: Window, wanted_s: int) -> Query:
    step = fine_step_s(window, wanted_s)
    asked = text.replace("{w}", to_prometheus(timedelta(seconds=step)))
    return Query(name, asked, window.start_s + step, window.end_s, step)


def _whole_window(window: Window, project: Project) -> Iterator[Query]:
    sums = questions.totals(project)
    for name, one in (("this", window), ("before", window.before())):
        length = to_prometheus(timedelta(seconds=one.seconds))
        if sums:
            asked = together(**sums).replace("{w}", length)
            yield at(f"whole.{name}", asked, one.end_s)
    if limit := questions.memory_limit(project):
        yield at("memory_limit", limit, window.end_s)


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
    indicator = objective.indicator
    # Where nothing was good no series says so, and all of it was bad.
    is_good = isinstance(indicator, Ratio) and indicator.bad is None
    parts = {
        f"bad_{name}": bad_of(indicator, length, none_is_zero=is_good)
        for name, length in spans.items()
    }
    if isinstance(indicator, Ratio):
        parts |= {f"total_{name}": total_query(objective, length) for name, length in spans.items()}
    return together(**parts)


def _failing_by_route(objective: Objective, window: Window, project: Project) -> Iterator[Query]:
    """Ask what the objective calls bad by route, status and slot, where it can be split."""
    step, requests = window.step_s(), project.roles.requests
    if not isinstance(objective.indicator, Ratio) or objective.indicator.bad is None:
        return
    asked = fill_window(objective.indicator.bad, to_prometheus(timedelta(seconds=step)))
    labels = [one for one in (requests.route, requests.status) if one] if requests else []
    if split := _split(asked, labels):
        yield Query("failing", split, window.start_s + step, window.end_s, step)


def _slow_by_route(objective: Objective, window: Window, project: Project) -> Iterator[Query]:
    """Ask for the two sides of a latency objective by route and slot, where it can be split."""
    step, latency, indicator = window.step_s(), project.roles.latency, objective.indicator
    length = to_prometheus(timedelta(seconds=step))
    if not isinstance(indicator, Ratio) or indicator.good is None:
        return
    labels = [latency.route] if latency and latency.route else []
    good, total = (
        _split(fill_window(text, length), labels) for text in (indicator.good, indicator.total)
    )
    if good and total:
        asked = together(good=good, total=total)
        start_s = window.first_slot_before_s() + step
        yield Query(slow_name(objective.name), asked, start_s, window.end_s, step)


def _split(asked: str, labels: Sequence[str]) -> str | None:
    """Return a query by these labels, None where it cannot be split."""
    try:
        return by_label(asked, ", ".join(labels)) if labels else asked
    except ValueError:
        return None
