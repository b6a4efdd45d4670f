"""The base of every local build: a small Debian made by mmdebstrap, handed to `docker import`."""

import fcntl
import os
import shutil
import subprocess
from typing import Final

from kit.edge.children import signals_held
from kit.edge.containers.catalog import ROOT
from kit.edge.containers.docker import last_line
from kit.edge.containers.steps import run_step, step
from kit.pure.errors import UnreachableError

SUITE: Final = "bookworm"
MIRROR: Final = "http://deb.debian.org/debian"
SECURITY: Final = "http://deb.debian.org/debian-security"
_LIMIT_S: Final = 600.0

_POLICY: Final = "$1/usr/sbin/policy-rc.d"
_NO_DAEMONS: Final = f'printf \'#!/bin/sh\nexit 101\n\' >"{_POLICY}" && chmod 755 "{_POLICY}"'
"""Debian's packages start their server when installed; in an image build they must not."""


def bootstrap_arguments() -> tuple[str, ...]:
    """Return the mmdebstrap command that writes the base as a tar stream to its standard output."""
    return (
        "mmdebstrap",
        "--quiet",
        "--variant=minbase",
        "--include=ca-certificates",
        "--dpkgopt=path-exclude=/usr/share/man/*",
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        "--dpkgopt=path-exclude=/usr/share/locale/*",
        f"--customize-hook={_NO_DAEMONS}",
        SUITE,
        "-",
        f"deb {MIRROR} {SUITE} main",
        f"deb {SECURITY} {SUITE}-security main",
    )


def import_base(reference: str) -> None:
    """Make the base and give it to the engine under `reference`.

    Raises UnreachableError when mmdebstrap is missing and may not be installed, or when it fails.
    """
    _have_mmdebstrap()
    with step(bootstrap_arguments()) as bootstrap:
        imported = subprocess.run(
            ("docker", "import", "--change", 'CMD ["bash"]', "-", reference),
            stdin=bootstrap.stdout,
            capture_output=True,
            text=True,
            timeout=_LIMIT_S,
            check=False,
        )
        complaint = bootstrap.stderr.read() if bootstrap.stderr else ""
        bootstrap.wait(_LIMIT_S)
    if bootstrap.returncode != 0:
        subprocess.run(("docker", "rmi", reference), capture_output=True, check=False)
        message = f"mmdebstrap could not make the base image: {_first_error(complaint)}"
        raise UnreachableError(message, hint=f"is {MIRROR} reachable from this machine?")
    if imported.returncode != 0:
        message = f"docker import refused the base image: {last_line(imported.stderr)}"
        raise UnreachableError(message, hint="docker info and df say whether the engine has room")


def _first_error(complaint: str) -> str:
    """Return what went wrong first; what follows in mmdebstrap's output are consequences."""
    errors = [line for line in complaint.splitlines() if line.startswith("E: ")]
    return errors[0].removeprefix("E: ") if errors else last_line(complaint)


def _have_mmdebstrap() -> None:
    if shutil.which("mmdebstrap") is not None:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise UnreachableError(
            "the base image cannot be made: mmdebstrap is not installed",
            hint="install mmdebstrap, or let the engine reach an image registry",
        )
    apt_install("mmdebstrap")


def apt_install(*packages: str) -> None:
    """Install Debian packages without their recommendations and without starting any server.

    Of several processes one does it at a time, since apt refuses the second at once. Raises
    UnreachableError with apt's own last words.
    """
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    with (folder / "packages.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _apt_install(*packages)


def _apt_install(*packages: str) -> None:
    # Run level 1 keeps invoke-rc.d from starting what was installed where no systemd runs.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    apt = ("apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120")
    install = (*apt, "install", "-y", "--no-install-recommends", *packages)
    for command in ((*apt, "update"), (*install, "--download-only")):
        done = run_step(command, environment=environment, limit_s=_LIMIT_S)
    if done.returncode == 0:
        with signals_held():  # half an installation would have to be repaired by hand
            done = subprocess.run(
                (*install, "--no-download"),
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=_LIMIT_S,
                stdin=subprocess.DEVNULL,
            )
    if done.returncode != 0:
        message = f"apt-get could not install {' '.join(packages)}: {last_line(done.stderr)}"
        raise UnreachableError(message, hint="is a Debian mirror reachable from this machine?")
