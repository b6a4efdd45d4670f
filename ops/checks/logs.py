"""What the logs of a time say: errors by kind, slow requests, uncertain decisions."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from kit.pure.words import counted
from ops.checks.finding import Finding, State, info, no_data
from ops.checks.groups import Group, Groups
from ops.checks.limits import above
from ops.checks.own_limits import Limits

SLOW_MS: Final = 1000.0
PROBES: Final = frozenset({"/health", "/healthz", "/readyz", "/metrics"})
"""Requests here come from no user; the objectives leave them out as well."""
_FAULT: Final = 500
_FEWEST: Final = 100
_SHOWN: Final = 8
Line = Mapping[str, object]


@dataclass(slots=True)
class Errors:
    """What `calendar-api.log` says of errors; `take` a line at a time."""

    groups: Groups = field(default_factory=Groups)
    kinds: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    failed: int = 0

    def take(self, moment: datetime, line: Line) -> None:
        """Count one line."""
        if line.get("event") == "request" and str(line.get("route")) not in PROBES:
            self.requests += 1
            self.failed += _number(line.get("status")) >= _FAULT
        if line.get("level") == "ERROR":
            self.kinds[str(line.get("event"))] += 1
            self.groups.add(kind_of(line), moment)


@dataclass(slots=True)
class Slow:
    """What `performance-metrics.log` says of slow requests."""

    groups: Groups = field(default_factory=Groups)
    worst_ms: dict[str, float] = field(default_factory=dict)
    parts: dict[str, Counter[str]] = field(default_factory=dict)
    requests: int = 0

    def take(self, moment: datetime, line: Line) -> None:
        """Count one line."""
        if line.get("event") != "request" or str(line.get("route")) in PROBES:
            return
        self.requests += 1
        took_ms = _number(line.get("duration_ms"))
        if took_ms < SLOW_MS:
            return
        name = f"{line.get('method')} {line.get('route')}"
        self.groups.add(name, moment)
        self.worst_ms[name] = max(took_ms, self.worst_ms.get(name, 0.0))
        parts = line.get("component_latency")
        if isinstance(parts, dict) and parts:
            slowest = max(parts, key=lambda part: _number(parts[part]))
            self.parts.setdefault(name, Counter())[slowest] += 1


@dataclass(slots=True)
class Uncertain:
    """What `parsing-decisions.log` says of decisions below `threshold` confidence."""

    threshold: float
    decisions: int = 0
    low: int = 0
    parts: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None

    def take(self, moment: datetime, line: Line) -> None:
        """Count one line."""
        if line.get("event") != "decision":
            return
        self.decisions += 1
        if _number(line.get("confidence", 1.0)) >= self.threshold:
            return
        self.low, self.first = self.low + 1, self.first or moment
        parts = line.get("confidence_breakdown")
        if isinstance(parts, dict) and parts:
            self.parts[min(parts, key=lambda part: _number(parts[part]))] += 1


def kind_of(line: Line) -> str:
    """Return what makes errors alike: status and route, exception and place, or the event."""
    event = str(line.get("event"))
    if event == "request":
        return f"{line.get('status')} on {line.get('method')} {line.get('route')}"
    if event == "fault":
        where = line.get("where")
        place = where[-1] if isinstance(where, list) and where else where
        return f"{line.get('error')} at {place}" if place else str(line.get("error"))
    if event == "dependency_down":
        return f"{line.get('dependency')} lost: {line.get('reason')}"
    about = line.get("error") or line.get("dependency") or line.get("logger") or ""
    return f"{event} {about}".rstrip()


def judge_errors(found: Errors, allowed_share: float) -> Iterator[Finding]:
    """Return one finding for all errors, and one a kind, the most frequent first."""
    if not found.requests and not found.groups.total:
        yield no_data("errors", "no line in this time", "does the service write its logs here?")
        return
    share = found.failed / found.requests if found.requests else 0.0
    total = found.groups.total
    value = f"{counted(total, 'line')} of level ERROR"
    value += f"; {found.failed:,} of {found.requests:,} requests failed"
    state = State.WARN if total else State.PASS
    if found.kinds["fault"] or (found.requests >= _FEWEST and share > allowed_share):
        state = State.FAIL
    groups = found.groups.largest()
    since = min((group.first for group in groups), default=None)
    limit = f"no fault, at most {allowed_share:.0%} failed"
    step = "sre check dependencies" if found.kinds["dependency_down"] else "sre check performance"
    if found.kinds["fault"]:
        step = "a fault is a bug: the lines below say where; roll back if a release was just made"
    yield Finding(
        "errors", state, value, limit=limit, since=since, measured=share,
        do_next="" if state is State.PASS else step,
    )  # fmt: skip
    for group in groups[:_SHOWN]:
        yield info(f"· {group.name}", _seen(group), measured=group.count)
    if len(groups) > _SHOWN:
        rest = sum(group.count for group in groups[_SHOWN:])
        yield info("· others", f"{counted(rest, 'time')} in {len(groups) - _SHOWN} more kinds")


def judge_slow(found: Slow, limits: Limits) -> Iterator[Finding]:
    """Return how many requests took a second or more, and on which routes."""
    if not found.requests:
        yield no_data("slow requests", "no request in this time")
        return
    slow = found.groups.total
    yield above(
        "slow requests",
        slow / found.requests,
        warn=1 - limits.slow_quantile,
        detail=f"took {SLOW_MS / 1000:g} s or more: {slow:,} of {found.requests:,}",
        do_next="sre check db-performance; sre check performance names the routes of now",
    )
    for group in found.groups.largest(_SHOWN):
        slowest = found.parts.get(group.name)
        where = f", mostly in {slowest.most_common(1)[0][0]}" if slowest else ""
        value = f"{_seen(group)}, worst {found.worst_ms[group.name] / 1000:.1f} s{where}"
        yield info(f"· {group.name}", value, measured=group.count)


def judge_uncertain(found: Uncertain, limits: Limits) -> Iterator[Finding]:
    """Return how many decisions the parser was not sure of, and of which part least."""
    if not found.decisions:
        yield info("decisions", "no sentence was read in this time")
        return
    least = found.parts.most_common(1)
    detail = f"below {found.threshold:g}: {found.low:,} of {found.decisions:,} decisions"
    one = above(
        "low confidence",
        found.low / found.decisions,
        warn=1 - limits.accuracy_low if found.decisions >= limits.parsing_fewest else None,
        detail=detail + (f", least sure of {least[0][0]}" if least else ""),
        do_next="sre golden run says whether accuracy fell; GET /review lists what waits",
    )
    yield one


def _seen(group: Group) -> str:
    if group.count == 1:
        return f"1 time at {_clock(group.first)}"
    return f"{group.count:,} times, {_clock(group.first)} to {_clock(group.last)}"


def _clock(moment: datetime) -> str:
    return f"{moment:%m-%d %H:%M:%S}"


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
