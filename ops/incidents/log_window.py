"""The lines of a log that were written in a window, found without reading what came before.

Lines are JSON with a `timestamp` in UTC, each file in the order of time, as the service writes it.
"""

import gzip
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import SEEK_END
from pathlib import Path
from typing import IO, Final, cast

import orjson

from kit.edge import log_files
from kit.edge.log_files import PACKED
from kit.pure.moments import written
from ops.incidents.evidence.part import Window

_LONGEST_LOOK: Final = 2**20
"""Where a mebibyte holds no time, nothing is said of when it was written."""
LEFT_OUT: Final = b"(left out: a line of "
_SLACK_S: Final = 5.0
"""Several workers write the same file: lines may be out of order by that much."""


def files_of(folder: Path, name: str, window: Window) -> list[Path]:
    """Return a log file and its rotated ones that were still written in a window, oldest first."""
    return log_files.files_of(folder, name, since=window.since - timedelta(seconds=_SLACK_S))


def start_of(file: IO[bytes], size: int, since: datetime, *, ends: bool = False) -> int:
    """Return an offset before everything since a moment, or with `ends` one after what is before.

    Found by halving, to 64 KiB: a file of a gibibyte takes fourteen looks.
    """
    low, high = 0, size
    since_s = since.timestamp() - _SLACK_S
    while high - low > _LONGEST_LOOK // 16:
        middle = (low + high) // 2
        at = _first_moment(file, middle)
        if at is None or at.timestamp() >= since_s:
            high = middle
        else:
            low = middle
    return high if ends else _line_start(file, low)


def span_of(path: Path, window: Window) -> tuple[int, int]:
    """Return the offsets between which all lines of a window are, and few others.

    A packed file cannot be halved: it is read from its beginning.
    """
    if path.suffix == PACKED:
        return 0, _unpacked_size(path)
    size, after = path.stat().st_size, window.until + timedelta(seconds=2 * _SLACK_S)
    with path.open("rb") as file:
        return start_of(file, size, window.since), start_of(file, size, after, ends=True)


def lines(path: Path, window: Window, *, most_bytes: int | None = None) -> Iterator[bytes]:
    """Yield the lines of a window; a line without a time belongs to the one before it.

    A line longer than a mebibyte may be of the window: in its place LEFT_OUT stands with its size.
    With `most_bytes` only about the newest so many bytes of them are read.
    """
    start, end = span_of(path, window)
    with _opened(path) as file:
        if most_bytes is not None:
            start = max(start, _line_start(file, max(0, end - most_bytes)))
        file.seek(start)
        inside = False
        for line, size in _bounded(file):
            start += size
            moment = moment_of(line)
            if moment is not None:
                inside = window.since <= moment <= window.until
            if inside or line.startswith(LEFT_OUT):
                yield line
            if start > end and not inside:
                return


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix == PACKED else path.open("rb")


def _unpacked_size(path: Path) -> int:
    """Return how long a packed file is; raises OSError for one that is damaged."""
    try:
        with gzip.open(path) as file:
            return file.seek(0, SEEK_END)
    except (EOFError, zlib.error) as err:
        raise OSError(f"{path.name} is damaged: {err}") from err


def moment_of(line: bytes) -> datetime | None:
    """Return when a line was written, in UTC; None when it does not say."""
    try:
        return written(orjson.loads(line)["timestamp"])
    except (ValueError, KeyError, TypeError):
        return None


def _first_moment(file: IO[bytes], offset: int) -> datetime | None:
    file.seek(_line_start(file, offset))
    end = offset + _LONGEST_LOOK
    while file.tell() < end and (line := file.readline(_LONGEST_LOOK)):
        if (moment := moment_of(line)) is not None:
            return moment
    return None


def _line_start(file: IO[bytes], offset: int) -> int:
    """Return where the first line begins that does so at an offset or later."""
    if offset == 0:
        return 0
    file.seek(offset - 1)
    next(_bounded(file), None)
    return file.tell()


def _bounded(file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield each line with its size; of one that is too long only how long it is."""
    while line := file.readline(_LONGEST_LOOK):
        size = len(line)
        while line and not line.endswith(b"\n") and size >= _LONGEST_LOOK:
            line = file.readline(_LONGEST_LOOK)
            size += len(line)
        yield (line if size < _LONGEST_LOOK else LEFT_OUT + b"%d bytes)\n" % size), size
