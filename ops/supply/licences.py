"""Which licences may be in what we ship, and which program stays a process of its own."""

import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import Final

from ops.supply.content import Content
from ops.supply.packages import Package

_COPYLEFT: Final = re.compile(
    r"(?<!L)(?<![A-Za-z])A?GPL|GNU (Affero )?General Public|SSPL|Server Side Public|EUPL|BUSL|"
    r"Business Source|Commons Clause|CC-BY-NC|Proprietary",
    re.IGNORECASE,
)
SEPARATE: Final = MappingProxyType({"secantusdb": "it only runs as a process of its own"})
"""Programs under a licence that we do not link with; never in an image with our code."""


def is_refused(licence: str) -> bool:
    """Say whether a licence asks something of code that uses it, in every alternative."""
    return all(_COPYLEFT.search(one) for one in re.split(r"\s+OR\s+", licence))


def refused(package: Package) -> bool:
    """Say whether no alternative of a package's licence may be used."""
    return bool(package.licences) and all(is_refused(one) for one in package.licences)


def python_of(packages: Iterable[Package]) -> list[Package]:
    """Return what is imported; Debian's packages are programs beside ours."""
    return [one for one in packages if one.kind == "pypi"]


def trouble(content: Content) -> tuple[list[str], list[str], list[str]]:
    """Return what is refused, of unknown licence, and let through as a process of its own."""
    bad, unknown, apart = [], [], []
    for one in python_of(content.packages):
        if one.name == "calendar-sre":
            continue
        text = f"{one.name} {one.version}"
        if refused(one):
            alone = one.name in SEPARATE and not content.has_project
            (apart if alone else bad).append(f"{text} ({' or '.join(one.licences)})")
        elif not one.licences:
            unknown.append(text)
    return bad, unknown, apart
