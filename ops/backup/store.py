"""Where backups survive their house: a store elsewhere, in restic if that is there, or folders."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from kit.pure.errors import BadInputError, RefusedError, UnreachableError
from ops.backup.checking import check
from ops.backup.folder import DamagedError, Entry, State, look, sync_folder
from ops.backup.folder_store import FolderStore
from ops.backup.manifest import Manifest
from ops.backup.progress import Progress
from ops.backup.restic_store import ResticStore
from ops.backup.retention import Retention, removable

PLAIN: Final = "folder:"
_PASSWORDS: Final = ("RESTIC_PASSWORD_FILE", "RESTIC_PASSWORD_COMMAND", "RESTIC_PASSWORD")


class Store(Protocol):
    """Keeps backups by name; each is there as a whole or not at all."""

    @property
    def note(self) -> str:
        """Return what kind of store it is."""

    def is_new(self) -> bool:
        """Say whether nothing was kept yet: so looks a store whose disk is not mounted, too."""

    def names(self) -> list[str]:
        """Return what is kept, the newest first."""

    def put(self, path: Path, also: Sequence[Path]) -> None:
        """Keep a backup's folder under its name, and other paths beside it."""

    def get(self, name: str, into: Path) -> Path:
        """Bring a backup into a new folder and return where it is in it."""

    def audit(self, *, read_data: bool) -> list[str]:
        """Return what is damaged; `read_data` reads every byte."""

    def manifest(self, name: str) -> Manifest | None:
        """Return what a backup says of itself, None where that cannot be read."""

    def remove(self, names: Sequence[str]) -> None:
        """Remove backups, with what was kept beside them, and what was left half done."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A backup that came back, verified; `was_here` says that it was here before."""

    entry: Entry
    documents: int
    was_here: bool


def store_at(place: str, environment: Mapping[str, str]) -> Store:
    """Return the store at a place: `folder:PATH`, or any repository that restic knows.

    Raises BadInputError where none or no key is named, UnreachableError where restic is needed.
    """
    if not place:
        raise BadInputError(
            "no store is named", hint="give --store, or set SRE_BACKUP_STORE: s3:…, sftp:…, /mnt/x"
        )
    if place.startswith(PLAIN):
        return FolderStore(Path(place.removeprefix(PLAIN)))
    has_restic, is_path = shutil.which("restic") is not None, ":" not in place
    if not has_restic and is_path and not (Path(place) / "config").exists():
        return FolderStore(Path(place), "restic is not installed: plain folders, not encrypted")
    if not has_restic:
        raise UnreachableError(
            f"the store {place.partition(':')[0]} needs restic", hint="apt-get install restic"
        )
    if not any(environment.get(name) for name in _PASSWORDS):
        raise BadInputError(
            "no key of the store is named",
            hint="set RESTIC_PASSWORD_FILE to a file with the key; keep a copy elsewhere: "
            "without it nothing can be restored",
        )
    return ResticStore(place)


def upload(
    store: Store, entry: Entry, also: Sequence[Path], keep: int | None, progress: Progress
) -> list[str]:
    """Verify a backup, keep it in a store, and let older ones go; return which are gone.

    Nothing is removed before the new one is there, nor what newer ones do not hold.
    """
    _check_whole(entry, progress)
    names = [path.resolve().name for path in also]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise BadInputError(
            f"two paths are both called {twice!r}: one would replace the other",
            hint="keep the folder that holds both",
        )
    for path in also:
        if not path.exists():
            raise BadInputError(f"{path} is not there", hint="correct --also")
    store.put(entry.path, also)
    if entry.name not in store.names():
        raise DamagedError(f"the store does not list {entry.name}", hint="sre backup audit")
    return _let_go(store, entry.name, keep) if keep is not None else []


def _let_go(store: Store, new: str, keep: int) -> list[str]:
    """Remove what so many newer ones stand for; one that cannot be read is for a person."""
    names = store.names()
    if len(names) <= keep:
        return []
    kept = [Entry(Path(name), State.OK, store.manifest(name), 0) for name in names]
    gone = removable(kept, Retention(newest=keep), datetime.now(UTC))
    removed = [each.name for each in gone if each.name != new]
    store.remove(removed)
    return removed


def fetch(store: Store, name: str, root: Path, progress: Progress) -> Fetched:
    """Bring a backup back, verify it, and only then give it its name here."""
    names = store.names()
    wanted = name or (names[0] if names else "")
    if wanted not in names:
        raise BadInputError(
            f"the store has no backup {wanted!r}" if wanted else "the store has no backup",
            hint=f"it has {', '.join(names[:5])}" if names else "sre backup upload sends one",
        )
    final = root / wanted
    if final.exists():
        here = look(final)
        found = check(here, progress)
        if not found.is_whole:
            raise RefusedError(f"{final} is there and damaged", hint="move it away, fetch again")
        return Fetched(here, found.documents, was_here=True)
    root.mkdir(parents=True, exist_ok=True)
    aside = root / f"{wanted}-fetched.partial"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    try:
        came = store.get(wanted, aside)
        checked = _check_whole(look(came), progress)
        came.rename(final)
        sync_folder(root)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Fetched(look(final), checked, was_here=False)


def _check_whole(entry: Entry, progress: Progress) -> int:
    checked = check(entry, progress)
    if not checked.is_whole:
        first = checked.damage[0]
        raise DamagedError(
            f"{entry.name} is damaged: {first.file}: {first.problem}",
            hint="choose another backup: sre backup list --verify",
        )
    return checked.documents
