"""Debian's packages that tests run beside the containers: browser, npm, kubectl, restic."""

import os
import shutil
from types import MappingProxyType
from typing import Final

from kit.edge.containers import Say
from kit.edge.containers.base import apt_install
from kit.pure.errors import UnreachableError

PACKAGES: Final = MappingProxyType(
    {"chromium": "chromium", "npm": "npm", "kubectl": "kubernetes-client", "restic": "restic"}
)
"""Commands, and the package that brings each."""


def announce_packages(say: Say) -> None:
    """Say which of the packages tests will install when one needs them."""
    missing = [package for name, package in PACKAGES.items() if shutil.which(name) is None]
    if missing and _may_install():
        say(f"packages: tests that need Debian's {', '.join(missing)} install it, and it stays")


def ensure_package(name: str) -> None:
    """Install the package of a command, if that is missing.

    Raises UnreachableError where it may not be done or fails.
    """
    if shutil.which(name) is not None:
        return
    package = PACKAGES[name]
    if not _may_install():
        raise UnreachableError(
            f"not installed: {package}",
            hint=f"apt-get install --no-install-recommends {package}",
        )
    apt_install(package)


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None
