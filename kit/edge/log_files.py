"""Which files of a folder are one log: what is written now, and what was rotated away from it.

`sre maintain logs` renames `api.log` to `api.STAMP.log` and packs that as
`api.STAMP.log.gz`; logrotate has `api.log.1.gz` and `api-DATE.log`.
Whoever reads logs finds them here: checks, evidence, timeline.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

STAMP: Final = "%Y%m%dT%H%M%SZ"
ROTATED: Final = re.compile(r"\.\d{8}T\d{6}Z(-\d+)?\.log$")
"""What our own rotation leaves until it is packed."""
PACKED: Final = ".gz"
_Which = tuple[int, int]
_NUMBER: Final = r"(?:[-.]\d[\dTZ-]*)?"


def files_of(folder: Path, name: str, *, since: datetime | None = None) -> list[Path]:
    """Return a log and its rotated files, oldest first; with `since` those written since then.

    Of a file that stands there plain and packed, as when packing was interrupted, only the plain
    one is meant.
    """
    wanted = re.compile(rf"{re.escape(name.removesuffix('.log'))}{_NUMBER}\.log{_NUMBER}(?:\.gz)?")
    found = {path: _changed_s(path) for path in folder.glob("*") if wanted.fullmatch(path.name)}
    least_s = float("-inf") if since is None else since.timestamp()
    chosen = [(at_s, path.name, path) for path, at_s in _once(found).items() if at_s >= least_s]
    return [path for _, _, path in sorted(chosen)]


class Unread:
    """The files of a log, each once, oldest first; renamed ones by their new names.

    A log that is rotated while it is read goes on under other names: so the folder is looked at
    again until nothing is new. Whoever opened one asks `is_new`, and may find that it is none, or
    gone; one that cannot be read is given up.
    """

    def __init__(self, folder: Path, name: str, *, since: datetime | None = None) -> None:
        self._folder, self._name, self._since = folder, name, since
        self._done: set[_Which] = set()

    def __iter__(self) -> Iterator[Path]:
        """Yield where to find those that are left."""
        shown: set[_Which] = set()
        while left := self._left(shown):
            shown |= left.keys()
            yield from left.values()

    def is_new(self, file: BinaryIO) -> bool:
        """Return whether a file that was opened is read for the first time, and note that it is."""
        which = _identity(os.fstat(file.fileno()))
        is_new = which not in self._done
        self._done.add(which)
        return is_new

    def give_up(self, path: Path) -> None:
        """Look at a file no more."""
        with suppress(FileNotFoundError):
            self._done.add(_identity(path.stat()))

    def _left(self, shown: set[_Which]) -> dict[_Which, Path]:
        """Return what is not read yet.

        What was packed meanwhile was read before that, unless one that was shown is gone unread.
        """
        there: dict[_Which, Path] = {}
        for path in files_of(self._folder, self._name, since=self._since):
            with suppress(FileNotFoundError):  # renamed: then it is found by that name
                there[_identity(path.stat())] = path
        takes_packed = not shown or bool(shown - self._done - there.keys())
        return {
            which: path
            for which, path in there.items()
            if which not in self._done and (takes_packed or which in shown or path.suffix != PACKED)
        }


def _identity(found: os.stat_result) -> _Which:
    return found.st_dev, found.st_ino


def _once(found: Mapping[Path, float | None]) -> dict[Path, float]:
    return {
        path: at_s
        for path, at_s in found.items()
        if at_s is not None and not (path.suffix == PACKED and path.with_name(path.stem) in found)
    }


def _changed_s(path: Path) -> float | None:
    """Return when a file was last written; None for none, as one rotated away just now."""
    try:
        return path.stat().st_mtime if path.is_file() else None
    except OSError:
        return None
