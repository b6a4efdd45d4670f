"""Compose: the v2 plugin, or Debian's 1.29, and the few things that we ask of it."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kit.edge.containers import Say
from kit.edge.containers.base import apt_install
from kit.edge.containers.docker import docker, last_line
from kit.edge.containers.steps import run_step
from kit.pure.errors import UnreachableError
from ops.stack.home import FILE, Home

_LIMIT_S: Final = 300.0
_OLDEST: Final = (1, 27)
"""Older ones refuse a file without `version:`."""


@dataclass(frozen=True, slots=True)
class Compose:
    """Compose on one stack; `command` is how it is called here."""

    command: tuple[str, ...]
    home: Home

    def words(self, *arguments: str) -> tuple[str, ...]:
        """Return the whole command of a call."""
        return (*self.command, "--env-file", str(self.home.env_file), "-f", str(FILE), *arguments)

    def run(
        self, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run it and return what it printed; `environment` goes before what `.env` says."""
        whole = {**_without_ours(self.home), **(environment or {})}
        try:
            return run_step(self.words(*arguments), environment=whole, limit_s=_LIMIT_S)
        except subprocess.TimeoutExpired as err:
            raise UnreachableError(
                f"compose {arguments[0]} was not done within {_LIMIT_S:g} s",
                hint="sre stack status shows what runs; the same command goes on from there",
            ) from err

    def must(self, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        """Run it and return its output; raises UnreachableError with its own last words."""
        done = self.run(*arguments, environment=environment)
        if done.returncode != 0:
            raise UnreachableError(
                f"compose {arguments[0]} failed: {_reason(done.stderr)}",
                hint="sre stack status shows what runs; what ran before still does",
            )
        return done.stdout


def ensure_compose(home: Home, say: Say) -> Compose:
    """Return the Compose of this machine, installed where that is possible.

    Raises UnreachableError when there is none.
    """
    if docker("compose", "version").returncode == 0:
        return Compose(("docker", "compose"), home)
    if shutil.which("docker-compose") is None:
        if os.geteuid() != 0 or shutil.which("apt-get") is None:
            raise UnreachableError(
                "Compose is not installed", hint="install docker-compose, or Docker's plugin"
            )
        say("compose: installing Debian's docker-compose")
        apt_install("docker-compose")
    version = _version()
    if version < _OLDEST:
        raise UnreachableError(
            f"docker-compose {'.'.join(map(str, version))} is older than "
            f"{'.'.join(map(str, _OLDEST))}",
            hint="install a newer one, or Docker's plugin",
        )
    return Compose(("docker-compose",), home)


def _version() -> tuple[int, ...]:
    said = run_step(("docker-compose", "version", "--short"), limit_s=60).stdout.strip()
    numbers = said.lstrip("v").split(".")[:2]
    return tuple(int(number) for number in numbers if number.isdigit())


def _without_ours(home: Home) -> dict[str, str]:
    """Return the environment without what `.env` sets: a shell's leftovers decide nothing here."""
    named = home.environment()
    return {name: value for name, value in os.environ.items() if name not in named}


def _reason(complaint: str) -> str:
    """Return the line that tells most; Compose's last one is often only a summary."""
    lines: Sequence[str] = [line.strip() for line in complaint.splitlines() if line.strip()]
    telling = [line for line in lines if line.lower().startswith(("error", "cannot"))]
    telling += [line for line in lines if "rror" in line]
    return telling[0] if telling else last_line(complaint)
