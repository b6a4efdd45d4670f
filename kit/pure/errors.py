"""The four ways in which work of the harness ends without an answer.

Each carries what went wrong and what to do next; the command line maps each kind to one exit code.
"""


class HarnessError(Exception):
    """Something the person at the keyboard can act on.

    `hint` is the next step, in one sentence; empty when the message says it all.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def reason_of(err: BaseException) -> str:
    """Return what an error of a library says, or which it is where it says nothing."""
    return str(err) or type(err).__name__


class BadInputError(HarnessError):
    """A file, a value or an option is wrong (exit code 2)."""


class UnreachableError(HarnessError):
    """Something needed does not answer (exit code 3)."""


class RefusedError(HarnessError):
    """It could be done but would be unsafe (exit code 4)."""


class NotEnoughDataError(HarnessError):
    """The data do not allow an answer, which is never a pass (exit code 5)."""
