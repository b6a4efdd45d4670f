"""`traces.log`: the traces that no collector takes, rotated, and written by all workers."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

NAME: Final = "traces.log"
_MOST_BYTES: Final = 16 << 20
_OLDER: Final = 4


class TracesLog:
    """Appends whole lines; from `most_bytes` on goes on in a new file, and keeps four older ones.

    Workers take turns by a lock on the folder, so that none writes into what another renames.
    """

    def __init__(self, directory: Path, *, most_bytes: int = _MOST_BYTES) -> None:
        self._directory, self._most_bytes = directory, most_bytes
        self._path = directory / NAME
        directory.mkdir(parents=True, exist_ok=True)

    def append(self, lines: bytes) -> None:
        """Write lines, all of them or none; raises OSError, as for a full disk."""
        with self._in_turn(), self._opened() as handle:
            before = os.fstat(handle).st_size
            try:
                rest = memoryview(lines)
                while rest:
                    rest = rest[os.write(handle, rest) :]
            except OSError:
                os.ftruncate(handle, before)  # half a line would spoil the next one
                raise
            if before + len(lines) >= self._most_bytes:
                self._rotate()

    @contextlib.contextmanager
    def _in_turn(self) -> Iterator[None]:
        folder = os.open(self._directory, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            yield handle
        finally:
            os.close(handle)

    def _rotate(self) -> None:
        for number in range(_OLDER, 0, -1):
            newer = self._path.with_name(f"{NAME}.{number - 1}") if number > 1 else self._path
            with contextlib.suppress(FileNotFoundError):
                newer.replace(self._path.with_name(f"{NAME}.{number}"))
