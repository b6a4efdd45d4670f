"""A piece of maintenance: what is to be done, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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
            taken.append(Taken(step.what, Outcome.FAILED, reason))
    return taken


def to_json(taken: Sequence[Taken]) -> list[dict[str, Any]]:
    """Return steps as plain JSON data."""
    return [{"what": t.what, "outcome": str(t.outcome), "detail": t.detail} for t in taken]
