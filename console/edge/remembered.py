"""What was made of a file is remembered for as long as the file is the same."""

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final, Generic, TypeVar

_MOST: Final = 20_000
T = TypeVar("T")


class Remembered(Generic[T]):
    """What `make` makes of files; a file is the same while nothing of its `stat` changes.

    Time and size alone are kept by copies that preserve them, and by a change of permissions.
    """

    def __init__(self, make: Callable[[Path], T]) -> None:
        self._make = make
        self._found: OrderedDict[Path, tuple[tuple[int, ...], T]] = OrderedDict()
        self._lock = Lock()

    def of(self, path: Path) -> T:
        """Return what was made of a file, or make it. Raises OSError where there is none."""
        stat = path.stat()
        seen = (stat.st_mtime_ns, stat.st_size, stat.st_ctime_ns, stat.st_ino)
        with self._lock:
            known = self._found.get(path)
            if known is not None and known[0] == seen:
                self._found.move_to_end(path)
                return known[1]
        made = self._make(path)
        with self._lock:
            self._found[path] = (seen, made)
            self._found.move_to_end(path)
            if len(self._found) > _MOST:
                self._found.popitem(last=False)
        return made
