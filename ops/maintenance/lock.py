"""What a lock pins, and the lines of it that pin nothing that can be looked up."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

_OPTIONS: Final = re.compile(r"\s--\w.*")
_INSTALLING: Final = ("--requirement", "--editable", "--constraint")
_EXACT: Final = frozenset({"==", "==="})


@dataclass(frozen=True, slots=True)
class Lock:
    """The versions that are pinned for this platform, by canonical name, and lines `unread`.

    Such a line installs something, and does not say which one version of which package.
    """

    pins: Mapping[str, str]
    unread: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.pins) + len(self.unread)


def read_lock(text: str) -> Lock:
    """Return what a requirements file pins (pip, "Requirements File Format")."""
    pins: dict[str, str] = {}
    unread = []
    for line in _lines(text):
        if line.startswith("-"):
            unread += [line] if line[1] != "-" or line.startswith(_INSTALLING) else []
            continue
        try:
            wanted = Requirement(line)
        except InvalidRequirement:
            unread.append(line)
            continue
        if wanted.marker and not wanted.marker.evaluate():
            continue
        name, version = str(canonicalize_name(wanted.name)), _pinned(wanted)
        if version is None or not is_same(pins.setdefault(name, version), version):
            unread.append(line)
    return Lock(pins, tuple(unread))


def _lines(text: str) -> Iterator[str]:
    """Yield the lines, continued ones as one, without comments and hashes."""
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        entry = _OPTIONS.sub("", re.sub(r"(^|\s)#.*", "", line)).strip()
        if entry and entry != "-":
            yield entry


def _pinned(wanted: Requirement) -> str | None:
    specifiers = list(wanted.specifier)
    if wanted.url or len(specifiers) != 1 or specifiers[0].operator not in _EXACT:
        return None
    version = specifiers[0].version
    return version if version_of(version) is not None else None


def version_of(text: str) -> Version | None:
    """Return a version, None for a text that is none."""
    try:
        return Version(text)
    except InvalidVersion:
        return None


def is_same(one: str, other: str) -> bool:
    """Say whether two texts are one version, as 1 and 1.0 are."""
    version = version_of(one)
    return one == other or (version is not None and version == version_of(other))
