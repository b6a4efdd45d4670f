"""Debian's packages that tests run beside the containers: browser, npm, kubectl, restic."""

import ctypes
import os
import shutil
from types import MappingProxyType
from typing import Final

from kit.edge.containers import Say
from kit.edge.containers.base import apt_install
from kit.pure.errors import UnreachableError

PACKAGES: Final = MappingProxyType(
    {
        "chromium": ("chromium", "libatomic1"),
        "npm": ("npm",),
        "kubectl": ("kubernetes-client",),
        "restic": ("restic",),
    }
)
"""Commands, and the packages that bring each with what drives it."""
_LIBRARY_OF: Final = MappingProxyType({"chromium": "libatomic.so.1"})
"""What a command's driver loads: that of browsers is a program which brings no libraries."""


def announce_packages(say: Say) -> None:
    """Say which of the packages tests will install when one needs them."""
    missing = [packages[0] for name, packages in PACKAGES.items() if not _is_there(name)]
    if missing and _may_install():
        say(f"packages: tests that need Debian's {', '.join(missing)} install it, and it stays")


def ensure_package(name: str) -> None:
    """Install the packages of a command, if something of them is missing.

    Raises UnreachableError where it may not be done or fails.
    """
    if _is_there(name):
        return
    packages = PACKAGES[name]
    if not _may_install():
        raise UnreachableError(
            f"not installed: {', '.join(packages)}",
            hint=f"apt-get install --no-install-recommends {' '.join(packages)}",
        )
    apt_install(*packages)


def _is_there(name: str) -> bool:
    if shutil.which(name) is None:
        return False
    try:
        return name not in _LIBRARY_OF or bool(ctypes.CDLL(_LIBRARY_OF[name]))
    except OSError:
        return False


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None
