"""A step of an isolation: said first, done only when it is wanted."""

from collections.abc import Callable
from dataclasses import dataclass

from kit.pure.exits import Exit


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it does to users, the commands to do and undo it, and doing it.

    `feed` is what the command reads from standard input. `do` raises HarnessError with the reason
    when it did not work, and returns what it said. Undone from the last step to the first.
    """

    effect: str
    command: str
    undo: str
    do: Callable[[], str]
    feed: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was done, or was not: `problem` is empty when it was, else `exit` its kind."""

    step: Step
    said: str = ""
    problem: str = ""
    exit: Exit = Exit.HOLDS


@dataclass(frozen=True, slots=True)
class Isolation:
    """The steps of an isolation, and a look at what is still open once they are done.

    `look` returns a line for each opening, and raises HarnessError when it cannot tell; it is None
    where each step makes sure itself. `before` is what is open now, and `after` what the steps
    leave open, by the policies; None where that is not computed.
    """

    steps: list[Step]
    look: Callable[[], list[str]] | None = None
    before: list[str] | None = None
    after: list[str] | None = None
