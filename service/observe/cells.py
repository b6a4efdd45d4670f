"""Numbers that several worker processes add to and any one of them can sum.

Every series of the service is known when it starts, so each has a fixed place in one array of
doubles. With a folder, a worker's array is a memory-mapped file there: another worker can read
it at any time, and the counts of a worker that was killed are still there.
"""

import contextlib
import fcntl
import hashlib
import mmap
import os
import struct
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

_HEADER: Final = struct.Struct("<16sqq")  # layout digest, process id, its start in clock ticks
_HEADER_BYTES: Final = 64  # keeps the doubles aligned
Fold = Callable[[Sequence[Sequence[float]]], "array[float]"]


class Cells:
    """The array of this worker, and the arrays of the others.

    `names` says what each cell counts; only files with exactly the same names are added up.
    `own` is the flat array: `cells.own[i] += 1.0` is the whole cost of counting. `fold` makes one
    array of what several workers that are gone have left.
    """

    def __init__(
        self,
        kind: str,
        names: Sequence[str],
        directory: Path | None,
        *,
        fold: Fold | None = None,
    ) -> None:
        self._kind = kind
        self._digest = hashlib.blake2s("\n".join(names).encode(), digest_size=16).digest()
        self._size, self._directory = len(names), directory
        self.own: memoryview[float]
        if directory is None:
            self.own = memoryview(bytearray(8 * self._size)).cast("d")
        else:
            directory.mkdir(parents=True, exist_ok=True)
            _retire_the_dead(directory, kind, self._digest, self._size, fold or _added)
            self.own = self._map_own_file(directory)

    def _map_own_file(self, directory: Path) -> "memoryview[float]":
        path = directory / f"{self._kind}-{os.getpid()}.cells"
        total = _HEADER_BYTES + 8 * self._size
        with path.open("w+b") as file:
            file.truncate(total)
            mapped = mmap.mmap(file.fileno(), total)
        mapped[: _HEADER.size] = _HEADER.pack(self._digest, os.getpid(), _started(os.getpid()))
        return memoryview(mapped)[_HEADER_BYTES:].cast("d")

    def living(self) -> list[tuple[int, Sequence[float]]]:
        """Return process id and values of each worker that runs, this one included."""
        mine = (os.getpid(), self.own)
        if self._directory is None:
            return [mine]
        with _locked(self._directory, fcntl.LOCK_SH):
            everyone = list(_read_all(self._directory, self._kind, self._digest, self._size))
        return [mine, *((pid, v) for pid, alive, v in everyone if alive and pid != mine[0])]

    def dead(self) -> list[Sequence[float]]:
        """Return the values that workers which no longer run have left behind."""
        if self._directory is None:
            return []
        with _locked(self._directory, fcntl.LOCK_SH):
            everyone = list(_read_all(self._directory, self._kind, self._digest, self._size))
        return [v for _, alive, v in everyone if not alive]


def _read_all(
    directory: Path, kind: str, digest: bytes, size: int
) -> Iterator[tuple[int, bool, Sequence[float]]]:
    for path in sorted(directory.glob(f"{kind}-*.cells")):
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # another worker has just retired it
            continue
        if len(content) != _HEADER_BYTES + 8 * size:
            continue
        found, pid, started = _HEADER.unpack_from(content)
        if found == digest:
            yield pid, pid > 0 and _started(pid) == started, array("d", content[_HEADER_BYTES:])


@contextlib.contextmanager
def _locked(directory: Path, kind: int) -> Iterator[None]:
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, kind)
        yield


def _added(columns: Sequence[Sequence[float]]) -> "array[float]":
    return array("d", (sum(column) for column in zip(*columns, strict=True)))


def _retire_the_dead(directory: Path, kind: str, digest: bytes, size: int, fold: Fold) -> None:
    """Fold the files of workers that no longer run into one, so that they do not pile up."""
    with _locked(directory, fcntl.LOCK_EX):
        left = [(pid, v) for pid, alive, v in _read_all(directory, kind, digest, size) if not alive]
        if not left:
            return
        total = fold([values for _, values in left])
        header = _HEADER.pack(digest, 0, 0).ljust(_HEADER_BYTES, b"\0")
        fresh = directory / f"{kind}.new"
        fresh.write_bytes(header + total.tobytes())
        for pid, _ in left:
            if pid > 0:
                (directory / f"{kind}-{pid}.cells").unlink(missing_ok=True)
        fresh.replace(directory / f"{kind}-retired.cells")


def _started(pid: int) -> int:
    """Return when a process started, in clock ticks since boot; -1 when it does not run."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return -1
    return int(stat.rpartition(")")[2].split()[19])
