"""Incidents that happened, and the series of a Prometheus that saw them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from alerts.backtest.replay import Firing
from alerts.backtest.scenario import Expect, Fault, Scenario, Traffic
from alerts.backtest.score import GRACE_S, Outcome, judge
from alerts.backtest.world import Floats
from kit.pure.errors import BadInputError
from kit.pure.fields import PLAIN_LOADER, Field, read_yaml
from kit.pure.moments import read_moment
from slo.series import selectors

BETWEEN: Final = "between-incidents"
_BUILT_IN: Final = frozenset({"ALERTS", "ALERTS_FOR_STATE"})


@dataclass(frozen=True, slots=True)
class Incident:
    """What happened from `start_s` to `end_s` (since the epoch), and what should have fired."""

    name: str
    about: str
    expect: Expect
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Span:
    """The recorded time that is judged, and what is replayed before it for windows to fill."""

    start_s: float
    end_s: float
    warm_up_s: float
    step_s: int

    @property
    def first_s(self) -> float:
        """Return when the replay begins."""
        return self.start_s - self.warm_up_s

    @property
    def steps(self) -> int:
        """Return how many steps are replayed."""
        return int((self.end_s - self.first_s) // self.step_s) + 1


def moment(text: str) -> float:
    """Return an RFC 3339 time as seconds since the epoch; ValueError for one without an offset."""
    return read_moment(text).timestamp()


def read_incidents(source: str, text: str) -> tuple[Incident, ...]:
    """Return the incidents of a YAML list of {name, about?, expect, from, to}."""
    found: dict[str, Incident] = {}
    for each in read_yaml(source, text, PLAIN_LOADER).items():  # plain text: no YAML dates
        each.only("name", "about", "expect", "from", "to")
        about = each.get("about")
        incident = Incident(
            each.need("name").text(),
            about.text() if about else "",
            Expect(each.need("expect").choice(Expect.PAGE, Expect.TICKET)),
            _time(each.need("from")),
            _time(each.need("to")),
        )
        if incident.end_s <= incident.start_s:
            raise each.need("to").wrong("is not after `from`", "exchange them")
        if incident.name in {*found, BETWEEN}:
            raise each.need("name").wrong("is used twice", "rename one")
        found[incident.name] = incident
    return tuple(found.values())


def _time(field: Field) -> float:
    try:
        return moment(field.text())
    except ValueError as err:
        raise field.wrong(str(err), "write for example 2026-11-02T14:30:00Z") from err


def raw_metrics(expressions: Iterable[str], recorded: Iterable[str]) -> tuple[str, ...]:
    """Return the metrics that rules read and none of them records."""
    own = {*recorded, *_BUILT_IN}
    named = {selector.metric for text in expressions for selector in selectors(text)}
    return tuple(sorted(name for name in named - own if name))


def aligned(times: Floats, values: Floats, span: Span) -> Floats:
    """Return the newest sample of each step, NaN for a step that saw none."""
    grid = np.full(span.steps, np.nan)
    # A sample belongs to the first step that is not before it.
    index = np.ceil((times - span.first_s) / span.step_s).astype(int)
    inside = (index >= 0) & (index < span.steps)
    grid[index[inside]] = values[inside]  # in rising order, so that the newest one stays
    return grid


def outcomes(
    incidents: Sequence[Incident], firings: Iterable[Firing], span: Span
) -> tuple[Outcome, ...]:
    """Judge what would have fired: one outcome an incident, and one for the time between them.

    Raises BadInputError for an incident outside the span.
    """
    shift = round(span.warm_up_s)
    rest = [firing for firing in firings if firing.start_s >= shift]
    found = []
    for incident in incidents:
        if not span.start_s <= incident.start_s < incident.end_s <= span.end_s:
            raise BadInputError(
                f"incident {incident.name!r} is not within the span that is replayed",
                hint="widen --from and --to, or leave it out",
            )
        scenario = _scenario(incident, span)
        start, end = scenario.incident
        own = [f for f in rest if start <= f.start_s <= end + GRACE_S]
        rest = [f for f in rest if f not in own]
        found.append(judge(scenario, 0, own))
    judged_s = round(span.end_s - span.start_s)
    calm_s = max(0, judged_s - sum(each.scenario.length_s for each in found))
    calm = Scenario(BETWEEN, "", Expect.QUIET, calm_s, span.step_s, Traffic(), ())
    return (*found, judge(calm, 0, rest))


def _scenario(incident: Incident, span: Span) -> Scenario:
    start = round(incident.start_s - span.first_s)
    length = round(incident.end_s - incident.start_s)
    fault = Fault("recorded", start, length, 1.0)
    return Scenario(
        incident.name, incident.about, incident.expect, length, span.step_s, Traffic(), (fault,)
    )


def span_of(start: str, end: str, *, warm_up_s: float, step_s: int) -> Span:
    """Return the span between two RFC 3339 times; BadInputError when it is none."""
    try:
        found = Span(moment(start), moment(end), warm_up_s, step_s)
    except ValueError as err:
        raise BadInputError(
            f"--from {start} --to {end} is no span: one of them {err}",
            hint="write times as 2026-11-02T14:30:00Z",
        ) from err
    if found.end_s <= found.start_s:
        raise BadInputError(f"--to {end} is not after --from {start}", hint="exchange them")
    return found
