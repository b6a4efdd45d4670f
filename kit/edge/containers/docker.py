"""The few things we ask of the `docker` command."""

import shutil
import subprocess
from collections.abc import Sequence
from typing import Final

from kit.pure.errors import UnreachableError

QUICK_S: Final = 20.0
"""How long an engine may take over a question that it answers from memory."""


def docker(*arguments: str, timeout_s: float = QUICK_S) -> subprocess.CompletedProcess[str]:
    """Run `docker ARGUMENTS` and return what it printed; never raises for its exit code.

    A missing command and an engine that does not answer in time both give exit code 127.
    """
    command = ("docker", *arguments)
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as err:
        return subprocess.CompletedProcess(command, 127, "", str(err))


def engine_version() -> str | None:
    """Return the version of the engine that answers, or None when none does."""
    if shutil.which("docker") is None:
        return None
    answer = docker("version", "--format", "{{.Server.Version}}")
    return answer.stdout.strip() or None if answer.returncode == 0 else None


def image_exists(reference: str) -> bool:
    """Tell whether the engine has this image already."""
    return docker("image", "inspect", "--format", "{{.Id}}", reference).returncode == 0


def remove_labelled(label: str) -> None:
    """Remove every container and network that carries this label, running or not.

    Raises UnreachableError when the engine cannot be asked.
    """
    for kind, remove in (("container", ("rm", "--force", "--volumes")), ("network", ("rm",))):
        extra = ("--all",) if kind == "container" else ()
        listed = docker(kind, "ls", "--quiet", *extra, "--filter", f"label={label}")
        if listed.returncode != 0:
            message = f"cannot list what is labelled {label}: {last_line(listed.stderr)}"
            raise UnreachableError(message, hint="docker version says whether the engine answers")
        names = listed.stdout.split()
        if names:
            docker(kind, *remove, *names, timeout_s=60)


def last_line(text: str, lines: int = 1) -> str:
    """Return the last lines of an output that are not blank, for an error message."""
    kept: Sequence[str] = [line for line in text.splitlines() if line.strip()]
    return "\n".join(kept[-lines:])
