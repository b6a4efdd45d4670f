"""The wheels that go into an image: fetched on this machine, by hash, from the lock.

`pip` inside a container may lack the certificates that this machine has, so nothing is fetched
there. The lock holds everything; an image gets the part that one distribution needs.
"""

import fcntl
import hashlib
import re
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Final

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kit.edge.containers.catalog import ROOT
from kit.edge.containers.docker import last_line
from kit.edge.containers.steps import run_step
from kit.pure.errors import UnreachableError

PROJECT: Final = "calendar-sre"
_PYTHON: Final = "3.11"
_MARKERS: Final = {"python_version": _PYTHON, "python_full_version": "3.11.2", "extra": ""}
_LIMIT_S: Final = 600.0
_PINNED = re.compile(r"^[A-Za-z0-9._-]+==", re.MULTILINE)


def closure(
    root: str, requires_of: Callable[[str], Iterable[str]], *, alone: bool = False
) -> frozenset[str]:
    """Return the canonical names of `root` and of all that it needs, extras asked for included.

    `requires_of` gives a distribution's requirement lines as its metadata has them. With `alone`
    only what the extras of `root` name counts, not what it needs without them.
    """
    seen: set[tuple[str, str]] = set()
    asked = Requirement(root)
    waiting = [(canonicalize_name(asked.name), extra) for extra in ("", *asked.extras)]
    if alone:
        seen.add(waiting.pop(0))
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for line in requires_of(name):
            wanted = Requirement(line)
            if not _applies(wanted.marker, extra):
                continue
            needed = canonicalize_name(wanted.name)
            waiting.extend((needed, asked) for asked in ("", *wanted.extras))
    return frozenset(name for name, _ in seen)


def _applies(marker: Marker | None, extra: str) -> bool:
    """Say whether a requirement counts for an extra; what counts without any counts once only."""
    if extra and (marker is None or marker.evaluate({**_MARKERS, "extra": ""})):
        return False
    return marker is None or marker.evaluate({**_MARKERS, "extra": extra})


def part_of_lock(lock: str, names: Iterable[str]) -> str:
    """Return the lock's blocks, hashes included, of the distributions in `names`.

    Markers are decided here, for the Python inside the images, and left out of the result.
    """
    wanted = {canonicalize_name(name) for name in names}
    return "".join(_decided(block) for name, block in _blocks(lock) if name in wanted)


def locked_lines(distribution: str, *, alone: bool = False) -> str:
    """Return the part of our lock that `distribution` needs to run, without the project itself."""
    names = closure(distribution, _requires, alone=alone) - {PROJECT}
    return part_of_lock((ROOT / "requirements.lock").read_text(), names)


def wheelhouse(distribution: str, *, alone: bool = False) -> Path:
    """Return a folder with the lock's part and the wheels that `distribution` needs.

    Each wheel is checked against its hash. The folder is kept under `build/` and reused while the
    lock stays the same. Raises UnreachableError when the package index does not give the wheels.
    """
    part = locked_lines(distribution, alone=alone)
    folder = ROOT / "build" / "wheels" / hashlib.sha256(part.encode()).hexdigest()[:12]
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:  # two images may need the same wheels
        fcntl.flock(lock, fcntl.LOCK_EX)
        return folder if folder.is_dir() else _fetched(part, folder)


def _fetched(part: str, folder: Path) -> Path:
    incomplete = folder.with_suffix(".part")
    shutil.rmtree(incomplete, ignore_errors=True)
    incomplete.mkdir(parents=True)
    lock = incomplete / "requirements.lock"
    lock.write_text(part)
    target = ("--only-binary=:all:", "--python-version", _PYTHON, "--implementation", "cp")
    checked = ("--no-deps", "--require-hashes", "-r", str(lock))
    _pip("download", *target, *checked, "-d", str(incomplete))
    return incomplete.rename(folder)


def build_project_wheel(into: Path) -> None:
    """Build the project's own wheel into a folder, with the installed build backend."""
    into.mkdir(parents=True, exist_ok=True)
    _pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(into), str(ROOT))


def _pip(*arguments: str) -> None:
    command = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *arguments)
    done = run_step(command, limit_s=_LIMIT_S)
    if done.returncode != 0:
        message = f"pip {arguments[0]} failed: {last_line(done.stderr)}"
        raise UnreachableError(message, hint="is the package index reachable from this machine?")


def _requires(name: str) -> Iterable[str]:
    if name == PROJECT:  # as the checkout says now: what is installed may be of an earlier one
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        extras = project["optional-dependencies"].items()
        return [
            *project["dependencies"],
            *(f'{line}; extra == "{extra}"' for extra, lines in extras for line in lines),
        ]
    try:
        return requires(name) or ()
    except PackageNotFoundError:
        return ()


def _decided(block: str) -> str:
    first, newline, hashes = block.partition("\n")
    pinned, semicolon, marker = first.removesuffix("\\").partition(";")
    if not semicolon:
        return block
    if not Marker(marker.strip()).evaluate(_MARKERS):
        return ""
    return f"{pinned.strip()} \\{newline}{hashes}"


def _blocks(lock: str) -> Iterator[tuple[str, str]]:
    starts = [match.start() for match in _PINNED.finditer(lock)]
    for start, end in zip(starts, [*starts[1:], len(lock)], strict=True):
        block = lock[start:end]
        yield canonicalize_name(block.split("==", 1)[0]), block
