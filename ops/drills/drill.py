"""What a drill is: what it breaks, whom it must notify, how it is mended, what users may feel."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ops.drills.rules import EVERY_S
from ops.drills.stack import Stack
from ops.drills.users import PATIENCE_S

_SELDOMEST_S: Final = 5
EVERYTHING = "everything that was acknowledged"
"""What most faults must leave. A restore brings back what was there before the fault only."""


@dataclass(frozen=True, slots=True)
class Expected:
    """An alert that must arrive, with its priority, at this receiver of the shipped routes."""

    alert: str
    priority: str
    receiver: str


@dataclass(frozen=True, slots=True)
class Action:
    """Something that was done, as the runbook says it: how it ended and how long it took."""

    command: str
    exit_code: int
    took_s: float
    said: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold while the fault lasts; `said` is what was seen."""

    what: str
    holds: bool
    said: str = ""


def _nothing(_stack: Stack) -> Sequence[Action]:
    return ()


def _no_checks(_stack: Stack) -> Sequence[Check]:
    return ()


def _steady(_stack: Stack) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Drill:
    """One rehearsed failure.

    `most_failed_share` bounds what users may feel between fault and recovery, as a share of their
    requests; `steady` says what must hold before the fault beyond that all is well. All that is
    done to the stack is done by `inject` and `mend`; `checks` only looks, and `verify` looks once
    more when all is mended. They yield what they do as they do it. `keeps` says what must still be
    there afterwards: everything, else what was acknowledged before `inject` began. `needs` names
    parts of the stack beyond the usual ones. Without `resolves` nobody waits for the alert to be
    resolved, as its windows forget only after many minutes.
    """

    name: str
    breaks: str
    expects: tuple[Expected, ...]
    about_s: int
    inject: Callable[[Stack], Iterable[Action]]
    mend: Callable[[Stack], Iterable[Action]] = _nothing
    checks: Callable[[Stack], Iterable[Check]] = _no_checks
    verify: Callable[[Stack], Iterable[Check]] = _no_checks
    steady: Callable[[Stack], bool] = _steady
    settings: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    resolves: bool = True
    proves: tuple[str, ...] = ()
    golden_every_s: float = 0.0
    keeps: str = EVERYTHING
    most_failed_share: float = 1.0
    users_patience_s: float = PATIENCE_S
    every_s: int = EVERY_S
    steady_within_s: float = 240.0
    detect_within_s: float = 60.0
    recover_within_s: float = 120.0
    resolve_within_s: float = 90.0


def with_patience(drill: Drill, factor: float) -> Drill:
    """Return a drill whose limits of time are so many times as long, for a busy machine.

    Scrapes and evaluations are fewer, too, at most every five seconds: a scrape has that long.
    """
    return replace(
        drill,
        every_s=min(_SELDOMEST_S, round(drill.every_s * factor)),
        users_patience_s=drill.users_patience_s * factor,
        steady_within_s=drill.steady_within_s * factor,
        detect_within_s=drill.detect_within_s * factor,
        recover_within_s=drill.recover_within_s * factor,
        resolve_within_s=drill.resolve_within_s * factor,
    )
