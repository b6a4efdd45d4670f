"""A store in restic: encrypted, each byte kept once, on whatever restic can reach.

The key comes from restic's own variables, and is never on a command line.
"""

import json
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kit.edge.ending import die_with_parent
from kit.pure.errors import BadInputError, HarnessError, RefusedError, UnreachableError
from kit.pure.json_values import JsonMapping
from kit.pure.urls import masked
from ops.backup.manifest import MANIFEST, Manifest, NoManifestError, manifest_of, seal_of

_TAG: Final = "sre-backup"
_ALSO: Final = "sre-backup-also"
_LOST_KEY: Final = ("Resolving password failed", "empty password", "no password")
_NO_STORE: Final = ("unable to open config file", "Is there a repository", "does not exist")
_LOCKED: Final = "already locked"
_FULL: Final = ("no space left on device", "file too large", "disk quota exceeded")
_ABSENT: Final = "not found in snapshot"
_COUNTED: Final = "Fatal: There were "
_TRIES, _WAIT_S = 5, 0.5
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class ResticStore:
    """Backups as snapshots of a repository, each tagged with its name."""

    repository: str
    note: str = "encrypted by restic"

    def is_new(self) -> bool:
        """Say whether there is no repository yet."""
        done = self._process(["cat", "config"], None)
        if done.returncode == 0:
            return False
        if not any(words in done.stderr for words in _NO_STORE) or _is_key(done.stderr):
            raise self._error(done.stderr)
        return True

    def names(self) -> list[str]:
        """Return what is kept, the newest first."""
        self._run("unlock")  # what was killed has left a lock; only dead ones are removed
        found: Any = json.loads(self._run("snapshots", "--json", "--tag", _TAG) or "null") or []
        names = {_name_of(each) for each in found}
        return sorted((name for name in names if name), reverse=True)

    def put(self, path: Path, also: Sequence[Path]) -> None:
        """Keep a backup, and other paths in a snapshot of their own; makes the repository first."""
        if self.is_new():
            self._run("init", "--quiet")
        self._run("unlock")
        tags = f"{_TAG},{path.name}"
        self._run("backup", "--quiet", "--tag", tags, path.name, folder=path.parent)
        if also:
            paths = [str(each.resolve()) for each in also]
            self._run("backup", "--quiet", "--tag", f"{_ALSO},{path.name}", *paths)

    def get(self, name: str, into: Path) -> Path:
        """Bring a backup back into a folder."""
        self._run("restore", "latest", "--tag", f"{_TAG},{name}", "--target", str(into))
        return into / name

    def audit(self, *, read_data: bool) -> list[str]:
        """Return what restic finds damaged."""
        self._run("unlock")
        words = ["check", *(["--read-data"] if read_data else [])]
        done = self._process(words, None)
        if done.returncode == 0:
            return []
        if (error := _known(done.stderr, self.repository)) is not None:
            raise error
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        shown = [masked(line)[:_LONGEST] for line in lines]
        return shown or ["restic check fails and says nothing"]

    def manifest(self, name: str) -> Manifest | None:
        """Return what a backup says of itself; restic has looked at its bytes."""
        wanted = ("--tag", f"{_TAG},{name}", "latest", f"/{name}/{MANIFEST}")
        try:
            text = self._run("dump", *wanted).encode()
            return manifest_of(text, seal_of(text))
        except NoManifestError:
            return None
        except UnreachableError as err:
            if _ABSENT not in str(err):
                raise
            return None

    def remove(self, names: Sequence[str]) -> None:
        """Remove backups, with what was kept beside them."""
        for name in names:
            for tag in (_TAG, _ALSO):
                found: Any = json.loads(
                    self._run("snapshots", "--json", "--tag", f"{tag},{name}") or "null"
                )
                if found:
                    self._run("forget", "--quiet", *(str(each["id"]) for each in found))
        if names:
            self._run("prune", "--quiet")

    def _run(self, *words: str, folder: Path | None = None) -> str:
        for left in reversed(range(_TRIES)):
            done = self._process(words, folder)
            if done.returncode == 0:
                return done.stdout
            if _LOCKED not in done.stderr or not left:
                break
            time.sleep(_WAIT_S)  # who was killed a moment ago is perhaps not quite dead
            self._process(["unlock"], None)
        raise self._error(done.stderr)

    def _process(
        self, words: Sequence[str], folder: Path | None
    ) -> "subprocess.CompletedProcess[str]":
        command = ("restic", "--repo", self.repository, "--no-cache", *words)
        try:
            return subprocess.run(
                command, cwd=folder, capture_output=True, text=True, check=False,
                stdin=subprocess.DEVNULL, preexec_fn=die_with_parent,
            )  # fmt: skip
        except OSError as err:
            raise UnreachableError(f"restic: {err}", hint="apt-get install restic") from err

    def _error(self, said: str) -> HarnessError:
        known = _known(said, self.repository)
        hint = "is the store there, and has it room?"
        if any(words in said for words in _FULL):
            hint = "make room where that file would be"
        return known or UnreachableError(f"restic: {_last(said)}", hint=hint)


def _known(said: str, repository: str) -> HarnessError | None:
    """Return the error of what restic says, where that is one of the usual ones."""
    if "wrong password" in said:
        hint = "RESTIC_PASSWORD_FILE names another store's key"
        return BadInputError("the key does not open the store", hint=hint)
    if _is_key(said):
        return BadInputError(
            f"the key cannot be read: {_last(said)}",
            hint="without it nothing can be restored: bring its copy back to RESTIC_PASSWORD_FILE",
        )
    if _LOCKED in said:
        return RefusedError("somebody else works on the store", hint="wait; restic unlock if not")
    if any(words in said for words in _NO_STORE):
        where = masked(repository)
        return UnreachableError(f"there is no store at {where}", hint="is the disk mounted?")
    return None


def _is_key(said: str) -> bool:
    return any(words in said for words in _LOST_KEY)


def _name_of(snapshot: JsonMapping) -> str:
    return next((str(tag) for tag in snapshot.get("tags") or () if tag != _TAG), "")


def _last(said: str) -> str:
    """Return the line that says why; where restic only counts errors at its end it is the first."""
    lines = [line for line in said.splitlines() if line.strip()] or ["it says nothing"]
    return masked(lines[0 if lines[-1].startswith(_COUNTED) else -1])[:_LONGEST]
