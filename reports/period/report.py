"""A report on a day, week or month as one frozen value, from which every format is written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reports.period import actions as todo
from reports.period.accuracy import Accuracy, accuracy
from reports.period.action import Action, Findings
from reports.period.attribution import Spending, spending
from reports.period.backends import Backends, backends
from reports.period.capacity_summary import CapacitySummary, capacity_summary
from reports.period.deploys import Deploy, deploys
from reports.period.evidence import Evidence
from reports.period.headline import headline
from reports.period.incidents import left_of
from reports.period.latency import Latency, latency
from reports.period.left_out import left_out
from reports.period.maintenance import Age, Run, ages, runs
from reports.period.objectives import ObjectiveRow, objective_rows, verdict_of
from reports.period.outages import Outage, outages
from reports.period.paging import Paging, paging
from reports.period.policy import PolicyRow, policy_rows
from reports.period.quality import Quality, quality
from reports.period.regressions import Regression, regressions
from reports.period.resources import Resources, resources
from reports.period.settled import settled
from reports.period.summary import Summary, summary
from reports.period.timeline import Happening, timeline
from reports.period.traffic import Traffic, traffic
from reports.period.trends import Trend, trends
from reports.period.tuning import Tuning, tuning
from reports.period.window import Kind
from slo.verdict import Verdict

SCHEMA: Final = "calendar-sre/period-report/v1"


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, not including, `end`."""

    label: str
    start: datetime
    end: datetime
    hours: float


@dataclass(frozen=True, slots=True)
class PeriodReport:
    """Everything the report says. Shares are between 0 and 1, times are in the report's zone.

    `actions` are the three things to do; `further` the rest, in order; `done` is what the
    report before asked for and is gone; `settled` is what was found and is over. `room` and
    `tuning` are for a month only. `left_out` names what is not reported on, as no metric plays its
    role; `asked` are the queries by name, and `policy` what each budget allows now;
    `slow` says in sentences what kept requests slow, by the traces that were kept.
    """

    schema: str
    id: str
    kind: str
    zone: str
    window: Span
    before: Span
    verdict: Verdict
    headline: str
    summary: Summary
    actions: tuple[Action, ...]
    further: tuple[Action, ...]
    done: tuple[str, ...]
    settled: tuple[str, ...]
    promises: tuple[ObjectiveRow, ...]
    trends: tuple[Trend, ...]
    spending: tuple[Spending, ...]
    outages: tuple[Outage, ...]
    deploys: tuple[Deploy, ...]
    regressions: tuple[Regression, ...]
    waiting: Latency
    traffic: Traffic
    understanding: Accuracy
    backing: Backends
    resources: Resources
    paging: Paging
    timeline: tuple[Happening, ...]
    ages: tuple[Age, ...]
    runs: tuple[Run, ...]
    room: CapacitySummary | None
    tuning: Tuning | None
    quality: Quality
    left_out: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()
    policy: tuple[PolicyRow, ...] = ()
    slow: tuple[str, ...] = ()

    def lacks(self, what: str) -> bool:
        """Say whether something, such as cache, is left out."""
        return any(one.startswith(f"{what} (") for one in self.left_out)

    @property
    def period_word(self) -> str:
        """Return what the window is called in a sentence."""
        return "window" if self.kind == Kind.SPAN else self.kind


def period_report(evidence: Evidence) -> PeriodReport:
    """Return the report on the evidence's window; equal evidence gives an equal report."""
    state = quality(evidence)
    rows = objective_rows(evidence, state)
    broken = outages(evidence)
    alerts = paging(evidence, broken)
    slower, memory = regressions(evidence), resources(evidence)
    accurate, ages_found, live = accuracy(evidence), ages(evidence), deploys(evidence)
    spent = spending(evidence, rows)
    found = Findings(
        rows,
        broken,
        slower,
        memory,
        accurate.drops,
        alerts,
        ages_found,
        state,
        spent,
        accurate.name,
        left_of(evidence),
    )
    flow, behind = traffic(evidence), backends(evidence)
    earlier = _earlier(evidence)
    wanted = todo.carried(todo.actions(found, evidence.window.end), earlier)
    verdict = verdict_of(rows)
    window, before = evidence.window, evidence.window.before()
    return PeriodReport(
        schema=SCHEMA,
        id=f"{window.kind}-{window.label}",
        kind=str(window.kind),
        zone=window.zone.key,
        window=Span(window.label, window.start, window.end, window.seconds / 3600),
        before=Span(before.label, before.start, before.end, before.seconds / 3600),
        verdict=verdict,
        headline=headline(evidence, rows, verdict),
        summary=summary(evidence, flow, accurate, behind),
        actions=wanted[: todo.MOST],
        further=wanted[todo.MOST :],
        done=_done(earlier, wanted),
        settled=settled(found),
        promises=rows,
        trends=trends(evidence),
        spending=spent,
        outages=broken,
        deploys=live,
        regressions=slower,
        waiting=latency(evidence),
        traffic=flow,
        understanding=accurate,
        backing=behind,
        resources=memory,
        paging=alerts,
        timeline=timeline(
            evidence, outages=broken, deploys=live, drops=accurate.drops, gaps=state.gaps
        ),
        ages=ages_found,
        runs=runs(evidence),
        room=capacity_summary(evidence),
        tuning=tuning(evidence),
        quality=state,
        left_out=left_out(evidence.project),
        asked=tuple(sorted(evidence.asked.items())),
        policy=policy_rows(evidence.project, rows),
    )


def _done(earlier: list[dict[str, object]], wanted: tuple[Action, ...]) -> tuple[str, ...]:
    still = {one.key for one in wanted}
    return tuple(sorted({str(one["do"]) for one in earlier if str(one["key"]) not in still}))


def _earlier(evidence: Evidence) -> list[dict[str, object]]:
    """Return the three things that the newest report of the same kind before this one asked for."""
    before = [
        r
        for r in evidence.of_kind("report")
        if r.data.get("kind") == str(evidence.window.kind) and r.at < evidence.window.start
    ]
    return list(before[-1].data.get("actions", [])) if before else []
