"""What a test cannot do without: it skips where that is missing, and fails where it must not be."""

import os
import shutil
from typing import NoReturn

import pytest

from kit.edge.containers.packages import ensure_package
from kit.edge.containers.session import REQUIRE, SESSION, containers_required
from kit.pure.errors import UnreachableError
from tests.support.sharing import locked


def do_without(reason: str) -> NoReturn:
    """Skip the test, or fail it where nothing may be missing."""
    if containers_required():
        pytest.fail(f"{reason} (and {REQUIRE} or CI is set)")
    pytest.skip(reason)


def command_from_debian(name: str) -> str:
    """Return the path of a command; the first who asks installs it, where `make test` may."""
    if shutil.which(name) is None and SESSION in os.environ:
        with locked("packages"):
            try:
                ensure_package(name)
            except UnreachableError as err:
                do_without(str(err))
    found = shutil.which(name)
    if found is None:
        do_without(f"no {name} on PATH; `make test` installs it as root on Debian")
    return found
