"""The lines of the log files that were written in the window."""

from collections import deque
from pathlib import Path
from typing import Final

from kit.edge import log_files
from kit.pure.errors import BadInputError, NotEnoughDataError
from ops.incidents.evidence.part import Part, Site, Source, Window
from ops.incidents.log_window import LEFT_OUT, files_of, lines, span_of

FILES: Final = (
    "calendar-api.log",
    "calendar-api-errors.log",
    "parsing-decisions.log",
    "performance-metrics.log",
)
_MOST_BYTES: Final = 16 * 2**20


def sources(site: Site) -> dict[str, Source]:
    """Return a source for each log file, and one that says so where no folder is known."""
    if not site.logs:
        return {"logs": _nowhere}
    return {f"{site.logs}/{name}": _file(Path(site.logs), name) for name in FILES}


def _nowhere(_window: Window) -> list[Part]:
    raise BadInputError("no folder is named: give --logs, or set CALENDAR_LOG_DIR")


def _file(folder: Path, name: str) -> Source:
    def collect(window: Window) -> list[Part]:
        if not log_files.files_of(folder, name):
            raise NotEnoughDataError("there is no such file")
        kept, cut = _newest(files_of(folder, name, window), window)
        more = ", the newest; there may be older ones" if cut else ""
        if long := sum(line.startswith(LEFT_OUT) for line in kept):
            more += f"; {long} of them too long to be kept, with their size in their place"
        source = f"{folder / name}, {len(kept)} lines{more}"
        text = "".join(line.decode(errors="replace") for line in kept)
        return [Part(f"logs/{name}", text, source)]

    return collect


def _newest(paths: list[Path], window: Window) -> tuple[list[bytes], bool]:
    """Return the newest lines of a window up to a size, and whether older ones were left out."""
    kept: deque[bytes] = deque()
    size, spans = 0, [span_of(path, window) for path in paths]
    cut = sum(end - start for start, end in spans) > _MOST_BYTES
    for path in paths:
        for line in lines(path, window, most_bytes=_MOST_BYTES):
            kept.append(line if line.endswith(b"\n") else line + b"\n")
            size += len(line)
            while size > _MOST_BYTES:
                size -= len(kept.popleft())
    return list(kept), cut
