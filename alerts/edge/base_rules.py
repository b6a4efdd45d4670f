"""Rule files as they were at a revision of git."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from alerts.checks.run import Read
from alerts.checks.subject import Subject
from kit.pure.errors import BadInputError

_PATIENCE_S: Final = 60
_RENAMED_FIELDS: Final = 3


def rules_at(revision: str, paths: Iterable[Path]) -> tuple[Subject, ...]:
    """Return the rules that files held at a revision; a file that was not there held none.

    Raises BadInputError for a file outside of a repository, and for what is no revision.
    """
    texts: list[tuple[str, str]] = []
    for path in paths:
        folder = path.resolve().parent
        _known(revision, folder)
        old = _git(folder, "show", f"{revision}:./{path.resolve().name}")
        if old is None and (before := _renamed(revision, path.resolve())) is not None:
            old = _git(folder, "show", f"{revision}:{before}")
        if old is not None:
            texts.append((str(path), old))
    return Read.of(texts).rules


def _known(revision: str, folder: Path) -> None:
    if _git(folder, "rev-parse", "--show-toplevel") is None:
        raise BadInputError(
            f"--diff-base {revision}: {folder} is in no git repository",
            hint="leave it out, or check files of a repository",
        )
    if revision.startswith("-") or (
        _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") is None
    ):
        raise BadInputError(
            f"--diff-base {revision}: there is no such revision",
            hint="name a branch, a tag or a commit; in CI, is it fetched?",
        )


def _renamed(revision: str, path: Path) -> str | None:
    """Return what a file was called at a revision, below the top of its repository."""
    top = _git(path.parent, "rev-parse", "--show-toplevel")
    listed = _git(path.parent, "diff", "-M", "--name-status", "--diff-filter=R", revision)
    for line in (listed or "").splitlines():
        parts = line.split("\t")
        if top and len(parts) == _RENAMED_FIELDS and Path(top.strip()) / parts[2] == path:
            return parts[1]
    return None


def _git(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except FileNotFoundError as err:
        raise BadInputError("--diff-base needs git", hint="install git") from err
    return done.stdout if done.returncode == 0 else None
