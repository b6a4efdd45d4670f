"""Read the service's log files line by line: rotated and packed ones too, in constant memory."""

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from kit.edge.log_files import Unread
from kit.pure.moments import written
from service.observe.journal import ERRORS

Line = Mapping[str, object]
_LONGEST: Final = 1 << 20
_GZIP: Final = b"\x1f\x8b"


@dataclass(slots=True)
class Reading:
    """What was read of one log, counted as it goes.

    `unreadable` are lines that are no JSON objects with a time and an event, as one cut short by a
    crash, or those of another program;
    `problems` say which files could not be read to their end.
    """

    files: int = 0
    lines: int = 0
    unreadable: int = 0
    problems: tuple[str, ...] = ()


def read(
    folder: Path,
    name: str,
    *,
    since: datetime,
    until: datetime,
    reading: Reading,
) -> Iterator[tuple[datetime, Line]]:
    """Yield the moment and fields of each line of a log from `since` up to and with `until`.

    A file last written before `since` is not opened. What cannot be read is noted in `reading`.
    """
    unread = Unread(folder, name, since=since)
    for path in unread:
        try:
            with path.open("rb") as file:
                if not unread.is_new(file):
                    continue
                reading.files += 1
                for moment, line in _lines(file, reading):
                    if since <= moment <= until:
                        yield moment, line
        except FileNotFoundError:  # renamed just now
            continue
        except (OSError, EOFError, zlib.error) as err:
            unread.give_up(path)
            reading.problems = (*reading.problems, f"{path.name}: {err}")


def _lines(file: BinaryIO, reading: Reading) -> Iterator[tuple[datetime, Line]]:
    packed = file.peek(2)[:2] == _GZIP if isinstance(file, io.BufferedReader) else False
    stream: Any = gzip.GzipFile(fileobj=file) if packed else file
    while text := stream.readline(_LONGEST):
        if not text.strip():
            continue
        reading.lines += 1
        found = _read(text)
        if found is None:
            reading.unreadable += 1
        else:
            yield found


def _read(text: bytes) -> tuple[datetime, Line] | None:
    try:
        line = orjson.loads(text)
        moment = written(line["timestamp"])
    except (ValueError, TypeError, KeyError):
        return None
    return None if moment is None or not isinstance(line.get("event"), str) else (moment, line)


def lost_since(folder: Path | None, now: datetime) -> Mapping[str, datetime]:
    """Return when each dependency was last lost, by the log of errors of the last week.

    Whether that still lasts, the service itself says.
    """
    lost: dict[str, datetime] = {}
    if folder is not None:
        week = now - timedelta(days=7)
        for moment, line in read(folder, ERRORS, since=week, until=now, reading=Reading()):
            if line.get("event") == "dependency_down":
                lost[str(line.get("dependency"))] = moment
    return lost
