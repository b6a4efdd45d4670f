"""The lines of the log files that were written in the window."""

from collections import deque
from pathlib import Path
from typing import Final

import orjson

from ops.incidents.evidence.part import Part, Site, Source, Window
from slo.errors import BadInputError, NotEnoughDataError

FILES: Final = (
    "calendar-api.log",
    "calendar-api-errors.log",
    "parsing-decisions.log",
    "performance-metrics.log",
)
_MOST_BYTES: Final = 32 * 2**20


def sources(site: Site) -> dict[str, Source]:
    """Return a source for each log file, and one that says so where no folder is known."""
    if not site.logs:
        return {"logs": _nowhere}
    return {f"{site.logs}/{name}": _file(Path(site.logs), name) for name in FILES}


def _nowhere(_window: Window) -> list[Part]:
    raise BadInputError("no folder is named: give --logs, or set CALENDAR_LOG_DIR")


def _file(folder: Path, name: str) -> Source:
    def collect(window: Window) -> list[Part]:
        paths = sorted(folder.glob(f"{name}*"), key=lambda path: path.stat().st_mtime)
        paths = [path for path in paths if path.suffix != ".gz"]
        if not paths:
            raise NotEnoughDataError("there is no such file")
        kept, left_out = _lines(paths, window)
        text = "".join(kept)
        source = f"{folder / name}, {len(kept)} lines" + (
            f", {left_out} older ones left out" if left_out else ""
        )
        return [Part(f"logs/{name}", text, source)]

    return collect


def _lines(paths: list[Path], window: Window) -> tuple[list[str], int]:
    """Return the newest lines of a window up to a size, and how many older ones there were.

    A line without a time stays with the one before it.
    """
    kept: deque[str] = deque()
    size = left_out = 0
    inside = False
    low, high = _stamp(window.since), _stamp(window.until)
    for path in paths:
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                moment = timestamp_of(line)
                inside = inside if moment is None else low <= moment[:19] <= high
                if not inside:
                    continue
                kept.append(line if line.endswith("\n") else f"{line}\n")
                size += len(line)
                while size > _MOST_BYTES:
                    size -= len(kept.popleft())
                    left_out += 1
    return list(kept), left_out


def timestamp_of(line: str) -> str | None:
    """Return the time of a line of JSON as it stands there, in UTC; None when it has none."""
    try:
        found = orjson.loads(line)["timestamp"]
    except (ValueError, KeyError, TypeError):
        return None
    return str(found)


def _stamp(moment: object) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}"
