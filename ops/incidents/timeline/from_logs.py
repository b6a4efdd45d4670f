"""What the service's log tells: failed requests that come together, dependencies, modes, starts."""

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import orjson

from kit.edge import log_files
from kit.pure.errors import NotEnoughDataError
from kit.pure.json_values import JsonMapping
from kit.pure.moments import written
from ops.incidents.evidence.part import Window
from ops.incidents.log_window import files_of, lines
from ops.incidents.timeline.entry import Entry, Kind

_FILE: Final = "calendar-api.log"
_QUIET: Final = timedelta(minutes=1)
_FEWEST: Final = 5
_SERVER_ERROR: Final = 500
_SOURCE: Final = "log"


def read(folder: Path, window: Window) -> list[Entry]:
    """Return what the log of a folder tells of a window; its rotated files are read, too.

    Raises NotEnoughDataError when there is no log.
    """
    if not log_files.files_of(folder, _FILE):
        raise NotEnoughDataError(f"no {_FILE} in {folder}", hint="name the folder with --logs")
    paths = files_of(folder, _FILE, window)
    return entries((line for path in paths for line in _values(path, window)), window)


def entries(values: Iterable[JsonMapping], window: Window) -> list[Entry]:
    """Return what lines of the log, each a mapping with its fields, tell of a window."""
    found: list[Entry] = []
    failures: list[tuple[datetime, str]] = []
    for line in values:
        at = written(line.get("timestamp"))
        if at is None or not window.since <= at <= window.until:
            continue
        if line.get("event") == "request" and int(line.get("status", 0)) >= _SERVER_ERROR:
            failures.append((at, str(line.get("route", "?"))))
        elif (entry := _entry(at, line)) is not None:
            found.append(entry)
    return [*found, *bursts(sorted(failures), window)]


@dataclass(slots=True)
class _Burst:
    """Failed requests none of which came more than a minute after the one before."""

    start: datetime
    end: datetime
    routes: Counter[str] = field(default_factory=Counter)

    def text(self) -> str:
        route, worst = self.routes.most_common(1)[0]
        number = self.routes.total()
        return f"{number} requests fail until {self.end:%H:%M:%S}, {worst} of them at {route}"


def bursts(failures: Iterable[tuple[datetime, str]], window: Window) -> list[Entry]:
    """Return begin and end of each burst of five failed requests or more, given in their order."""
    found: list[_Burst] = []
    for at, route in failures:
        if not found or at - found[-1].end > _QUIET:
            found.append(_Burst(at, at))
        found[-1].end = at
        found[-1].routes[route] += 1
    entries: list[Entry] = []
    for burst in found:
        if burst.routes.total() < _FEWEST:
            continue
        entries.append(Entry(burst.start, Kind.ERRORS_BEGAN, burst.text(), _SOURCE, "errors"))
        if window.until - burst.end > _QUIET:
            what = "requests no longer fail"
            entries.append(Entry(burst.end, Kind.ERRORS_ENDED, what, _SOURCE, "errors"))
    return entries


def _entry(at: datetime, line: Mapping[str, object]) -> Entry | None:
    event, reason = line.get("event"), str(line.get("reason") or "")
    name = str(line.get("dependency", ""))
    if event == "dependency_down":
        what = f"{name} is away" + (f" ({reason})" if reason else "")
        return Entry(at, Kind.DEPENDENCY_DOWN, what, _SOURCE, name)
    if event == "dependency_up":
        return Entry(at, Kind.DEPENDENCY_UP, f"{name} is back", _SOURCE, name)
    if event == "mode":
        mode = str(line.get("mode", ""))
        return Entry(at, Kind.MODE, f"{mode}: {reason}" if reason else mode, _SOURCE, mode)
    if event == "started":
        return Entry(at, Kind.RESTART, f"version {line.get('version', '?')} started", _SOURCE)
    if event == "cache_cleared":
        return Entry(at, Kind.CACHE_CLEARED, "every cached answer was forgotten", _SOURCE)
    return None


def _values(path: Path, window: Window) -> Iterator[Mapping[str, object]]:
    for line in lines(path, window):
        with contextlib.suppress(ValueError):  # cut short, or not ours
            value = orjson.loads(line)
            if isinstance(value, dict):
                yield value
