"""Renew the lock on a branch of its own, so that what is newer is tried before anybody runs it.

uv resolves, as docs/decisions/0002 has it. The checkout that people work in stays as it is: the
branch is made in a worktree in a folder of its own, and gone again where nothing was newer.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packaging.utils import canonicalize_name

from kit.edge.containers.steps import run_step
from kit.pure.addresses import masked
from kit.pure.errors import BadInputError, UnreachableError
from kit.pure.words import counted
from ops.maintenance.lock import is_same, read_lock

LOCK: Final = "requirements.lock"
_RESOLVE: Final = (
    "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--prerelease", "if-necessary-or-explicit", "--no-emit-index-url", "--no-emit-find-links",
    "--no-annotate", "--no-header", "--all-extras", "pyproject.toml", "-o", LOCK, "--quiet",
)  # fmt: skip
_NAME: Final = re.compile(r"^[A-Za-z0-9][\w.-]*", re.MULTILINE)
_CERTIFICATES: Final = {"UV_SYSTEM_CERTS": "true", "UV_NATIVE_TLS": "true"}
"""Those of the machine, as pip takes them, by the newer name and by the older."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to renew: the checkout, the branch to make, only these packages, () for all.

    `index_url` is "" for the one that pip is configured for; `find_links` is a folder of wheels
    for machines that reach no index.
    """

    checkout: Path
    branch: str
    only: Sequence[str]
    index_url: str
    find_links: Path | None
    timeout_s: float


@dataclass(frozen=True, slots=True)
class Change:
    """A package whose pin changed; "" stands for a package that is new, or gone."""

    name: str
    before: str
    after: str

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.name} {self.before or 'new'} → {self.after or 'gone'}"


def update(wish: Wish) -> tuple[Change, ...] | None:
    """Make the branch with the renewed lock on it; return what changed, None where nothing did.

    Only hashes may have changed, or pins of other platforms: then there is a branch, and ().

    Raises BadInputError for a checkout or a branch that cannot be, and UnreachableError where
    nobody could resolve.
    """
    if not (wish.checkout / LOCK).is_file():
        raise BadInputError(
            f"{wish.checkout} has no {LOCK}", hint="run it in a checkout of the project"
        )
    tool = _uv(wish.timeout_s)
    below = _git(wish.checkout, "rev-parse", "--show-prefix").strip()
    with _worktree(wish) as (tree, keep):
        folder = tree / below
        lock = folder / LOCK
        if not lock.is_file():
            raise BadInputError(
                f"{LOCK} is in no commit of {wish.checkout}", hint=f"git add {LOCK}, and commit it"
            )
        before = lock.read_text(encoding="utf-8")
        _resolve(tool, wish, folder)
        after = lock.read_text(encoding="utf-8")
        _check_known(wish.only, f"{before}\n{after}")
        if after == before:
            return None
        changes = _changes(read_lock(before).pins, read_lock(after).pins)
        title = f"Dependencies: {counted(len(changes), 'pin')} renewed"
        body = "\n".join(str(one) for one in changes)
        _git(folder, "commit", "--quiet", "-m", f"{title}\n\n{body}", LOCK)
        keep.append(wish.branch)
    return changes


def _check_known(only: Sequence[str], locks: str) -> None:
    """Raise BadInputError for packages that no lock has: uv passes over them in silence."""
    known = _names(locks)
    if unknown := [one for one in only if not _names(one) & known]:
        raise BadInputError(
            f"{LOCK} pins no {', '.join(unknown)}", hint="--package takes a name as it stands there"
        )


def _names(text: str) -> frozenset[str]:
    """Return the packages that lines begin with, as in `zeta==1.0` and `zeta<2`."""
    return frozenset(canonicalize_name(name) for name in _NAME.findall(text))


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Change, ...]:
    names = sorted(before.keys() | after.keys())
    found = (Change(one, before.get(one, ""), after.get(one, "")) for one in names)
    return tuple(one for one in found if not is_same(one.before, one.after))


def _resolve(tool: Sequence[str], wish: Wish, folder: Path) -> None:
    which = [f"--upgrade-package={one}" for one in wish.only] or ["--upgrade"]
    index = wish.index_url or _pip_index(wish.timeout_s)
    where = ["--index-url", index] if index else []
    if wish.find_links is not None:
        where = ["--no-index", "--find-links", str(wish.find_links.resolve())]
    command = (*tool, "--directory", str(folder), *_RESOLVE, *which, *where)
    try:
        done = run_step(
            command, limit_s=wish.timeout_s, environment={**os.environ, **_CERTIFICATES}
        )
    except subprocess.TimeoutExpired as err:
        raise UnreachableError(
            f"uv found no set of versions within {wish.timeout_s:g} s", hint="give it a --timeout"
        ) from err
    if done.returncode != 0:
        said = " ".join(done.stderr.split())[-400:]
        raise UnreachableError(
            f"uv found no set of versions: {masked(said)}",
            hint="does the index answer? --index-url names another, --find-links wheels",
        )


def _pip_index(timeout_s: float) -> str:
    """Return the index that pip is configured for: uv reads none of pip's configuration."""
    if named := os.environ.get("PIP_INDEX_URL"):
        return named
    ask = (sys.executable, "-m", "pip", "config", "get", "global.index-url")
    return run_step(ask, limit_s=timeout_s).stdout.strip()


def _uv(timeout_s: float) -> tuple[str, ...]:
    """Return how uv is called here; raises UnreachableError where there is none."""
    if found := shutil.which("uv"):
        return (found,)
    if run_step((sys.executable, "-m", "uv", "--version"), limit_s=timeout_s).returncode == 0:
        return (sys.executable, "-m", "uv")
    raise UnreachableError(
        "uv, which resolves the lock, is not installed", hint="pip install uv, then again"
    )


@contextmanager
def _worktree(wish: Wish) -> Iterator[tuple[Path, list[str]]]:
    """Give a worktree on the new branch, and a list to name the branch in that shall stay."""
    _git(wish.checkout, "check-ref-format", "--branch", wish.branch)
    keep: list[str] = []
    with tempfile.TemporaryDirectory(prefix="calendar-update-") as outer:
        folder = Path(outer) / "tree"
        _git(wish.checkout, "worktree", "add", "--quiet", "-b", wish.branch, str(folder), "HEAD")
        try:
            yield folder, keep
        finally:
            _git(wish.checkout, "worktree", "remove", "--force", str(folder))
            if wish.branch not in keep:
                _git(wish.checkout, "branch", "--quiet", "-D", wish.branch)


def _git(folder: Path, *words: str) -> str:
    done = run_step(("git", "-C", str(folder), *words), limit_s=120)
    if done.returncode != 0:
        said = done.stderr.strip().removeprefix("fatal: ").splitlines() or ["it gave no reason"]
        raise BadInputError(
            f"git {words[0]}: {said[-1]}",
            hint="--branch names another branch; git status says more",
        )
    return done.stdout
