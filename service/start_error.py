"""Why a service cannot start, and the exit code that it leaves with."""

from enum import IntEnum


class Ending(IntEnum):
    """The exit codes of a service that could not start."""

    BAD_INPUT = 2
    UNREACHABLE = 3
    REFUSED = 4


class StartError(Exception):
    """Why the service cannot start; `hint` is the next step and `code` the exit code."""

    def __init__(self, code: Ending, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.code, self.hint = code, hint
