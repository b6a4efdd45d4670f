"""The day that ends, from its report: totals, objectives, what fired."""

from collections.abc import Iterator
from typing import Final

from kit.pure.words import count, counted, minutes, relative, seconds, share
from ops.checks.evidence import MOST_OF_IT, Evidence
from ops.checks.finding import Finding, State, info, no_data
from reports.period.objectives import ObjectiveRow, Status
from reports.period.paging import Firing
from reports.period.report import PeriodReport

_STATES: Final = {
    Status.OK: State.PASS,
    Status.WARNING: State.WARN,
    Status.BREACHED: State.FAIL,
    Status.INSUFFICIENT_DATA: State.NO_DATA,
}
_URGENT: Final = frozenset({"P1", "P2"})
_P95: Final = 0.95


def judge(report: PeriodReport) -> tuple[Finding, ...]:
    """Return the summary of the day that a report is on."""
    return (*_totals(report), *_objectives(report), *_incidents(report))


def evidence(report: PeriodReport) -> tuple[Evidence, ...]:
    """Return how much of the day Prometheus saw."""
    covered = report.quality.covered or 0.0
    step = "sre check morning says whether Prometheus scrapes its targets"
    return (
        Evidence("Prometheus", 1, covered, "of this day was scraped", least=MOST_OF_IT,
                 do_next=step),
    )  # fmt: skip


def _totals(report: PeriodReport) -> Iterator[Finding]:
    found = report.summary
    start, end = report.window.start, report.window.end
    yield info("day", f"{start:%a %Y-%m-%d %H:%M} to {end:%H:%M}, {report.zone}")
    if not found.requests:
        yield no_data("requests", "none was counted", "does Prometheus scrape the service?")
    else:
        grown = report.traffic.change
        change = "" if grown is None else f", {relative(grown)} to the time before"
        value = f"{count(found.requests)}{change}"
        yield Finding("requests", State.PASS, value, measured=found.requests)
    p95_s = next((one.this_s for one in report.waiting.percentiles if one.level == _P95), None)
    yield info("response time", f"mean {seconds(found.mean_response_s)}, p95 {seconds(p95_s)}")
    yield info("error rate", share(found.error_rate), measured=found.error_rate)
    yield info("accuracy", share(found.accuracy), measured=found.accuracy)
    yield info("cache hits", share(found.cache_hit_ratio), measured=found.cache_hit_ratio)
    yield info("uptime", share(found.uptime), measured=found.uptime)


def _objectives(report: PeriodReport) -> Iterator[Finding]:
    for one in report.promises:
        yield _objective(one, f"sre report daily --from {report.window.start:%Y-%m-%d} --to now")


def _objective(one: ObjectiveRow, page: str) -> Finding:
    state = _STATES[one.status]
    left = f", {one.budget_left:.0%} of the budget left" if one.budget_left is not None else ""
    value = f"{share(one.this)}{left}" + (f": {one.reason}" if state is not State.PASS else "")
    step = "" if state is State.PASS else f"{page} says what spent it"
    if state is State.NO_DATA:
        step = "sre check morning says whether Prometheus scrapes its targets"
    return Finding(
        one.display_name, state, value, f"at least {share(one.target)}", do_next=step,
        measured=one.this,
    )  # fmt: skip


def _incidents(report: PeriodReport) -> Iterator[Finding]:
    for one in report.outages:
        lasted = minutes((one.end - one.start).total_seconds() / 60)
        yield Finding(
            "outage", State.WARN, f"{one.start:%H:%M} to {one.end:%H:%M}, {lasted}",
            since=one.start, do_next="write down what users saw, the cause, what to change",
        )  # fmt: skip
    if report.paging.problem is not None:
        yield no_data("alerts", report.paging.problem, "give --prometheus URL")
        return
    fired = [one for one in report.paging.alerts if one.alert != "Watchdog"]
    if not fired and report.paging.never_fired is None:
        step = "are the rules deployed? sre alerts diff"
        yield no_data("alerts", "none fired, but Prometheus does not tell of any rule", step)
    elif not fired:
        yield Finding("alerts", State.PASS, "none fired")
    yield from map(_alert, fired)


def _alert(one: Firing) -> Finding:
    value = f"{one.priority}, {counted(one.firings, 'time')}, {minutes(one.minutes)} in all"
    state = State.WARN if one.priority in _URGENT else State.INFO
    step = f"alerts/runbooks/{one.alert}.md; was the page right?" if state is State.WARN else ""
    return Finding(one.alert, state, value, do_next=step)
