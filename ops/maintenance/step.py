"""A piece of maintenance: what is to be done, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kit.edge.writing import takes_no_more
from kit.pure.exits import Exit


class Outcome(StrEnum):
    """What became of a step."""

    WOULD = "would"
    DONE = "done"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do: said in words, and how it is done; `do` returns what came of it."""

    what: str
    do: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Taken:
    """A step and its outcome; `detail` is what was done, or why it failed."""

    what: str
    outcome: Outcome
    detail: str = ""
    takes_no_more: bool = False
    """It failed because the disk takes no more."""


def take(
    steps: Sequence[Step], *, apply: bool, expected: tuple[type[Exception], ...]
) -> list[Taken]:
    """Do the steps one after another, or only say what they are; one that fails ends nothing."""
    taken = []
    for step in steps:
        if not apply:
            taken.append(Taken(step.what, Outcome.WOULD))
            continue
        try:
            taken.append(Taken(step.what, Outcome.DONE, step.do()))
        except expected as err:
            reason = str(err).partition(", full error")[0][:300]
            taken.append(Taken(step.what, Outcome.FAILED, reason, takes_no_more(err)))
    return taken


def exit_of(taken: Sequence[Taken]) -> Exit:
    """Return 3 when the disk took no more, 1 when a step failed for another reason."""
    failed = [one for one in taken if one.outcome is Outcome.FAILED]
    if any(one.takes_no_more for one in failed):
        return Exit.UNREACHABLE
    return Exit.BAD if failed else Exit.HOLDS


def to_json(taken: Sequence[Taken]) -> list[dict[str, object]]:
    """Return steps as plain JSON data."""
    return [{"what": t.what, "outcome": str(t.outcome), "detail": t.detail} for t in taken]
