"""Rotate, compress, keep and remove log files without losing a line.

A log is renamed, and whoever writes it opens the file anew when it sees that its own has gone.
Only when the kernel says that nobody writes into the renamed file any more is it compressed,
compared and removed. Whatever interrupts this leaves plain files, with which the next run goes on.
"""

import contextlib
import gzip
import hashlib
import itertools
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from kit.edge.log_files import ROTATED, STAMP
from ops.backup.folder import sync_folder
from ops.maintenance.open_files import wait_until_closed
from ops.maintenance.step import Step

_PARTIAL: Final = ".partial"
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """When a log is rotated, how long compressed ones stay, and how long writers may take."""

    over_bytes: int = 100_000_000
    keep_days: float = 30.0
    wait_s: float = 10.0


class StillWrittenError(Exception):
    """A rotated log is still written into; it stays as it is."""


def steps(folder: Path, archive: Path | None, limits: Limits, now: datetime) -> list[Step]:
    """Return what is to be done; where there is an archive, only what is whole in it is removed."""
    archived: dict[str, bytes] | None = None if archive is None else {}
    rotate = [
        Step(f"rotate and compress {path.name} ({_size(path):,} bytes)",
             partial(_rotate, path, limits, now))
        for path in sorted(folder.glob("*.log"))
        if not ROTATED.search(path.name) and _size(path) > limits.over_bytes
    ]  # fmt: skip
    compress = [
        Step(f"compress {path.name}, left by an earlier run", partial(_compress, path, limits))
        for path in sorted(folder.glob("*.log"))
        if ROTATED.search(path.name)
    ]
    old = [
        Step(f"remove {path.name} of {_changed_at(path, now):%Y-%m-%d}",
             partial(_remove, path, archived))
        for path in sorted(folder.glob("*.log.gz"))
        if _changed_at(path, now) < now - timedelta(days=limits.keep_days)
    ]  # fmt: skip
    keep: list[Step] = []
    if archive is not None and archived is not None:
        place = _free(lambda more: archive / f"logs-{now:{STAMP}}{more}.tar.gz")
        keep = [Step(f"archive all logs as {place}", partial(_archive, folder, place, archived))]
    return [*compress, *rotate, *keep, *old]


def _rotate(path: Path, limits: Limits, now: datetime) -> str:
    """Move a log aside and compress it once nobody writes into it."""
    aside = _free(lambda more: path.with_name(f"{path.stem}.{now:{STAMP}}{more}.log"))
    path.rename(aside)
    return _compress(aside, limits)


def _free(name: Callable[[str], Path]) -> Path:
    """Return the first name, out of "", "-1" and so on, at which nothing is yet, packed or not."""
    numbered = (name(f"-{number}" if number else "") for number in itertools.count())
    return next(
        path
        for path in numbered
        if not path.exists() and not path.with_name(f"{path.name}.gz").exists()
    )


def _compress(path: Path, limits: Limits) -> str:
    if not wait_until_closed(path, within_s=limits.wait_s):
        raise StillWrittenError(
            f"{path.name} is still written into; no line is lost, and the next run compresses it. "
            "Restart what writes it if it does not open its logs anew"
        )
    final = path.with_name(f"{path.name}.gz")
    with _whole_or_not(final) as out, path.open("rb") as source:
        before = os.fstat(source.fileno())
        digest = _copy(source, out)
    if _digest_of_gzip(final) != digest or path.stat().st_size != before.st_size:
        final.unlink()
        raise StillWrittenError(f"{path.name} changed while it was compressed; it stays as it is")
    os.utime(final, ns=(before.st_atime_ns, before.st_mtime_ns))
    final.chmod(before.st_mode & 0o777)
    path.unlink()
    return f"{before.st_size:,} bytes became {_size(final):,} in {final.name}"


def _copy(source: BinaryIO, out: BinaryIO) -> bytes:
    digest = hashlib.sha256()
    with gzip.GzipFile(filename="", fileobj=out, mode="wb", compresslevel=6) as packed:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            packed.write(chunk)
    return digest.digest()


def _digest_of_gzip(path: Path) -> bytes:
    with gzip.open(path) as source:
        return hashlib.file_digest(source, "sha256").digest()


def _archive(folder: Path, place: Path, archived: dict[str, bytes]) -> str:
    """Write all logs into one file, each up to its last whole line, and read it back.

    Only then are their digests noted in `archived`, by name.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    found = sorted([*folder.glob("*.log"), *folder.glob("*.log.gz")])
    written: dict[str, bytes] = {}
    with _whole_or_not(place) as out, tarfile.open(fileobj=out, mode="w:gz") as packed:
        for path in found:
            with path.open("rb") as source:
                entry = packed.gettarinfo(arcname=f"logs/{path.name}", fileobj=source)
                entry.size = _whole_lines(source) if path.suffix == ".log" else entry.size
                source.seek(0)
                hashing = _Hashing(source)
                packed.addfile(entry, hashing)  # type: ignore[arg-type]  # it only reads
                written[path.name] = hashing.sha256.digest()
    if _read_back(place) != written:
        place.unlink()
        raise OSError(f"{place} does not read back as it was written")
    archived |= written
    return f"{len(written)} files, {_size(place):,} bytes"


class _Hashing:
    """Reads from a file and hashes what was read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self.sha256 = source, hashlib.sha256()

    def read(self, size: int) -> bytes:
        chunk = self._source.read(size)
        self.sha256.update(chunk)
        return chunk


def _read_back(place: Path) -> dict[str, bytes]:
    """Return the digest of each file in an archive, by name; nothing of one that is damaged.

    It is read to its end, where the checksum of all of it stands: names and times count, too.
    """
    found = {}
    try:
        with gzip.open(place) as whole, tarfile.open(fileobj=whole, mode="r:") as packed:
            for entry in packed:
                if content := packed.extractfile(entry):
                    name = entry.name.removeprefix("logs/")
                    found[name] = hashlib.file_digest(content, "sha256").digest()  # type: ignore[arg-type]
            while whole.read(_CHUNK):
                pass
    except (gzip.BadGzipFile, tarfile.TarError, zlib.error, EOFError):
        return {}
    return found


def _whole_lines(source: BinaryIO) -> int:
    """Return how many bytes of a log that grows are whole lines."""
    end = os.fstat(source.fileno()).st_size
    at = end
    while at > 0:
        begin = max(at - _CHUNK, 0)
        source.seek(begin)
        found = source.read(at - begin).rfind(b"\n")
        if found >= 0:
            return begin + found + 1
        at = begin
    return 0


@contextlib.contextmanager
def _whole_or_not(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that gets its name when it is whole and on the disk, else is removed."""
    partial_path = path.with_name(f".{path.name}{_PARTIAL}")
    try:
        with partial_path.open("wb") as out:
            partial_path.chmod(0o600)
            yield out
            out.flush()
            os.fsync(out.fileno())
        partial_path.rename(path)
        sync_folder(path.parent)
    finally:
        partial_path.unlink(missing_ok=True)


def _remove(path: Path, archived: Mapping[str, bytes] | None) -> str:
    """Remove a log; where logs are archived, only one that is in the archive as it is here."""
    if archived is not None:
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").digest()
        if archived.get(path.name) != digest:
            raise OSError(f"{path.name} is in no archive that reads back; it stays")
    path.unlink()
    return ""


def _size(path: Path) -> int:
    return path.stat().st_size


def _changed_at(path: Path, now: datetime) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo)
