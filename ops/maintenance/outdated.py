"""Which installed packages are older than what their index has, and which differ from the lock."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

from packaging.utils import canonicalize_name

from kit.pure.addresses import masked
from ops.checks.finding import Finding, State, info, no_data
from ops.maintenance.lock import is_same, read_lock

_UNREACHED: Final = re.compile(r"Retrying \(|Could not fetch URL|Max retries exceeded")
_WITNESS: Final = "packaging"
"""A package that is installed here, so that the index must have it."""
_NAMED: Final = 12


@dataclass(frozen=True, slots=True)
class Newer:
    """A package, the version that is installed, and the newest of the index."""

    name: str
    installed: str
    newest: str


@dataclass(frozen=True, slots=True)
class IndexAnswer:
    """What an index has newer, and the packages that are `current`."""

    newer: tuple[Newer, ...]
    current: frozenset[str]


def judge_lock(lock: Path) -> Iterator[Finding]:
    """Yield whether what is installed is what the lock pins."""
    if not lock.is_file():
        yield no_data("lock", f"{lock} is no file", "name it with --lock")
        return
    locked = read_lock(lock.read_text(encoding="utf-8"))
    pins = locked.pins
    here = {str(canonicalize_name(d.metadata["Name"])): d.version for d in distributions()}
    both = sorted(pins.keys() & here.keys())
    other = [f"{n} {here[n]}, not {pins[n]}" for n in both if not is_same(here[n], pins[n])]
    if other:
        value = f"{len(other)} differ: {'; '.join(other[:_NAMED])}"
        yield Finding("installed as locked", State.FAIL, value, do_next="make setup")
        return
    value = f"{len(both)} of {len(locked)} pins are here"
    if locked.unread:
        value += f"; no version is pinned by {'; '.join(locked.unread[:_NAMED])}"
        yield no_data("installed as locked", masked(value), "pin each package with NAME==VERSION")
    elif both:
        yield Finding("installed as locked", State.PASS, value)
    else:
        yield no_data("installed as locked", value, "is it the lock of what is installed here?")


def judge_outdated(*, index_url: str, timeout_s: float) -> Iterator[Finding]:
    """Yield how many packages have newer releases; an index that is away says nothing."""
    found = ask_index(index_url=index_url, timeout_s=timeout_s)
    if isinstance(found, str):
        step = "is the index reachable from here? try --index-url, or a machine that reaches it"
        yield no_data("newer releases", found, step)
        return
    known = found.current | {str(canonicalize_name(one.name)) for one in found.newer}
    unknown = sorted(_from_an_index() - known)
    if found.newer:
        named = ", ".join(f"{n.name} {n.installed} → {n.newest}" for n in found.newer[:_NAMED])
        more = f" and {len(found.newer) - _NAMED} more" if len(found.newer) > _NAMED else ""
        yield info(
            "newer releases", f"{len(found.newer)}: {named}{more}", measured=len(found.newer)
        )
    elif not unknown:
        yield Finding("newer releases", State.PASS, f"all {len(known)} packages are the newest")
    if unknown:
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        value = f"of {len(known)} packages only; not of {', '.join(unknown[:_NAMED])}{more}"
        step = "name an index that has all of them with --index-url"
        yield no_data("newer releases known", value, step)


def _from_an_index() -> set[str]:
    """Return the packages that were installed by name, not from a folder or an address."""
    return {
        str(canonicalize_name(one.metadata["Name"]))
        for one in distributions()
        if one.read_text("direct_url.json") is None
    }


def ask_index(*, index_url: str, timeout_s: float) -> IndexAnswer | str:
    """Return what is outdated and what is not, as pip sees it, or why that cannot be said.

    pip answers an empty list with exit code 0 where it reaches no index or is refused. So it is
    first asked for one package that every index of ours must have. A package that the index does
    not have is in neither list.
    """
    where = ["--index-url", index_url] if index_url else []
    answer = _pip(["index", "versions", _WITNESS, *where], timeout_s=timeout_s)
    if isinstance(answer, _Silent):
        return answer.why
    lists = []
    for which in ("--outdated", "--uptodate"):
        answer = _pip(["list", which, "--format", "json", *where], timeout_s=timeout_s)
        if isinstance(answer, _Silent):
            return answer.why
        try:
            lists.append(json.loads(answer))
        except ValueError:
            return f"pip list {which} said {answer[:80]!r}, which is no list"
    newer = tuple(Newer(one["name"], one["version"], one["latest_version"]) for one in lists[0])
    return IndexAnswer(newer, frozenset(str(canonicalize_name(one["name"])) for one in lists[1]))


@dataclass(frozen=True, slots=True)
class _Silent:
    """pip gave no answer that can be trusted."""

    why: str


def _pip(words: list[str], *, timeout_s: float) -> str | _Silent:
    command = [sys.executable, "-m", "pip", *words, "--disable-pip-version-check", "--no-input"]
    try:
        done = subprocess.run(
            [*command, "--retries", "1", "--timeout", "5"],
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _Silent(f"the index did not answer within {timeout_s:g} s")
    except OSError as err:
        return _Silent(f"pip cannot be run: {err}")
    if done.returncode or _UNREACHED.search(done.stderr):
        lines = done.stderr.strip().splitlines() or [f"pip ended with {done.returncode}"]
        return _Silent(masked(f"pip could not ask the index: {lines[-1].strip()}")[:300])
    return done.stdout
