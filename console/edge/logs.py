"""The service's own lines of a time: errors and warnings, masked, the newest first."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from console.edge.about import About
from kit.pure.errors import NotEnoughDataError
from kit.pure.json_values import from_json
from ops.incidents.evidence.part import Window
from ops.incidents.log_window import files_of, lines
from ops.incidents.masking import masking_of

_MOST: Final = 100
_MOST_BYTES: Final = 512 * 1024
_LONGEST: Final = 1200
_AROUND: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when, how grave, what happened, the request it belongs to, and all of it."""

    at: str
    level: str
    event: str
    request: str
    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a time, newest first; `more` says that there were older ones."""

    shown: tuple[Line, ...]
    more: bool
    since: datetime
    until: datetime


def read(about: About, begin: datetime | None) -> Lines:
    """Return the errors that were logged from a little before a moment on; else the last hour's."""
    if about.logs is None or not about.logs.is_dir():
        raise NotEnoughDataError("no data: no folder of logs is named", hint="start with --logs")
    now = about.now()
    since = now - timedelta(hours=1) if begin is None else min(begin, now) - _AROUND
    window = Window(max(since, now - timedelta(days=7)), now)
    masking = masking_of(os.environ)
    found: list[bytes] = []
    for path in files_of(about.logs, f"{about.project.job}-errors.log", window):
        found += list(lines(path, window, most_bytes=_MOST_BYTES))
    newest = found[-_MOST:][::-1]
    shown = tuple(_line(masking.text(each.decode(errors="replace"))) for each in newest)
    return Lines(shown, len(found) > _MOST, window.since, now)


def _line(text: str) -> Line:
    try:
        value: Any = from_json(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        return Line("", "", "", "", text.strip()[:_LONGEST])

    def named(*names: str) -> str:
        return str(next((value[name] for name in names if value.get(name)), ""))[:120]

    return Line(
        named("timestamp", "time", "ts"),
        named("level"),
        named("event", "message"),
        named("request_id"),
        text.strip()[:_LONGEST],
    )
