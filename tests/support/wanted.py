"""What a test cannot do without: it skips where that is missing, and fails where it must not be."""

import shutil
from typing import NoReturn

import pytest

from kit.edge.containers.session import REQUIRE, containers_required


def do_without(reason: str) -> NoReturn:
    """Skip the test, or fail it where nothing may be missing."""
    if containers_required():
        pytest.fail(f"{reason} (and {REQUIRE} or CI is set)")
    pytest.skip(reason)


def command_from_debian(name: str) -> str:
    """Return the path of a command that `make test` installs where it may."""
    found = shutil.which(name)
    if found is None:
        do_without(f"no {name} on PATH; `make test` installs it as root on Debian")
    return found
