"""Backups as folders: one comes into being beside its name and gets the name when it is whole."""

import contextlib
import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from kit.edge.writing import unwritable
from kit.pure.errors import BadInputError, HarnessError
from ops.backup.blocks import BlockWriter, Written
from ops.backup.manifest import (
    MANIFEST,
    SEAL,
    DataFile,
    Manifest,
    NoManifestError,
    manifest_of,
    seal_of,
    text_of,
)

UNFINISHED: Final = ".partial"


class State(StrEnum):
    """What a folder is without having read its data."""

    OK = "ok"
    UNFINISHED = "unfinished"
    BEING_WRITTEN = "being written"
    DAMAGED = "damaged"


class DamagedError(HarnessError):
    """A backup is not whole (exit code 1)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder among the backups; `problem` says why it is not `ok`."""

    path: Path
    state: State
    manifest: Manifest | None
    size_bytes: int
    problem: str = ""

    @property
    def name(self) -> str:
        """Return how it is called on the command line."""
        return self.path.name


class Unfinished:
    """A backup that is being written."""

    def __init__(self, path: Path, final: Path) -> None:
        self.path, self._final = path, final

    @property
    def name(self) -> str:
        """Return the name that it will have."""
        return self._final.name

    @contextlib.contextmanager
    def writer(self, name: str) -> Iterator[tuple[BlockWriter, list[DataFile]]]:
        """Yield a writer, and a list in which the finished file is found after the block."""
        done: list[DataFile] = []
        with _new_file(self.path / name) as out:
            writer = BlockWriter(out)
            yield writer, done
            written = writer.finish()
            _sync(out)
        done.append(_data_file(name, written))

    def finish(self, manifest: Manifest) -> Path:
        """Seal the backup and give it its name; every byte is on the disk before that."""
        text = text_of(manifest)
        for name, content in ((SEAL, seal_of(text)), (f".{MANIFEST}", text)):
            with _new_file(self.path / name) as out:
                out.write(content)
                _sync(out)
        (self.path / f".{MANIFEST}").rename(self.path / MANIFEST)
        sync_folder(self.path)
        self.path.rename(self._final)
        sync_folder(self._final.parent)
        return self._final


@contextlib.contextmanager
def new_backup(root: Path, name: str) -> Iterator[Unfinished]:
    """Yield a new backup to write into; it is removed when the block fails.

    It is locked while it is written, so that others can tell it from one that was left behind.
    Raises BadInputError when the place cannot be written or is full.
    """
    path = root / f"{name}{UNFINISHED}"
    try:
        root.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700)
    except OSError as err:
        raise unwritable(path, err) from err
    lock = os.open(path, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # not every network file system can
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield Unfinished(path, root / name)
    except OSError as err:
        if err.filename is None and not err.errno:
            raise
        raise unwritable(Path(err.filename or path), err) from err
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def name_at(now: datetime, suffix: str) -> str:
    """Return the name of a backup begun at a moment, such as 20260131T235900Z-1f3c."""
    return f"{now:%Y%m%dT%H%M%SZ}-{suffix}"


def look(path: Path) -> Entry:
    """Return what a folder is, from its manifest and the sizes of its files."""
    size = _size(path)
    if path.name.endswith(UNFINISHED):
        state = State.BEING_WRITTEN if _is_locked(path) else State.UNFINISHED
        return Entry(path, state, None, size, "it was never finished")
    if not (path / MANIFEST).is_file():
        return Entry(path, State.UNFINISHED, None, size, f"it has no {MANIFEST}")
    try:
        manifest = manifest_of(_read(path / MANIFEST), _read(path / SEAL))
    except (NoManifestError, OSError) as err:
        reason = err if isinstance(err, NoManifestError) else f"{err.filename}: {err.strerror}"
        return Entry(path, State.DAMAGED, None, size, f"{MANIFEST}: {reason}")
    problem = next(filter(None, (_wrong_size(path, file) for file in manifest.files())), "")
    return Entry(path, State.DAMAGED if problem else State.OK, manifest, size, problem)


def entries(root: Path) -> list[Entry]:
    """Return all backups of a folder, the newest first; one that is no folder raises."""
    if not root.is_dir():
        raise BadInputError(
            f"{root} is no folder of backups", hint="name it with --backup-dir or SRE_BACKUP_DIR"
        )
    found = [
        path
        for path in root.iterdir()
        if path.is_dir()
        and (path.name.endswith(UNFINISHED) or (path / SEAL).exists() or (path / MANIFEST).exists())
    ]
    return [look(path) for path in sorted(found, key=lambda path: path.name, reverse=True)]


def choose(place: Path, name: str, part: str) -> Entry:
    """Return the backup called `name`, else the newest that holds `part` and has its manifest.

    `place` may also be a backup itself. Raises BadInputError when there is none.
    """
    if (place / MANIFEST).exists() and not name:
        return look(place)
    found = entries(place)
    if name:
        for entry in found:
            if name in {entry.name, entry.name.removesuffix(UNFINISHED)}:
                return entry
        raise BadInputError(f"no backup {name!r} in {place}", hint="sre backup list shows them")
    for entry in found:
        if entry.state is State.DAMAGED or (entry.manifest and entry.manifest.holds(part)):
            return entry
    raise BadInputError(
        f"no finished backup of {part} in {place}", hint="make one with sre backup create"
    )


def _data_file(name: str, written: Written) -> DataFile:
    return DataFile(
        name=name,
        size_bytes=written.size_bytes,
        sha256=written.sha256,
        documents=written.documents,
        document_bytes=written.document_bytes,
        digest=written.digest,
        blocks=written.blocks,
    )


def _new_file(path: Path) -> BinaryIO:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(handle, "wb")


def _sync(out: BinaryIO) -> None:
    out.flush()
    os.fsync(out.fileno())


def sync_folder(path: Path) -> None:
    """Return when the names in a folder are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_locked(path: Path) -> bool:
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return sum(file.stat().st_size for file in path.iterdir() if file.is_file())
    return 0


def _read(path: Path) -> bytes:
    if not stat.S_ISREG(path.lstat().st_mode):
        raise NoManifestError(f"{path.name} is no plain file")
    return path.read_bytes()


def _wrong_size(path: Path, file: DataFile) -> str:
    try:
        found = (path / file.name).lstat()
    except OSError as err:
        return f"{file.name}: {err.strerror}"
    if not stat.S_ISREG(found.st_mode):
        return f"{file.name} is no plain file"
    if found.st_size != file.size_bytes:
        return f"{file.name} has {found.st_size:,} bytes instead of {file.size_bytes:,}"
    return ""
