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


def ensure_packages(say: Say) -> None:
    """Install what is missing of the packages; UnreachableError where that may not be done."""
    missing = [package for name, package in PACKAGES.items() if shutil.which(name) is None]
    if not missing:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise UnreachableError(
            f"not installed: {', '.join(missing)}",
            hint=f"apt-get install --no-install-recommends {' '.join(missing)}",
        )
    say(f"packages: installing Debian's {' and '.join(missing)}, which will stay")
    apt_install(*missing)
