"""Look at images: compilers, user, licences, vulnerabilities, and whether two are the same."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kit.edge.containers.docker import engine_version
from kit.edge.containers.images import present_image
from kit.edge.writing import write_whole
from kit.pure.words import counted
from ops.checks.finding import Checked, Finding, State, info, no_data
from ops.supply.content import Content, differing, read_image
from ops.supply.licences import python_of, trouble
from ops.supply.sbom import bill_of
from ops.supply.scanner import Scan, scan

SHIPPED: Final = ("service", "sre")
"""The images that are ours."""
_NAMED: Final = 10
_ROOT: Final = frozenset({"", "0", "root"})


@dataclass(frozen=True, slots=True)
class Wish:
    """Which images, () for those that we ship; one to compare with; where bills are written."""

    images: Sequence[str] = ()
    against: str | None = None
    sbom: Path | None = None
    timeout_s: float = 300.0


def check_images(wish: Wish) -> Checked:
    """Return what is found, a part for each image; what cannot be asked is NO DATA."""
    begun, at = time.monotonic(), datetime.now(UTC)
    if engine_version() is None:
        nothing = no_data("images", "no container engine answers", "look where they are built")
        return Checked("images", at, time.monotonic() - begun, (nothing,))
    images = list(wish.images) or [found for one in SHIPPED if (found := present_image(one))]
    if not images:
        nothing = no_data("images", f"none of {', '.join(SHIPPED)} is here", "make images")
        return Checked("images", at, time.monotonic() - begun, (nothing,))
    other = read_image(wish.against, timeout_s=wish.timeout_s) if wish.against else None
    parts = tuple(_part(image, wish, other) for image in images)
    return Checked("images", at, time.monotonic() - begun, (), parts)


def _part(image: str, wish: Wish, other: Content | None) -> Checked:
    begun, at = time.monotonic(), datetime.now(UTC)
    content = read_image(image, timeout_s=wish.timeout_s)
    found = [*judge(content, scan(image, timeout_s=wish.timeout_s), other)]
    if wish.sbom is not None:
        wish.sbom.mkdir(parents=True, exist_ok=True)
        path = wish.sbom / f"{image.rpartition(':')[0].replace('/', '-') or image}.cdx.json"
        write_whole(path, bill_of(content))
        found.append(info("bill of materials", f"{path}"))
    return Checked(image, at, time.monotonic() - begun, tuple(found))


def judge(content: Content, scanned: Scan | str, other: Content | None) -> Iterator[Finding]:
    """Yield what is found of one image."""
    kinds = counted(len(python_of(content.packages)), "Python package")
    total = len(content.packages)
    yield info("content", f"{len(content.files):,} files, {total} packages ({kinds})")
    if content.compilers:
        step = "build in a stage of its own, and copy what was built"
        yield Finding("compilers", State.FAIL, _some(content.compilers), do_next=step)
    else:
        yield Finding("compilers", State.PASS, "none")
    if content.user.partition(":")[0] in _ROOT:
        yield Finding("user", State.FAIL, "root", do_next="USER in its Dockerfile")
    else:
        yield Finding("user", State.PASS, content.user)
    yield from _licences(content)
    yield _holes(scanned)
    if other is not None:
        yield _same(content, other)


def _licences(content: Content) -> Iterator[Finding]:
    bad, unknown, apart = trouble(content)
    if bad:
        step = "replace it, or keep it a process of its own in an image without our code"
        yield Finding("licences", State.FAIL, _some(bad), do_next=step)
    elif unknown:
        yield no_data("licences", f"not stated: {_some(unknown)}", "read them, and say so upstream")
    else:
        known = counted(len(python_of(content.packages)), "Python package")
        yield Finding("licences", State.PASS, f"{known}, none refused")
    for one in apart:
        yield info("a process of its own", one)


def _holes(scanned: Scan | str) -> Finding:
    if isinstance(scanned, str):
        step = "install trivy or grype, with their database"
        return no_data("known vulnerabilities", scanned, step)
    if scanned.grave:
        value = f"{len(scanned.grave)} grave of {len(scanned.known)}: "
        step = "make images on a newer base; raise what is named in the lock"
        return Finding(
            "known vulnerabilities", State.FAIL, value + _some([*map(str, scanned.grave)]),
            do_next=step,
        )  # fmt: skip
    if scanned.known:
        value = f"{len(scanned.known)}, none grave: {_some([*map(str, scanned.known)])}"
        return Finding("known vulnerabilities", State.WARN, value)
    return Finding("known vulnerabilities", State.PASS, f"none known to {scanned.tool}")


def _same(content: Content, other: Content) -> Finding:
    paths = differing(content, other)
    if not paths:
        return Finding("same files", State.PASS, f"as {other.reference}: {content.digest[:12]}")
    value = f"{len(paths)} are not as in {other.reference}: {_some(paths)}"
    return Finding("same files", State.FAIL, value, do_next="whatever wrote them was not the lock")


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
