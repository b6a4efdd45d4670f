"""The service in this process, with what keeps it from starting as errors of the harness."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kit.edge.writing import takes_no_more
from kit.pure.errors import BadInputError, RefusedError, UnreachableError
from service.secret_files import with_files
from service.serving import listen, serve
from service.start_error import Ending, StartError

__all__ = ["listen", "made_folder", "serve", "starting", "with_files"]

_KINDS: Final = MappingProxyType(
    {
        Ending.BAD_INPUT: BadInputError,
        Ending.UNREACHABLE: UnreachableError,
        Ending.REFUSED: RefusedError,
    }
)


@contextlib.contextmanager
def starting() -> Iterator[None]:
    """Raise what the service says on its start as the error of the harness with the same code."""
    try:
        yield
    except StartError as err:
        raise _KINDS[err.code](str(err), hint=err.hint) from err


def made_folder(path: Path, option: str) -> Path:
    """Return `path` as a folder that exists; raises BadInputError naming the option.

    When the disk is full it is UnreachableError.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        kind = UnreachableError if takes_no_more(err) else BadInputError
        raise kind(
            f"{option} {path}: {err.strerror or err}", hint="give a folder that can be written"
        ) from err
    return path
