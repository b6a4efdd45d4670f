"""The ladder to an image: the one that is present, else the official one, else our own build."""

import fcntl
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from kit.edge.containers import Say
from kit.edge.containers.base import import_base
from kit.edge.containers.catalog import REPOSITORY, ROOT, Image, image_of
from kit.edge.containers.content import local_reference
from kit.edge.containers.docker import docker, image_exists, last_line
from kit.edge.containers.pull import pull
from kit.edge.containers.wheels import build_project_wheel, wheelhouse
from kit.pure.errors import UnreachableError

HASH_LABEL: Final = f"{REPOSITORY}.content"
_BUILD_S: Final = 1800.0


def present_image(role: str) -> str | None:
    """Return the reference of a role's image that the engine already has, or None."""
    return present(image_of(role))


def present(image: Image) -> str | None:
    """Return the official image where the engine has it, else our build of it, else None."""
    candidates = (image.official, local_reference(image))
    return next((ref for ref in candidates if ref and image_exists(ref)), None)


class ImageLadder:
    """Climbs for one image after another, and remembers that a registry did not answer."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._registry_answers = True

    def ensure(self, role: str) -> str:
        """Return a reference that the engine can run, fetching or building it if it must.

        Raises UnreachableError when no rung holds. Safe to call from several processes at once.
        """
        found = present_image(role)
        if found:
            self._say(f"image {role}: present ({found})")
            return found
        with _one_builder(role):
            found = present_image(role)
            return found or self._pulled(image_of(role)) or self._built(image_of(role))

    def _pulled(self, image: Image) -> str | None:
        if not image.official or not self._registry_answers:
            return None
        problem = pull(image.official)
        if problem is None:
            self._say(f"image {image.role}: pulled {image.official}")
            return image.official
        self._registry_answers = False
        self._say(f"images: no registry to pull from, building locally ({problem})")
        return None

    def _built(self, image: Image) -> str:
        started = time.monotonic()
        reference = local_reference(image)
        if image.parent:
            parent = present_image(image.parent) or self.ensure(image.parent)
            self._say(f"image {image.role}: building on {parent}")
            _build(image, parent, reference)
        else:
            self._say(f"image {image.role}: making it with mmdebstrap")
            import_base(reference)
        docker("tag", reference, f"{image.repository}:local")
        self._say(f"image {image.role}: built in {time.monotonic() - started:.0f} s ({reference})")
        return reference


@contextmanager
def _one_builder(role: str) -> Iterator[None]:
    """Let one process build an image at a time: the second finds what the first has made."""
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    with (folder / f"{role}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(image: Image, parent: str, reference: str) -> None:
    with tempfile.TemporaryDirectory(prefix="calendar-sre-image-") as folder:
        context = Path(folder) / "context"
        shutil.copytree(image.recipe, context)
        if image.wheels_of:
            wheels = wheelhouse(image.wheels_of, alone=bool(image.package))
            shutil.copytree(wheels, context / "wheels")
        if image.package:
            left_out = shutil.ignore_patterns("__pycache__")
            shutil.copytree(
                ROOT / image.package, context / "project" / image.package, ignore=left_out
            )
        if image.has_project:
            build_project_wheel(context / "project")
        label = f"{HASH_LABEL}={reference.rpartition(':')[2]}"
        built = _docker_build(
            ("--build-arg", f"PARENT={parent}", "--label", label, "--tag", reference), context
        )
    if built.returncode != 0:
        message = f"image {image.role} could not be built: {last_line(built.stderr)}"
        hint = f"docker build --build-arg PARENT={parent} {image.recipe} shows the whole output"
        raise UnreachableError(message, hint=hint)


def _docker_build(options: tuple[str, ...], context: Path) -> subprocess.CompletedProcess[str]:
    return docker("build", "--quiet", "--force-rm", *options, str(context), timeout_s=_BUILD_S)
