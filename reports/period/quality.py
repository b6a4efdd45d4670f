"""Whether the data bear the figures: coverage, gaps, resets, what is missing, what is odd."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from kit.pure.answers import Floats, digest, on_grid
from kit.pure.moments import local_at
from reports.period import wording
from reports.period.evidence import Evidence
from reports.period.plan import COVERAGE_STEP_S, EPISODE_STEP_S, fine_step_s
from reports.period.questions import PROCESSOR, has_processor, memory_of, metric_of
from reports.period.segments import segments
from reports.period.slots import Slots
from slo.project.project import Project

_SKEW_S: Final = 5.0
_MOST_GAPS: Final = 20
# A slot holds this share of the usual samples at least, or it is a gap.
_THIN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without samples of a job: of the service to the scrape, else to two minutes."""

    job: str
    start: datetime
    end: datetime

    @property
    def minutes(self) -> float:
        """Return how long it was."""
        return (self.end - self.start).total_seconds() / 60


@dataclass(frozen=True, slots=True)
class Quality:
    """What a reader must know before believing a figure.

    `covered` is the share of the window for which the service was scraped, None when not measured.
    `job` is its scrape job, and `job_found` whether Prometheus knows it, None when not measured.
    `resets` counts restarts of the service's processes: counters began at zero again, which the
    figures allow for. `input_hash` changes when any datum of the report does.
    """

    source: str
    covered: float | None
    gaps: tuple[Gap, ...]
    resets: int
    missing: tuple[str, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    queries: int
    input_hash: str
    job: str = ""
    job_found: bool | None = None

    @property
    def unscraped(self) -> str:
        """Return why too little was scraped, "" where the job was there all along."""
        if self.job_found is False:
            return f"job {self.job} not found in Prometheus for this time"
        if self.covered is None:
            return "how much of the window was scraped is not known"
        return f"only {wording.percent(self.covered)} of the window was scraped"


def quality(evidence: Evidence) -> Quality:
    """Return the data-quality box."""
    gaps, covered = _coverage(evidence)
    missing = tuple(
        metric
        for name, metric in _expected(evidence.project)
        if evidence.is_measured
        and not evidence.answer(name).series
        and evidence.answer(name).problem is None
    )
    problems = tuple(
        f"{name}: {answer.problem}"
        for name, answer in sorted(evidence.answers.items())
        if answer.problem is not None
    )
    problems += tuple(evidence.unread)
    if evidence.trouble is not None:
        problems = (evidence.trouble, *problems)
    return Quality(
        source=evidence.source,
        covered=covered,
        gaps=gaps[:_MOST_GAPS],
        resets=len(restarts(evidence)),
        missing=missing,
        problems=problems,
        notes=tuple(_notes(evidence)),
        queries=len(evidence.answers),
        input_hash=digest(evidence.answers),
        job=evidence.project.job,
        job_found=_job_found(evidence),
    )


def _expected(project: Project) -> Iterator[tuple[str, str]]:
    """Yield each question whose metrics should have samples, with what plays its role."""
    roles, memory = project.roles, memory_of(project.roles)
    limit = memory.limit if memory else None
    expected = {
        "requests": roles.requests and roles.requests.counter,
        "latency": roles.latency and f"{roles.latency.histogram}_bucket",
        "accuracy": roles.accuracy and roles.accuracy.gauge,
        "cache:hits": roles.cache and roles.cache.hits,
        "dependencies": metric_of(roles.dependency[0].up) if roles.dependency else None,
        "used:memory": memory and metric_of(memory.used),
        "used:cpu": PROCESSOR if has_processor(project) else None,
        "processes:builds": roles.version and roles.version.info,
        "active_users": project.reports.active_users,
        "whole.this:memory_limit": metric_of(limit) if isinstance(limit, str) else None,
    }
    yield from ((name, metric) for name, metric in expected.items() if metric)


def _job_found(evidence: Evidence) -> bool | None:
    found = evidence.answer("scrapes")
    if found.problem is not None:
        return None
    return any(one.label("job") == evidence.project.job for one in found.series)


def restarts(evidence: Evidence) -> tuple[tuple[str, datetime], ...]:
    """Return (instance, when) of each start of a process within the window, in time order."""
    window = evidence.window
    found = {
        (one.label("instance"), float(start))
        for one in evidence.answer("processes:starts").series
        for start in np.unique(one.values[np.isfinite(one.values)])
        if window.start_s <= start < window.end_s
    }
    ordered = sorted(found, key=lambda item: (item[1], item[0]))
    return tuple((i, local_at(s, window.zone)) for i, s in ordered)


def _coverage(evidence: Evidence) -> tuple[tuple[Gap, ...], float | None]:
    """Return gaps of every job, and how much of the window the service's job covers."""
    slots, job = evidence.fine_slots(COVERAGE_STEP_S), evidence.project.job
    gaps, covered = _own_coverage(evidence)
    for one in evidence.answer("scrapes").series:
        if one.label("job") == job:
            continue
        thin = segments(_present(on_grid(one, slots.ends)) < _THIN, slots)
        gaps += [Gap(one.label("job"), *part.moments(evidence.window.zone)) for part in thin]
    return tuple(sorted(gaps, key=lambda g: (g.start, g.job))), covered


def _own_coverage(evidence: Evidence) -> tuple[list[Gap], float | None]:
    """Return the service's own gaps, to the scrape, and the share of the window without any.

    One missing sample is a scrape that came late.
    """
    if evidence.answer("up").problem is not None:
        return [], None
    slots, job = evidence.fine_slots(evidence.scrape_s), evidence.project.job
    found = segments(np.isnan(evidence.total("up", slots)), slots)
    lacking = [part for part in found if part.after - part.first > 1]
    share = 1.0 - sum(part.after - part.first for part in lacking) / len(slots)
    return [Gap(job, *part.moments(evidence.window.zone)) for part in lacking], share


def _present(samples: Floats) -> Floats:
    """Return for each slot the share of the usual number of samples, at most 1."""
    counts = np.nan_to_num(samples)
    usual = float(np.median(counts[counts > 0])) if (counts > 0).any() else 1.0
    present: Floats = np.clip(counts / usual, 0.0, 1.0)
    present[present > _THIN] = 1.0  # one scrape more or less lies on the edge of a slot
    return present


def _notes(evidence: Evidence) -> list[str]:
    notes = []
    for name, answer in sorted(evidence.answers.items()):
        odd = sum(int((~np.isfinite(one.values)).sum()) for one in answer.series)
        if odd:
            notes.append(f"{name}: {odd} values are not numbers and are left out")
    notes += _changed_routes(evidence)
    notes += _skew(evidence)
    return notes


def _changed_routes(evidence: Evidence) -> list[str]:
    def busy(slots: Slots) -> set[str]:
        return {
            one.label("route")
            for one in evidence.answer("latency").series
            if one.label("le") == "+Inf" and np.nansum(on_grid(one, slots.ends)) > 0
        }

    this, before = busy(evidence.slots()), busy(evidence.slots_before())
    if not this or not before:
        return []
    notes = [f"route {route} is new in this window" for route in sorted(this - before)]
    return notes + [f"route {route} had traffic before and has none now" for route in
                    sorted(before - this)]  # fmt: skip


def _skew(evidence: Evidence) -> list[str]:
    """Return a note on each process that claims to have started after it was scraped."""
    step = fine_step_s(evidence.window, EPISODE_STEP_S)
    notes = []
    for one in evidence.answer("processes:starts").series:
        ahead = float(np.nanmax(one.values - one.times, initial=-np.inf))
        if ahead > _SKEW_S:
            notes.append(
                f"the clock of {one.label('instance')} is at least {ahead:.0f} s ahead of "
                f"Prometheus's (found in steps of {step} s)"
            )
    return notes
