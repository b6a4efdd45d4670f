"""What the families of alerts are about: a project, its numbers, and what is recorded of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from alerts.expressions import number
from alerts.names import BAD, BASE, ROUTE_BAD, ROUTE_TOTAL, TOTAL
from alerts.recording_rules import ratio_record
from alerts.rule import Record
from alerts.thresholds import Thresholds
from alerts.trouble import Trouble, edge_of, trouble_of
from kit.pure.durations import to_prometheus
from slo.objective import Objective
from slo.project.project import Project
from slo.recorded import SERVICE_LABEL, is_ours, selector_of

Labels = tuple[tuple[str, str], ...]
_M = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Stream:
    """Requests of which all and bad ones are recorded: `own` selects what is recorded of them.

    `route` is the label of routes, None where nothing is recorded by it. `objective` is the one
    whose records these are; where there is none, `records` make them. `edge_s` is the latency in
    seconds beyond which a request is bad.
    """

    own: str
    route: str | None = None
    objective: Objective | None = None
    records: tuple[Record, ...] = ()
    edge_s: float | None = None


@dataclass(frozen=True, slots=True)
class About:
    """A project with its own objectives, and the streams that families read."""

    project: Project
    limits: Thresholds
    objectives: tuple[Objective, ...]
    errors: Stream | None = None
    latency: Stream | None = None
    troubles: dict[str, Trouble | None] = field(default_factory=dict)
    causes: tuple[str, ...] = ()
    """Alerts of the project's own whose symptoms those of families are."""

    def labels(self) -> Labels:
        """Return the labels of what is recorded once for the service."""
        return () if self.project.first else ((SERVICE_LABEL, self.project.name),)

    def record(self, series: str, expr: str) -> Record:
        """Return the rule that records such a series of this service."""
        return Record(self._name(series), expr, self.labels())

    def read(self, series: str) -> str:
        """Return the selector of such a series of this service, and of no other."""
        labels = ",".join(f'{name}="{value}"' for name, value in self.labels())
        return f"{self._name(series)}{{{labels}}}" if labels else self._name(series)

    def _name(self, series: str) -> str:
        return series if self.project.first else f"service:{series.partition(':')[2]}"

    def about(self, trouble: Trouble) -> tuple[Objective, ...]:
        """Return the objectives that speak of a trouble."""
        return tuple(each for each in self.objectives if self.troubles[each.name] is trouble)


def about_of(
    project: Project, objectives: Sequence[Objective], limits: Thresholds, causes: tuple[str, ...]
) -> About:
    """Return what is known of a project; `objectives` are those of its own service."""
    troubles = {each.name: trouble_of(each, project) for each in objectives}
    found = About(project, limits, tuple(objectives), None, None, troubles)
    streams = _errors(found), _latency(found)
    return About(project, limits, tuple(objectives), *streams, troubles, causes)


def edge_matcher(edge_s: float, second: float) -> str:
    """Return the matcher of a histogram's edge: Python's client writes 2.0, Go's 2."""
    text = number(edge_s * second)
    return f'le=~"{text}(\\\\.0)?"' if text.isdecimal() else f'le="{text}"'


def _recorded(about: About, trouble: Trouble, route: str | None) -> Objective | None:
    """Return the objective whose records also serve the families, for one that has them."""
    own = [each for each in about.about(trouble) if is_ours(each)]
    return next((each for each in own if each.split_by == route), None)


def _errors(about: About) -> Stream | None:
    requests = about.project.roles.requests
    if requests is None or requests.status is None:
        return None
    if chosen := _recorded(about, Trouble.ERRORS, requests.route):
        return Stream(selector_of(chosen), requests.route, chosen)
    matchers = about.project.users(requests.route)
    same = "=" if re.fullmatch(r"\w+", requests.failed) else "=~"  # a word is no expression
    failed = f'{matchers},{requests.status}{same}"{_quoted(requests.failed)}"'
    total, bad = _rate(requests.counter, matchers), _rate(requests.counter, failed)
    return _stream(about, "requests", requests.route, total, bad, minus=False)


def _latency(about: About) -> Stream | None:
    latency, spoken = about.project.roles.latency, about.about(Trouble.LATENCY)
    if latency is None or not spoken:
        return None
    if chosen := _recorded(about, Trouble.LATENCY, latency.route):
        edge = edge_of(chosen, about.project)
        return Stream(selector_of(chosen), latency.route, chosen, edge_s=edge)
    edge = max(edge_of(each, about.project) for each in spoken)
    matchers = about.project.users(latency.route)
    within = f"{matchers},{edge_matcher(edge, latency.second)}"
    total = _rate(f"{latency.histogram}_count", matchers)
    good = _rate(f"{latency.histogram}_bucket", within)
    return _stream(about, "latency", latency.route, total, good, minus=True, edge_s=edge)


def _stream(
    about: About, role: str, route: str | None, total: str, side: str, *, minus: bool,
    edge_s: float | None = None,
) -> Stream:  # fmt: skip
    """Return a stream that is recorded for the families alone; no outcome yet is none of it."""
    labels: Labels = (("role", role), (SERVICE_LABEL, about.project.name))
    own = "{" + ",".join(f'{name}="{value}"' for name, value in labels) + "}"
    by = f" by ({route})" if route else ""
    whole, part = f"sum{by} ({total})", f"sum{by} ({side})"
    none_is_zero = f"(({part}) or ({whole}) * 0)"
    bad = f"{whole} - {none_is_zero}" if minus else none_is_zero
    made: tuple[Record, ...] = (Record(TOTAL, whole, labels), Record(BAD, bad, labels))
    if route:
        made = (
            Record(ROUTE_TOTAL, whole, labels),
            Record(ROUTE_BAD, bad, labels),
            Record(TOTAL, f"sum({ROUTE_TOTAL}{own})", labels),
            Record(BAD, f"sum({ROUTE_BAD}{own})", labels),
        )
    shares = (_share(window, own, labels) for window in (BASE, 5 * _M, 15 * _M))
    return Stream(own, route, None, (*made, *shares), edge_s)


def _share(window: timedelta, own: str, labels: Labels) -> Record:
    record = ratio_record(window)
    expr = record.expr.replace(BAD, f"{BAD}{own}").replace(TOTAL, f"{TOTAL}{own}")
    return Record(record.name, expr, labels)


def _rate(series: str, matchers: str) -> str:
    return f"rate({series}{{{matchers}}}[{to_prometheus(BASE)}])"


def _quoted(pattern: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", pattern)
