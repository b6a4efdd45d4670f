"""Log lines as JSON, to standard output and four files, without a request ever waiting for a disk.

Lines collect in memory and one thread at a time writes them, several times a second. When
writing is slower than logging, lines are dropped and counted.
"""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, time
from typing import Final, Literal

import orjson

from service.background import cancel_all
from service.observe.accessline import Access, AccessLines
from service.observe.current import named

Level = Literal["INFO", "WARNING", "ERROR"]

EVERYTHING: Final = "calendar-api.log"
ERRORS: Final = "calendar-api-errors.log"
DECISIONS: Final = "parsing-decisions.log"
PERFORMANCE: Final = "performance-metrics.log"

HEARTBEAT_S: Final = 60.0
"""No log of everything is silent for longer while a process runs: idle differs from lost."""

_LINE: Final = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z
_FLUSH_INTERVAL_S: Final = 0.2
_LOOK_AT_LEAST_EVERY: Final = 5  # intervals in which nothing was written
_LIMIT_BYTES: Final = 8 << 20
_MOST_REQUESTS: Final = _LIMIT_BYTES // 330  # about as long as one line of a request is


class Journal:
    """Where every part of the service writes what happened."""

    def __init__(self, directory: Path | None, *, on_drop: Callable[[int], None]) -> None:
        self._pending: dict[str, list[bytes]] = {EVERYTHING: []}
        self._targets: dict[str, list[int]] = {EVERYTHING: [sys.stdout.fileno()]}
        self._on_drop, self._size = on_drop, 0
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._files: dict[int, Path] = {}
        self._broken_off: set[int] = set()  # files whose last line is not whole
        self._requests: list[Access] = []
        self._faults: list[Access] = []  # those of them from 500 on
        self._lines = AccessLines()
        if directory is not None:
            directory.mkdir(parents=True, exist_ok=True)
            for name in (EVERYTHING, ERRORS, DECISIONS, PERFORMANCE):
                handle = _opened(directory / name)
                self._files[handle] = directory / name
                self._targets.setdefault(name, []).append(handle)
                self._pending.setdefault(name, [])

    def request(self, access: Access, is_fault: bool) -> None:  # noqa: FBT001 -- a keyword costs more
        """Write the line of one request: everything, performance, and errors if it is a fault.

        The line is made when it is written: many at once cost half of one at a time.
        """
        if len(self._requests) >= _MOST_REQUESTS:
            self._on_drop(1)
            return
        self._requests.append(access)
        if is_fault:
            self._faults.append(access)

    def decision(self, line: Mapping[str, object]) -> None:
        """Write the line of one parsing decision."""
        self._add((EVERYTHING, DECISIONS), {**line, **named()})

    def event(self, level: Level, event: str, **fields: object) -> None:
        """Write that something happened; ERROR also goes to the file of errors."""
        line = {"timestamp": datetime.now(UTC), "level": level, "event": event, **fields, **named()}
        self._add((EVERYTHING, ERRORS) if level == "ERROR" else (EVERYTHING,), line)

    def _add(self, files: tuple[str, ...], line: Mapping[str, object]) -> None:
        if self._size > _LIMIT_BYTES:
            self._on_drop(1)
            return
        text = orjson.dumps(line, default=str, option=_LINE)
        self._size += len(text)
        pending = self._pending
        for file in files:
            if file in pending:
                pending[file].append(text)

    def start(self) -> None:
        """Begin to write in the background of the running event loop."""
        self._task = asyncio.create_task(self._write_forever(), name="journal")

    async def _write_forever(self) -> None:
        quiet, said = 0, monotonic()
        while True:
            await asyncio.sleep(_FLUSH_INTERVAL_S)
            quiet += 1
            if is_busy := bool(self._size or self._requests):
                said = monotonic()
            elif monotonic() - said >= HEARTBEAT_S:
                self.event("INFO", "alive")
            if is_busy or self._size or quiet >= _LOOK_AT_LEAST_EVERY:
                quiet = 0
                await self._flush()

    async def stop(self) -> None:
        """Write what is left and close the files."""
        await cancel_all([self._task])
        await self._flush()
        self._thread.shutdown(wait=False)
        for handle in self._files:
            os.close(handle)

    async def _flush(self) -> None:
        """Write what was noted, in a thread that does nothing else."""
        loop, taken = asyncio.get_running_loop(), self._take()
        lost = await loop.run_in_executor(self._thread, self._write, *taken)
        if lost:
            self._on_drop(lost)

    def _take(self) -> tuple[list[Access], list[Access], dict[str, list[bytes]]]:
        """Return what is to be written, and begin anew."""
        accesses, self._requests = self._requests, []
        faults, self._faults = self._faults, []
        pending, self._pending = self._pending, {file: [] for file in self._pending}
        self._size = 0
        return accesses, faults, pending

    def _open_moved_anew(self) -> None:
        """Go on in a new file where ours was renamed or removed: so that logs can be rotated.

        The handle keeps its number, so nobody else has to know.
        """
        for handle, path in self._files.items():
            with contextlib.suppress(OSError):  # no room for a new file: the old one goes on
                if not _is_still(handle, path):
                    fresh = _opened(path)
                    os.dup2(fresh, handle, inheritable=False)
                    os.close(fresh)

    def _write(
        self, accesses: list[Access], faults: list[Access], pending: dict[str, list[bytes]]
    ) -> int:
        """Write lines to all their targets; return how many are missing from one of them or more.

        What is in the log of everything counts there alone, where it is most likely missed.
        """
        self._open_moved_anew()
        if accesses:
            offset = time() - monotonic()
            lines = self._lines.of(accesses, offset)
            for file in (EVERYTHING, PERFORMANCE):
                pending.get(file, []).append(lines)
            if faults:
                pending.get(ERRORS, []).append(self._lines.of(faults, offset))
        lost = 0
        for file, texts in pending.items():
            if texts:
                data = b"".join(texts)
                lost = max(lost, *(self._append(handle, data) for handle in self._targets[file]))
        return lost

    def _append(self, handle: int, data: bytes) -> int:
        """Write lines to a file; return how many did not get there whole."""
        if handle in self._broken_off:  # the rest of a line is not there: begin a new one
            data = b"\n" + data
        written = _write_all(handle, data)
        if written == len(data):
            self._broken_off.discard(handle)
            return 0
        if written:
            is_whole = data[written - 1 : written] == b"\n"
            (self._broken_off.discard if is_whole else self._broken_off.add)(handle)
        return data.count(b"\n", written)


def _opened(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)


def _is_still(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _write_all(handle: int, data: bytes) -> int:
    """Return how many bytes could be written."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(handle, rest) :]
        except OSError:  # a closed pipe or a full disk must not end the service
            break
    return len(data) - len(rest)


class JournalHandler(logging.Handler):
    """Brings what libraries log, from WARNING up, into the same files."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(level=logging.WARNING)
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record of a library."""
        level: Level = "ERROR" if record.levelno >= logging.ERROR else "WARNING"
        fields = {"logger": record.name, "message": record.getMessage()}
        if record.exc_info and record.exc_info[1] is not None:
            fields["error"] = type(record.exc_info[1]).__name__
        self._journal.event(level, "library", **fields)
