"""Ask what a panel asks, and name what comes back."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.document import Dashboard, Drawn, Target
from dashboards.expand import expand
from dashboards.live import ask
from dashboards.preview.legend import legend
from dashboards.queries import asks_prometheus
from dashboards.source import QueryError, Series, Source, Span


@dataclass(frozen=True, slots=True)
class Named:
    """One series and what the legend calls it."""

    name: str
    series: Series
    target: Target

    @property
    def times(self) -> list[float]:
        """Return the times in seconds since the epoch."""
        return [at for at, _ in self.series.samples]

    @property
    def values(self) -> list[float]:
        """Return the values."""
        return [value for _, value in self.series.samples]

    @property
    def last(self) -> float | None:
        """Return the newest number, None when there is none."""
        return next((value for value in reversed(self.values) if not math.isnan(value)), None)


@dataclass(frozen=True, slots=True)
class Answered:
    """A panel and what its queries gave; `problem` is what Prometheus refused, or ""."""

    panel: Drawn
    found: tuple[Named, ...]
    problem: str = ""

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to show."""
        return all(named.last is None for named in self.found)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened meanwhile, in seconds since the epoch."""

    name: str
    begin: float
    end: float
    state: str


def answer(panel: Drawn, source: Source, values: Mapping[str, str], span: Span) -> Answered:
    """Ask the queries of a panel; UnreachableError when Prometheus does not answer."""
    found: list[Named] = []
    for target in panel.targets:
        if not (target.expr and asks_prometheus(target.source or panel.source)):
            continue
        try:
            got = ask(source, target, values, span)
        except QueryError as err:
            return Answered(panel, (), str(err))
        found.extend(
            Named(legend(target.legend, series.labels), series, target) for series in got.series
        )
    return Answered(panel, tuple(found))


def happenings(
    dashboard: Dashboard, source: Source, values: Mapping[str, str], span: Span
) -> tuple[Happening, ...]:
    """Return what the dashboard's annotations mark in the time range, oldest first."""
    found: list[Happening] = []
    for annotation in dashboard.annotations:
        if not annotation.expr:
            continue
        state = "bad" if "ALERTS" in annotation.expr else "event"
        try:
            answers = source.over(expand(annotation.expr, values), span).series
        except QueryError:
            continue
        for series in answers:
            name = legend(annotation.title_format or annotation.name, series.labels)
            found.extend(
                Happening(name, begin, end, state) for begin, end in _runs(series, span.step_s)
            )
    return tuple(sorted(found, key=lambda one: (one.begin, one.name)))


def _runs(series: Series, step_s: float) -> list[tuple[float, float]]:
    """Return the stretches without a gap of more than a minute, or of a step."""
    most = max(60.0, 1.5 * step_s)
    runs: list[tuple[float, float]] = []
    for at, value in series.samples:
        if not value:
            continue
        if runs and at - runs[-1][1] <= most:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    return runs
