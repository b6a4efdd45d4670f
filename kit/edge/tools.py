"""Where promtool and amtool are found: on PATH, else inside their server's image."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kit.edge.containers.docker import engine_version
from kit.edge.containers.images import ImageLadder, present_image
from kit.edge.containers.session import IMAGES_COMING
from kit.pure.errors import BadInputError, UnreachableError

_IMAGE_OF: Final = MappingProxyType({"promtool": "prometheus", "amtool": "alertmanager"})


def tool_command(tool: str, mounts: Iterable[Path] = (), *, joined: bool = False) -> list[str]:
    """Return the words that start `promtool` or `amtool`; append the tool's own arguments.

    Every file or folder that the arguments name must be, or lie in, one of `mounts`: each is
    visible to the tool under the same absolute path, so the arguments are the same wherever the
    tool runs. Paths among the arguments must be absolute. In a container the tool has no network;
    out of one both outputs come in any order. `joined` writes errors to the output, each where it
    was written.

    Raises UnreachableError when the tool is neither on PATH nor in an image that is present.
    """
    if tool not in _IMAGE_OF:
        message = f"no tool is called {tool!r}"
        raise BadInputError(message, hint="choose from " + ", ".join(_IMAGE_OF))
    found = shutil.which(tool)
    if found is not None:
        return [found]
    image = _image(_IMAGE_OF[tool]) if engine_version() is not None else None
    if image is None:
        message = f"{tool} is not on PATH, and no container image with it is present"
        raise UnreachableError(message, hint=f"install {tool}, or run: make images")
    run = ["docker", "run", "--rm", "--interactive", "--network", "none"]
    run += ["--env", "GOGC=400"]  # a sixth less work for Go's collector, for some memory more
    run += ["--user", f"{os.geteuid()}:{os.getegid()}"]
    for path in mounts:
        here = str(path.resolve())
        run += ["--volume", f"{here}:{here}:ro"]
    if joined:
        return [*run, "--entrypoint", "sh", image, "-c", f'exec {tool} "$@" 2>&1', tool]
    return [*run, "--entrypoint", tool, image]


def _image(role: str) -> str | None:
    """Return the image of a role; in a test run that still makes its images, wait for it."""
    if IMAGES_COMING in os.environ:
        return ImageLadder(lambda _line: None).ensure(role)
    return present_image(role)
