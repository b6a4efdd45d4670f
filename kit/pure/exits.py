"""The exit codes, the same for every verb, and which error leaves with which."""

from enum import IntEnum
from typing import Final

from kit.pure.errors import (
    BadInputError,
    HarnessError,
    NotEnoughDataError,
    RefusedError,
    UnreachableError,
)


class Exit(IntEnum):
    """What the shell gets to know."""

    HOLDS = 0
    BAD = 1
    USAGE = 2
    UNREACHABLE = 3
    REFUSED = 4
    NOT_ENOUGH_DATA = 5


INTERRUPTED: Final = 130
"""What shells give for a process that Ctrl-C ended: 128 and the signal's number."""

EXIT_HELP: Final = (
    "Exit codes: 0 holds · 1 the checked thing is bad · 2 wrong usage or a bad input file · "
    "3 something needed cannot be reached · 4 refused for safety · 5 not enough data to say"
)

_OF_ERROR: Final[tuple[tuple[type[HarnessError], Exit], ...]] = (
    (BadInputError, Exit.USAGE),
    (UnreachableError, Exit.UNREACHABLE),
    (RefusedError, Exit.REFUSED),
    (NotEnoughDataError, Exit.NOT_ENOUGH_DATA),
)


def exit_of_error(error: HarnessError) -> Exit:
    """Return the documented code for an error that ended the work."""
    return next((code for kind, code in _OF_ERROR if isinstance(error, kind)), Exit.BAD)
