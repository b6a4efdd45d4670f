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
from reports.period.resolution import USUAL_SCRAPE_S, fine
from reports.period.window import Window
from slo.objective import Measure, Objective, Ratio
from slo.project.project import Project
from slo.promql import bad_of, bad_query, by_label, total_query
from slo.series import fill_window

MOST_QUERIES: Final = 37
"""Four objectives take 24: forty at most with the scrape interval, their budgets, and capacity."""
FOUR_WEEKS: Final = timedelta(days=28)
EPISODE_STEP_S: Final = 300
COVERAGE_STEP_S: Final = 120
_MOST_FAULT_POINTS: Final = 10_000


def plan(
    window: Window,
    objectives: Sequence[Objective],
    project: Project,
    scrape_s: int = USUAL_SCRAPE_S,
) -> tuple[Query, ...]:
    """Return every query of a report on `window`; equal questions are asked once, see `names`.

    What needs a role that no metric plays is not asked; budgets are asked for by themselves.
    Whether anything answers is asked for every scrape, one each `scrape_s`.

    Raises ValueError when the objectives would need more than the bound.
    """
    asked: dict[tuple[str, int, int], Query] = {}
    for query in _all(window, objectives, project, scrape_s):
        asked.setdefault(_key(query), query)
    if len(asked) > MOST_QUERIES:
        raise ValueError(f"{len(asked)} queries, more than {MOST_QUERIES}")
    return tuple(asked.values())


def names(
    window: Window,
    objectives: Sequence[Objective],
    project: Project,
    scrape_s: int = USUAL_SCRAPE_S,
) -> dict[str, str]:
    """Return under which asked query's name each figure finds its answer."""
    asked: dict[tuple[str, int, int], str] = {}
    every = _all(window, objectives, project, scrape_s)
    return {q.name: asked.setdefault(_key(q), q.name) for q in every}


def tally_name(objective: Objective, side: str, span: str, window: Window) -> str:
    """Return where the answer is to how many events of a `side` (bad, total) a span had."""
    rest = "start" if _is_adjacent(window) else "rest"
    when = {"before": "start", "earlier": rest}.get(span, "end")
    return f"slo.{objective.name}.{when}:{side}_{span}"


def fine_step_s(window: Window, wanted_s: int) -> int:
    """Return the step in which a window is looked at: shorter where its slots are."""
    return min(wanted_s, window.step_s())


def slow_name(objective: str) -> str:
    """Return where the two sides of a latency objective are by route and slot."""
    return f"slow.{objective}"


def _key(query: Query) -> tuple[str, int, int]:
    return (query.expression, query.start_s, query.end_s)


def _all(
    window: Window, objectives: Sequence[Objective], project: Project, scrape_s: int
) -> Iterator[Query]:
    for name, text in questions.slotted(project):
        yield _slotted(name, text, window)
    for name, text in questions.own(project):
        yield fine(name, text, window, window.step_s())
    for name, text in questions.fine(project):
        yield fine(name, text, window, fine_step_s(window, EPISODE_STEP_S))
    for name, text in questions.coverage(project):
        yield fine(name, text, window, fine_step_s(window, COVERAGE_STEP_S))
    yield fine("up", questions.answering(project), window, fine_step_s(window, scrape_s))
    yield from _whole_window(window, project)
    for objective in objectives:
        yield from _of_objective(objective, window)
        if about(objective, project) is Measure.LATENCY:
            yield from _slow_by_route(objective, window, project)
    fault = fault_objective(objectives, project)
    if fault is not None:
        yield from _fault(fault, window, project, fault_step_s(window, scrape_s))
        yield from _failing_by_route(fault, window, project)


def _fault(objective: Objective, window: Window, project: Project, step: int) -> Iterator[Query]:
    """Ask for the two sides of the objective by which outages are found.

    There is one slot more at each end, so that what reaches over an end is found whole.
    """
    text = fault_sides((objective,), project, step) or ""
    most_s = _MOST_FAULT_POINTS * step
    last_s = window.end_s + step
    for number, first_s in enumerate(range(window.start_s, last_s, most_s)):
        yield Query(fault_name(number), text, first_s, min(first_s + most_s - step, last_s), step)


def fault_step_s(window: Window, scrape_s: int) -> int:
    """Return the step of the coarse look for outages, of whole scrapes where it holds any."""
    step = min(EPISODE_STEP_S, window.seconds)
    return ceil(step / scrape_s) * scrape_s if scrape_s < step else step


def fault_sides(objectives: Sequence[Objective], project: Project, length_s: int) -> str | None:
    """Return what asks for failed and all requests a second; None where none are to be found."""
    objective = fault_objective(objectives, project)
    if objective is None:
        return None
    length = timedelta(seconds=length_s)
    total, requests, counter = (
        total_query(objective, length),
        project.roles.requests,
        questions.counted(project),
    )
    if requests and counter:
        total = total.replace(f"{requests.counter}{{{project.users(requests.route)}}}", counter[0])
    return together(bad=bad_query(objective, length), total=total)


def fault_name(number: int) -> str:
    """Return what a part of the question by which outages are found is called; the first is 0."""
    return f"fault~{number}" if number else "fault"


def _slotted(name: str, text: str, window: Window) -> Query:
    step = window.step_s()
    asked = text.replace("{w}", to_prometheus(timedelta(seconds=step)))
    return Query(name, asked, window.first_slot_before_s() + step, window.end_s, step)


def _whole_window(window: Window, project: Project) -> Iterator[Query]:
    sums, limit = questions.totals(project), questions.memory_limit(project)
    for name, one in (("this", window), ("before", window.before())):
        length = to_prometheus(timedelta(seconds=one.seconds))
        asked = {part: text.replace("{w}", length) for part, text in sums.items()}
        if one is window and limit:
            asked["memory_limit"] = limit
        if asked:
            yield at(f"whole.{name}", together(**asked), one.end_s)


def _of_objective(objective: Objective, window: Window) -> Iterator[Query]:
    before = window.before()
    this, earlier = (timedelta(seconds=one.seconds) for one in (window, before))
    rest = FOUR_WEEKS - this
    in_parts = isinstance(objective.indicator, Ratio) and rest > timedelta()
    ends = {"this": this} if in_parts else {"this": this, "four_weeks": FOUR_WEEKS}
    yield at(f"slo.{objective.name}.end", _tallies(objective, ends), window.end_s)
    past = {"before": earlier}
    if in_parts and _is_adjacent(window):  # what this window has counted is not read again
        past |= {"earlier": rest}
    elif in_parts:
        asked = _tallies(objective, {"earlier": rest})
        yield at(f"slo.{objective.name}.rest", asked, window.start_s)
    yield at(f"slo.{objective.name}.start", _tallies(objective, past), before.end_s)


def _is_adjacent(window: Window) -> bool:
    """Tell whether the window to compare with ends where this one begins."""
    return window.before().end_s == window.start_s


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
