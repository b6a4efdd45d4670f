"""Reading traces from the log files of one or several instances."""

import contextlib
import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from kit.edge.log_files import PACKED, Unread, files_of
from kit.pure.errors import BadInputError, NotEnoughDataError
from kit.pure.words import counted
from traces.otlp import spans_in
from traces.span import Span, Trace, traces_of

NAME: Final = "traces.log"
_LONGEST: Final = 64 << 20
_LATE: Final = timedelta(minutes=10)
"""A request is written after it ended, so that its line may stand in a file begun later."""


@dataclass(slots=True)
class Reading:
    """What was read: `traces` in order of their begin, and what could not be.

    `unreadable` lines are no traces, as one cut short; `problems` say which files were not read to
    their end.
    """

    traces: list[Trace] = field(default_factory=list)
    files: int = 0
    lines: int = 0
    unreadable: int = 0
    problems: list[str] = field(default_factory=list)

    def notes(self) -> list[str]:
        """Return what is to be known about the data, in sentences; nothing for whole data."""
        found = [*self.problems]
        if self.unreadable:
            found.append(
                f"{counted(self.unreadable, 'line')} of {self.lines:,} could not be read: "
                "what follows is of the rest"
            )
        return found


def read(folders: Sequence[Path], *, since: datetime | None = None) -> Reading:
    """Return the traces that lie in folders of log files, each kept once.

    With `since`, files last written before it are passed over. Raises BadInputError for what is no
    folder, NotEnoughDataError where none has a traces.log.
    """
    for folder in folders:
        if not folder.is_dir():
            raise BadInputError(f"{folder} is no folder of logs", hint="name it with --logs")
    early = None if since is None else since - _LATE
    named = [(folder, files_of(folder, NAME)) for folder in folders]
    if missing := [str(folder) for folder, paths in named if not paths]:
        raise NotEnoughDataError(
            f"no {NAME} in {', '.join(missing)}",
            hint="a service writes it with a folder of logs and without a collector; "
            "name the folder with --logs",
        )
    reading = Reading()
    spans: list[Span] = []
    for folder in folders:
        unread = Unread(folder, NAME, since=early)
        for path in unread:
            spans += _spans(path, reading, unread)
    reading.traces = traces_of(spans)
    return reading


@contextlib.contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a log file, packed or not."""
    with gzip.open(path) if path.suffix == PACKED else path.open("rb") as file:
        yield file  # type: ignore[misc]  # both give lines of bytes


def _spans(path: Path, reading: Reading, unread: Unread) -> Iterator[Span]:
    try:
        with opened(path) as file:
            if not unread.is_new(file):
                return
            reading.files += 1
            while line := file.readline(_LONGEST):
                if not line.strip():
                    continue
                reading.lines += 1
                try:
                    yield from spans_in(line)
                except ValueError:
                    reading.unreadable += 1
    except FileNotFoundError:  # renamed just now
        return
    except (OSError, EOFError, zlib.error) as err:
        unread.give_up(path)
        reading.problems.append(f"{path} could not be read to its end: {err}")
