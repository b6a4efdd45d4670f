"""The figures of a night beside those of the night before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from kit.pure.answers import Answer
from kit.pure.query import Query
from kit.pure.words import count, points, relative, seconds, share
from ops.checks import evidence as seen
from ops.checks.finding import Finding, State, info, no_data
from reports.period.accuracy import accuracy
from reports.period.backends import backends
from reports.period.evidence import Evidence
from reports.period.latency import latency
from reports.period.plan import plan
from reports.period.quality import quality
from reports.period.summary import Summary, summary
from reports.period.traffic import traffic
from reports.period.window import Window
from slo.objective import Measure, Objective
from slo.project.project import Project

DAY: Final = timedelta(hours=24)
_TRAFFIC_FELL: Final = 0.5


@dataclass(frozen=True, slots=True)
class Night:
    """What one night had; `p95_s` is the 95th percentile of latency, None without requests.

    `covered` is the share of it for which the service was scraped.
    """

    figures: Summary
    p95_s: float | None
    covered: float = 0.0


def queries(window: Window, project: Project) -> tuple[Query, ...]:
    """Return what a night's figures are made of."""
    return plan(window, (), project)


def night(window: Window, answers: Mapping[str, Answer], project: Project) -> Night:
    """Return the figures of a night."""
    evidence = Evidence(window, (), answers, project)
    flow, leaning = traffic(evidence), backends(evidence)
    waited = {one.level: one.this_s for one in latency(evidence).percentiles}
    figures = summary(evidence, flow, accuracy(evidence), leaning)
    return Night(figures, waited.get(0.95), quality(evidence).covered or 0.0)


def evidence_of(this: Night) -> tuple[seen.Evidence, ...]:
    """Return how much of the night Prometheus saw."""
    step = "sre check morning says whether Prometheus scrapes its targets"
    return (
        seen.Evidence("Prometheus", 1, this.covered, "of this night was scraped",
                      least=seen.MOST_OF_IT, do_next=step),
    )  # fmt: skip


def judge(
    this: Night, before: Night, objectives: Sequence[Objective], *, since: datetime
) -> tuple[Finding, ...]:
    """Return each figure of the night that began at `since`, its objective and its trend."""
    return tuple(_findings(this, before, objectives, since))


def _findings(
    this: Night, before: Night, objectives: Sequence[Objective], since: datetime
) -> Iterator[Finding]:
    now, then = this.figures, before.figures
    if not now.requests:
        value = f"none was counted since {since:%a %H:%M}"
        yield no_data("requests", value, "does Prometheus scrape the service? sre check morning")
    else:
        yield _requests(now.requests, then.requests)
    latency = _of(objectives, Measure.LATENCY)
    limit_s = latency.threshold_s if latency is not None else None
    errors, accuracy = _of(objectives, Measure.ERRORS), _of(objectives, Measure.ACCURACY)
    most = errors.budget if errors is not None else None
    least = accuracy.target if accuracy is not None else None
    yield _figure("error rate", now.error_rate, then.error_rate, share, points, most=most)
    yield _figure("p95", this.p95_s, before.p95_s, seconds, relative, most=limit_s)
    yield _mean(now.mean_response_s, then.mean_response_s)
    yield _figure("accuracy", now.accuracy, then.accuracy, share, points, least=least)
    yield _cache(now.cache_hit_ratio, then.cache_hit_ratio)
    uptime = _of(objectives, Measure.AVAILABILITY)
    least = uptime.target if uptime is not None else None
    yield _figure("uptime", now.uptime, then.uptime, share, points, least=least)


def _requests(now: float, then: float | None) -> Finding:
    if not then:
        return info("requests", f"{count(now)}; the night before has none to compare with")
    change = now / then - 1
    value = f"{count(now)}, {relative(change)} to the night before"
    fell = change < -_TRAFFIC_FELL
    step = "can users reach it? sre probe once; was something announced?" if fell else ""
    limit = f"at least {_TRAFFIC_FELL:.0%} of the night before"
    return Finding(
        "requests", State.WARN if fell else State.PASS, value, limit, do_next=step, measured=now
    )


def _figure(
    subject: str,
    now: float | None,
    then: float | None,
    show: Callable[[float | None], str],
    change: Callable[[float | None], str],
    *,
    most: float | None = None,
    least: float | None = None,
) -> Finding:
    if now is None:
        return no_data(subject, "nobody measured it", _MEASURED.get(subject, ""))
    value = f"{show(now)}{_trend(now, then, change)}"
    broken = (most is not None and now > most) or (least is not None and now < least)
    limit = f"at most {show(most)}" if most is not None else ""
    limit = f"at least {show(least)}" if least is not None else limit
    step = _STEPS.get(subject, "") if broken else ""
    state = State.FAIL if broken else State.PASS
    return Finding(subject, state, value, limit, do_next=step, measured=now)


def _trend(now: float, then: float | None, change: Callable[[float | None], str]) -> str:
    """Return how a figure changed since the night before; "" where that had none."""
    if then is None:
        return ""
    if change is relative:
        return f", {relative(now / then - 1)} to the night before" if then else ""
    return f", {change(now - then)} to the night before"


_STEPS: Final = {
    "error rate": "sre check logs --since 16h; sre report daily says which routes and when",
    "p95": "sre check performance, sre check db-performance; sre report daily says when",
    "accuracy": "sre golden run says which sentences are misread",
    "uptime": "sre report daily lists the outages; sre check logs --since 16h",
}
_MEASURED: Final = {"accuracy": "sre probe run measures it every hour"}


def _mean(now: float | None, then: float | None) -> Finding:
    if now is None:
        return no_data("mean response", "nobody measured it")
    return info("mean response", f"{seconds(now)}{_trend(now, then, relative)}", measured=now)


def _cache(now: float | None, then: float | None) -> Finding:
    if now is None:
        return info("cache hits", "no lookups")
    return info("cache hits", f"{share(now)}{_trend(now, then, points)}", measured=now)


def _of(objectives: Sequence[Objective], measure: Measure) -> Objective | None:
    return next((one for one in objectives if one.measure is measure), None)
