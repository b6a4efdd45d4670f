"""What Prometheus knows: alerts, modes, restarts, and errors where no log tells of them."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from kit.edge.prometheus import Prometheus
from kit.pure.answers import Series
from ops.incidents.evidence.part import Window
from ops.incidents.timeline.entry import Entry, Kind
from slo.edge.project_file import shipped

MODE: Final = "service_mode"
"""The metric of the calendar's mode."""
_MOST_POINTS: Final = 5_000
_ERRORS: Final = 'sum(increase(http_requests_total{status=~"5.."}[1m]))'
_FEWEST_ERRORS: Final = 5.0
_SOURCE: Final = "Prometheus"


def alerts(server: Prometheus, window: Window) -> list[Entry]:
    """Return when each alert fired and ended, to the step of the question."""
    found = []
    own = f'ALERTS{{alertstate="firing",alertname!="Watchdog",{shipped().own_alerts}}}'
    for series in _asked(server, own, window):
        name, labels = series.labels["alertname"], _labels_of(series)
        priority = series.labels.get("priority", "")
        for start, end in _spans(series, window):
            what = f"{name} {labels}".strip()
            found.append(_entry(start, Kind.ALERT_FIRED, what, name, priority))
            if end is not None:
                found.append(_entry(end, Kind.ALERT_ENDED, name, name, priority))
    return found


def modes(server: Prometheus, window: Window) -> list[Entry]:
    """Return each change of the mode."""
    found = []
    for series in _asked(server, f'max by (mode) ({MODE}{{mode!="normal"}})', window):
        mode = series.labels["mode"]
        for at_s, value in _changes(series):
            what = mode if value > 0 else f"no longer {mode}"
            found.append(_entry(at_s, Kind.MODE, what, mode))
    return found


def restarts(server: Prometheus, window: Window) -> list[Entry]:
    """Return each start of a process of the service within the window."""
    found = []
    asked = 'process_start_time_seconds{job="calendar-api"}'
    for series in _asked(server, asked, window):
        instance = series.labels.get("instance", "the service")
        found += [
            _entry(at_s, Kind.RESTART, f"{instance} started", instance)
            for at_s in sorted({round(float(value)) for value in series.values})
            if window.since.timestamp() <= at_s <= window.until.timestamp()
        ]
    return found


def errors(server: Prometheus, window: Window) -> list[Entry]:
    """Return when many requests began and ended to fail, five or more in a minute."""
    found = []
    asked = f"{_ERRORS} >= {_FEWEST_ERRORS:g}"
    for series in _asked(server, asked, window):
        for start, end in _spans(series, window):
            found.append(_entry(start, Kind.ERRORS_BEGAN, "requests fail", "errors"))
            if end is not None:
                found.append(_entry(end, Kind.ERRORS_ENDED, "requests no longer fail", "errors"))
    return found


def _asked(server: Prometheus, expression: str, window: Window) -> tuple[Series, ...]:
    start_s, end_s = window.since.timestamp(), window.until.timestamp()
    return server.range(expression, start_s, end_s, _step_s(window))


def _step_s(window: Window) -> float:
    return max(1.0, math.ceil((window.until - window.since).total_seconds() / _MOST_POINTS))


def _spans(series: Series, window: Window) -> Iterator[tuple[float, float | None]]:
    """Yield the spans in which a series was there; the end is None for one that lasts."""
    step_s = _step_s(window)
    times = [float(time) for time in series.times]
    start = previous = times[0] if times else 0.0
    for time in times[1:]:
        if time - previous > 1.5 * step_s:
            yield start, previous + step_s
            start = time
        previous = time
    if times:
        lasts = window.until.timestamp() - previous <= step_s
        yield start, None if lasts else previous + step_s


def _changes(series: Series) -> Iterator[tuple[float, float]]:
    """Yield (time, value) wherever the value is another than before; a first 0 is no change."""
    before = 0.0
    for time, value in zip(series.times, series.values, strict=True):
        if float(value) != before:
            yield float(time), float(value)
        before = float(value)


def _labels_of(series: Series) -> str:
    kept = ("priority", "slo", "route", "dependency", "journey", "component")
    labels = [f"{name}={series.labels[name]}" for name in kept if series.labels.get(name)]
    return f"({', '.join(labels)})" if labels else ""


def _entry(at_s: float, kind: Kind, what: str, topic: str, priority: str = "") -> Entry:
    return Entry(datetime.fromtimestamp(at_s, UTC), kind, what, _SOURCE, topic, priority)
