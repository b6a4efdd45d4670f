"""What a test cannot do without: it skips where that is missing, and fails where it must not be."""

import os
import shutil
from collections.abc import Callable
from typing import NoReturn, TypeVar

import pytest

from kit.edge.containers.packages import ensure_package
from kit.edge.containers.session import REQUIRE, SESSION, containers_required
from kit.pure.errors import UnreachableError
from tests.support.environment import session_folder
from tests.support.sharing import locked

Made = TypeVar("Made")


def do_without(reason: str) -> NoReturn:
    """Skip the test, or fail it where nothing may be missing."""
    if containers_required():
        pytest.fail(f"{reason} (and {REQUIRE} or CI is set)")
    pytest.skip(reason)


def made(name: str, make: Callable[[], Made]) -> Made:
    """Return what `make` gives, or do without; what failed once in a test run is not tried again.

    Where a network says nothing, each try takes minutes, and hundreds of tests would try.
    """
    note = session_folder() / f"no-{name}"
    if note.is_file():
        do_without(note.read_text())
    try:
        return make()
    except UnreachableError as err:
        note.parent.mkdir(exist_ok=True)
        note.write_text(str(err))
        do_without(str(err))


def command_from_debian(name: str) -> str:
    """Return the path of a command; the first who asks installs it, where `make test` may."""
    if SESSION in os.environ:
        with locked("packages"):
            made(name, lambda: ensure_package(name))
    found = shutil.which(name)
    if found is None:
        do_without(f"no {name} on PATH; `make test` installs it as root on Debian")
    return found
