"""What this machine has of what the product needs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_OLDEST: Final = (3, 11)
_DISK_WANTED_GB: Final = 3.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked for: what it is for, and what to do where it is missing."""

    part: str
    found: bool
    detail: str
    needed_for: str
    next_step: str = ""
    required: bool = False


def examine() -> tuple[Finding, ...]:
    """Look at this machine and return one finding for each thing the product can use."""
    return tuple(_findings())


def _findings() -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding(
        "Python 3.11 or newer",
        sys.version_info >= _OLDEST,
        version,
        "everything",
        "install python3.11 and run `make setup` again",
        required=True,
    )
    stand_in = Path(sys.executable).parent / "secantusd-py"
    yield Finding(
        "MongoDB stand-in",
        stand_in.is_file(),
        str(stand_in) if stand_in.is_file() else "not installed",
        "sre demo, sre serve --embedded",
        "pip install 'calendar-sre[embedded]'",
        required=True,
    )
    free_gb = shutil.disk_usage(Path.cwd()).free / 1e9
    yield Finding(
        "free disk space",
        free_gb >= _DISK_WANTED_GB,
        f"{free_gb:.1f} GB here",
        "container images and run records",
        f"free {_DISK_WANTED_GB:g} GB",
    )
    yield _docker()
    for tool, package in (("promtool", "prometheus"), ("amtool", "prometheus-alertmanager")):
        where = shutil.which(tool)
        yield Finding(
            tool,
            where is not None,
            where or "not on PATH",
            "sre alerts check (else taken from a container)",
            f"apt-get install {package}",
        )


def _docker() -> Finding:
    version, detail = None, "not on PATH"
    if shutil.which("docker"):
        command = ["docker", "version", "--format", "{{.Server.Version}}"]
        try:
            asked = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
        except subprocess.TimeoutExpired:
            detail = "the engine did not answer within 10 s"
        else:
            version = asked.stdout.strip() if asked.returncode == 0 else None
            detail = version or "the engine does not answer"
    root_can = os.geteuid() == 0 and shutil.which("apt-get") is not None
    return Finding(
        "Docker engine",
        version is not None,
        detail,
        "make test, and everything else that runs real servers",
        "`make test` installs and starts one" if root_can else "install Docker, or run as root",
    )
