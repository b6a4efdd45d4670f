"""What a local build is made from, as one short hash: the same hash needs no new build."""

import hashlib
import platform
from collections.abc import Iterator
from pathlib import Path

from kit.edge.containers.base import bootstrap_arguments
from kit.edge.containers.catalog import ROOT, Image, image_of
from kit.edge.containers.wheels import locked_lines

_PACKAGED = (
    "kit", "service", "slo", "synthetic", "alerts", "dashboards", "reports", "status", "traces",
    "ops",
    "console", "sre",
)  # fmt: skip
_BUILT_BY = ("pyproject.toml", "hatch_build.py", "sre.toml")
_LEFT_OUT = {".pyc", ".pyo"}


def content_hash(image: Image) -> str:
    """Return twelve hex digits over everything that the local build of `image` reads."""
    digest = hashlib.sha256(platform.machine().encode())
    for part in _parts(image):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:12]


def local_reference(image: Image) -> str:
    """Return the name and tag that the local build of `image` has, built or not."""
    return f"{image.repository}:{content_hash(image)}"


def _parts(image: Image) -> Iterator[bytes]:
    if not image.parent:
        yield "\0".join(bootstrap_arguments()).encode()
        return
    yield content_hash(image_of(image.parent)).encode()
    yield from _files(image.recipe)
    if image.wheels_of:
        yield locked_lines(image.wheels_of, alone=bool(image.package)).encode()
    if image.package:
        yield from _files(ROOT / image.package)
    if image.has_project:
        for name in _BUILT_BY:
            yield (ROOT / name).read_bytes()
        for package in _PACKAGED:
            yield from _files(ROOT / package)


def _files(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in _LEFT_OUT:
            yield str(path.relative_to(ROOT)).encode()
            yield path.read_bytes()
