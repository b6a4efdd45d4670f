"""The folder of rule files: changed whole or not at all, with its history beside it."""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from alerts.deploy.past import Entry
from kit.pure.errors import BadInputError, HarnessError, RefusedError
from kit.pure.json_values import from_json

_OURS: Final = ".sre-alerts"
_OWNERS: Final = "owners"
_NEW: Final = "back_to"  # which earlier releases did not write
_IDENTITY: Final = re.compile(r'\{"identity": "(\d{8}T\d{6}Z-[0-9a-f]+)"')


class StoreError(HarnessError):
    """The folder cannot be changed; it is as it was."""


@dataclass(frozen=True, slots=True)
class Store:
    """Rule files in `folder`; Prometheus's glob must not reach into `.sre-alerts` below it.

    Each owner has a history of its own there, and touches no file of another's.
    """

    folder: Path
    owner: str = ""
    """Whose files these are, where several services share the folder."""

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other deploy out; raises RefusedError when one is running."""
        if not self.folder.is_dir():
            raise BadInputError(
                f"no folder {self.folder}", hint="name the folder that rule_files points to"
            )
        with self._guard("lock"):
            self._home.mkdir(parents=True, exist_ok=True)
        with (self.folder / _OURS / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as err:
                lock.seek(0)
                holder = lock.read().strip() or "another process"
                raise RefusedError(
                    f"another deploy to {self.folder} is running ({holder})",
                    hint="wait until it has ended",
                ) from err
            lock.truncate(0)
            lock.write(f"process {os.getpid()}")
            lock.flush()
            yield

    def owned(self) -> dict[str, str]:
        """Return the files that the last deploy put there, as they are now."""
        names = self.history()[-1].files if self.history() else ()
        return {name: self._text(self.folder / name) for name in names if self._has(name)}

    def history(self) -> list[Entry]:
        """Return the deploys that succeeded, the oldest first.

        What a later release adds to an entry is passed over; an entry that lacks what this one
        needs raises BadInputError.
        """
        path = self._home / "history.jsonl"
        if not path.is_file():
            return []
        found = []
        for line in self._text(path).splitlines():
            try:
                value: dict[str, Any] = from_json(line)
            except ValueError:
                found += self._torn(line)
            else:
                found.append(_entry_of(value, path))
        return found

    def _torn(self, line: str) -> list[Entry]:
        """Return the deploy of a line that was cut short, from the set that was kept of it.

        Where a note remains the deploy did not end, and is undone by the next one.
        """
        identity = _IDENTITY.match(line)
        folder = self._home / "sets" / identity[1] if identity else None
        if identity is None or folder is None or not folder.is_dir() or self._note.is_file():
            return []
        files = tuple(sorted(path.name for path in folder.iterdir()))
        return [Entry(identity[1], _moment_of(identity[1]), "unknown", "unknown", files)]

    def interrupted(self) -> tuple[str, ...]:
        """Return the files of a deploy that was killed; the next one first puts back the old."""
        return self._noted()[1] if self._note.is_file() else ()

    def _noted(self) -> tuple[dict[str, str], tuple[str, ...]]:
        """Return what the note says was there before, and which files are new."""
        try:
            note = from_json(self._text(self._note))
            before, new = dict(note["before"]), tuple(map(str, note["new"]))
        except (ValueError, KeyError, TypeError) as err:
            raise BadInputError(
                f"{self._note}: the note of an interrupted deploy cannot be read: {err!r}",
                hint="look which rules are there, remove the note, then deploy again",
            ) from err
        return {str(name): str(text) for name, text in before.items()}, new

    def _text(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except OSError as err:
            raise BadInputError(
                f"cannot read {path}: {err.strerror}",
                hint="run it as who deploys here, or give that file to be read",
            ) from err
        except UnicodeDecodeError as err:
            raise BadInputError(
                f"{path}: is no text: {err}", hint="put back what was there, or remove it"
            ) from err

    def kept(self, identity: str) -> dict[str, str]:
        """Return the files of a deploy of the past."""
        folder = self._home / "sets" / identity
        if not folder.is_dir():
            raise BadInputError(
                f"the set {identity} is no longer kept in {folder.parent}",
                hint="go back to another: sre alerts history FOLDER",
            )
        return {path.name: self._text(path) for path in sorted(folder.iterdir())}

    def begin(self, files: Mapping[str, str]) -> None:
        """Note what is there now, then put the new files in place, each by one rename.

        The note stays until `finish` or `restore`: a deploy that was killed leaves it, and the
        next one restores from it.
        """
        before = {path.name: self._text(path) for path in self._touched(files)}
        with self._guard("write rules"):
            self._write(self._note, json.dumps({"before": before, "new": sorted(files)}))
            self._put(files, remove=before.keys() - files.keys())

    def restore(self) -> bool:
        """Put back what the note remembers; return whether there was one."""
        if not self._note.is_file():
            return False
        before, new = self._noted()
        with self._guard("put the old rules back"):
            self._put(before, remove=set(new) - before.keys())
            self._note.unlink()
        return True

    def finish(self, entry: Entry, files: Mapping[str, str]) -> None:
        """Keep the set and its history entry, and forget the note."""
        with self._guard("keep the history"):
            folder = self._home / "sets" / entry.identity
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in files.items():
                self._write(folder / name, text)
            path = self._home / "history.jsonl"
            torn = path.is_file() and not path.read_bytes().endswith(b"\n")
            with path.open("a", encoding="utf-8") as history:
                history.write("\n" if torn else "")  # else this line would be lost with that
                value = {slot: getattr(entry, slot) for slot in Entry.__slots__}
                history.write(json.dumps(value) + "\n")
                history.flush()
                os.fsync(history.fileno())
            self._note.unlink(missing_ok=True)

    def others(self) -> dict[str, str]:
        """Return whose each file is that another owner's last deploy put here."""
        root = self.folder / _OURS / _OWNERS
        owners = ["", *(path.name for path in sorted(root.glob("*")) if path.is_dir())]
        return {
            name: owner or "the first project"
            for owner in owners
            if owner != self.owner
            for entry in replace(self, owner=owner).history()[-1:]
            for name in entry.files
        }

    @property
    def _home(self) -> Path:
        ours = self.folder / _OURS
        return ours / _OWNERS / self.owner if self.owner else ours

    @property
    def _note(self) -> Path:
        return self._home / "interrupted.json"

    def _has(self, name: str) -> bool:
        return (self.folder / name).is_file()

    def _touched(self, files: Mapping[str, str]) -> list[Path]:
        names = {*files, *self.owned()}
        return [self.folder / name for name in sorted(names) if self._has(name)]

    def _put(self, files: Mapping[str, str], remove: Any) -> None:
        # All are written before the first is renamed, so that a full disk changes nothing.
        beside = {name: self._home / f"new-{name}.tmp" for name in files}
        try:
            for name, path in beside.items():
                self._write(path, files[name])
            for name, path in beside.items():
                path.replace(self.folder / name)
            for name in remove:
                (self.folder / name).unlink(missing_ok=True)
        finally:
            for path in beside.values():
                path.unlink(missing_ok=True)

    def _write(self, path: Path, text: str) -> None:
        beside = path.with_name(f"{path.name}.part")
        try:
            with beside.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _guard(self, doing: str) -> Iterator[None]:
        try:
            yield
        except OSError as err:
            free = shutil.disk_usage(self.folder).free if self.folder.is_dir() else 0
            raise StoreError(
                f"cannot {doing} in {self.folder}: {err.strerror} ({free} bytes free)",
                hint="make room or fix the permissions, then deploy again; the rules are unchanged",
            ) from err


def _entry_of(value: Mapping[str, Any], path: Path) -> Entry:
    try:
        known = {slot: value[slot] for slot in Entry.__slots__ if slot in value or slot != _NEW}
        return Entry(**known | {"files": tuple(known["files"])})
    except (KeyError, TypeError) as err:
        raise BadInputError(
            f"{path} has an entry that cannot be read: {err!r}",
            hint="if a later release deployed here, use that release",
        ) from err


def _moment_of(identity: str) -> str:
    at = datetime.strptime(identity.partition("-")[0], "%Y%m%dT%H%M%S%z")
    return at.isoformat(timespec="seconds")


def identity_of(when: datetime, files: Mapping[str, str]) -> str:
    """Return a name for a set: when it was deployed, and a digest of what it holds."""
    digest = hashlib.sha256(json.dumps(dict(sorted(files.items()))).encode()).hexdigest()[:8]
    return f"{when:%Y%m%dT%H%M%SZ}-{digest}"
