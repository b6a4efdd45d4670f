"""A store of plain folders: each backup is copied beside its name and renamed when it is whole."""

import errno
import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kit.edge.writing import unwritable
from kit.pure.errors import HarnessError, UnreachableError
from ops.backup.checking import check
from ops.backup.folder import UNFINISHED, State, look, sync_folder
from ops.backup.manifest import SEAL, Manifest
from ops.backup.progress import nobody

_ALSO: Final = ".also"
_MOUNTED: Final = "is the disk mounted?"
_FORGOTTEN_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class FolderStore:
    """Backups as folders below `root`, as they are; whoever reads the disk reads them."""

    root: Path
    note: str = "plain folders, not encrypted"

    def is_new(self) -> bool:
        """Say whether nothing was kept yet."""
        try:
            return not self.root.is_dir() or not any(self.root.iterdir())
        except OSError:  # whoever writes there is told why
            return False

    def names(self) -> list[str]:
        """Return what is kept, the newest first."""
        if not self.root.is_dir():
            raise UnreachableError(f"{self.root} is not there", hint=_MOUNTED)
        try:
            found = [path for path in self.root.iterdir() if look(path).state is State.OK]
        except FileNotFoundError as err:  # it was there a moment ago
            raise UnreachableError(f"{self.root} is not there", hint=_MOUNTED) from err
        return sorted((path.name for path in found), reverse=True)

    def put(self, path: Path, also: Sequence[Path]) -> None:
        """Copy a backup, and other paths into NAME.also beside it."""
        if not self.root.parent.is_dir():
            raise UnreachableError(f"{self.root.parent} is not there", hint=_MOUNTED)
        self.root.mkdir(mode=0o700, exist_ok=True)
        there = self.root / path.name
        if not (_seal(there) == _seal(path) and check(look(there), nobody).is_whole):
            self._copied(path, there)
        for one in also:
            beside = self.root / f"{path.name}{_ALSO}"
            beside.mkdir(mode=0o700, exist_ok=True)
            self._copied(one, beside / one.resolve().name)

    def get(self, name: str, into: Path) -> Path:
        """Copy a backup into a folder."""
        shutil.copytree(self.root / name, into / name, copy_function=_copied_file)
        return into / name

    def audit(self, *, read_data: bool) -> list[str]:
        """Return which backups are damaged, and how."""
        found = []
        for path in sorted(self.root.iterdir()) if self.root.is_dir() else ():
            if not path.is_dir() or path.name.endswith((UNFINISHED, _ALSO)):
                continue
            entry = look(path)
            damage = check(entry, nobody).damage if read_data else ()
            if entry.state is not State.OK:
                found.append(f"{path.name}: {entry.problem}")
            found += [f"{path.name}/{one.file}: {one.problem}" for one in damage]
        return list(dict.fromkeys(found))

    def manifest(self, name: str) -> Manifest | None:
        """Return what a backup says of itself."""
        return look(self.root / name).manifest

    def remove(self, names: Sequence[str]) -> None:
        """Remove backups, and what was left half done."""
        self._tidy()
        for name in names:
            aside = self.root / f"{name}{UNFINISHED}"
            (self.root / name).rename(aside)  # so that half a removal does not look like a backup
            shutil.rmtree(aside)
            shutil.rmtree(self.root / f"{name}{_ALSO}", ignore_errors=True)

    def _tidy(self) -> None:
        """Remove what was left of copies and removals that ended more than a day ago."""
        oldest_s = time.time() - _FORGOTTEN_S
        for path in self.root.glob(f"*{UNFINISHED}"):
            if path.stat().st_mtime < oldest_s:
                _remove(path)

    def _copied(self, source: Path, final: Path) -> None:
        aside = final.with_name(f"{final.name}{UNFINISHED}")
        try:
            _remove(aside)
            if source.is_dir():
                shutil.copytree(source, aside, copy_function=_copied_file)
            else:
                _copied_file(str(source), str(aside))
            _sync(aside)
            _remove(final)
            aside.rename(final)
            sync_folder(final.parent)
        except (OSError, HarnessError) as err:
            _remove(aside)
            is_gone = isinstance(err, OSError) and err.errno == errno.ENOENT
            if is_gone or not self.root.is_dir():  # it was there a moment ago
                raise UnreachableError(f"{self.root} is not there", hint=_MOUNTED) from err
            if isinstance(err, HarnessError):
                raise
            raise unwritable(final, err) from err


def _seal(path: Path) -> bytes:
    try:
        return (path / SEAL).read_bytes()
    except OSError:
        return b""


def _copied_file(source: str, final: str) -> str:
    """Copy a file; what it raises is no OSError, which `copytree` would only collect."""
    try:
        return shutil.copy2(source, final)
    except OSError as err:
        if not Path(source).exists() or err.errno == errno.ENOENT:
            raise UnreachableError(f"{source} is not there any more", hint=_MOUNTED) from err
        raise unwritable(Path(final), err) from err


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    for one in [path, *path.rglob("*")] if path.is_dir() else [path]:
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
