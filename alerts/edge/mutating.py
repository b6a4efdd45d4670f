"""Change every rule in every place, and see whether its tests notice."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from alerts.behaviour.mutants import mutants
from alerts.behaviour.promtool import failed_files
from alerts.edge.behaviour import Watched
from alerts.edge.bench import Bench, bench
from alerts.edge.promtool_runs import LateError
from kit.pure.errors import UnreachableError

_AT_ONCE: Final = 20
_QUICK_MINUTES: Final = 250
_PATIENCE_S: Final = 900
_ALONE_S: Final = 3600
_MINUTES: Final = re.compile(r"(\d+)m")
Mutant = tuple[str, Mapping[str, Any]]
"""What was changed, and the changed rule."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """How many mutants were tried, which no test noticed, and which no machine time decided."""

    tried: int
    alive: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()

    @property
    def killed(self) -> int:
        """Return how many a test noticed."""
        return self.tried - len(self.alive) - len(self.undecided)

    def said(self) -> str:
        """Return the outcome as one line."""
        late = f", {len(self.undecided)} not decided in time" if self.undecided else ""
        return f"{self.killed} of {self.tried} mutants killed{late}"


def mutate_all(
    watched: Sequence[Watched],
    say: Callable[[str], None],
) -> Mutation:
    """Return what became of every mutant of these rules."""
    chosen = [(each, list(mutants(each.rule))) for each in watched]

    with bench() as used:

        def one(item: tuple[Watched, Sequence[Mutant]]) -> Mutation:
            found = _judged(used, *item)
            say(f"{item[0].name}: {found.said()}")
            return found

        return _sum(used.pool.map(one, [item for item in chosen if item[1]]))


def _judged(used: Bench, watched: Watched, tried: Sequence[Mutant]) -> Mutation:
    """Return the mutants of one rule, judged by its short cases first, then by the long ones."""
    left, late = list(tried), list[Mutant]()
    for cases in _by_length(watched.test):
        test = {**watched.test, "tests": cases}
        noticed = _noticed(used, watched, test, left)
        late = [mutant for mutant in left if noticed[mutant[0]] is None]
        left = [mutant for mutant in left if not noticed[mutant[0]]]
    slow = {change for change, _ in late}
    named = [f"{watched.name}: {change}" for change, _ in left if change not in slow]
    return Mutation(len(tried), tuple(named), tuple(f"{watched.name}: {change}" for change in slow))


def _by_length(test: Mapping[str, Any]) -> list[list[Any]]:
    """Return the short cases and the long ones, without an empty list."""
    short = [case for case in test["tests"] if _minutes(case) <= _QUICK_MINUTES]
    rest = [case for case in test["tests"] if _minutes(case) > _QUICK_MINUTES]
    return [cases for cases in (short, rest) if cases]


def _minutes(case: Mapping[str, Any]) -> int:
    times = [_MINUTES.fullmatch(asked["eval_time"]) for asked in case["promql_expr_test"]]
    return max((int(found[1]) for found in times if found), default=0)


def _noticed(
    used: Bench, watched: Watched, test: Mapping[str, Any], tried: Sequence[Mutant]
) -> dict[str, bool | None]:
    """Return whether the test notices each mutant; None for one that took too long, even alone."""
    found: dict[str, bool | None] = {}
    for start in range(0, len(tried), _AT_ONCE):
        some = tried[start : start + _AT_ONCE]
        try:
            found |= _run(used, watched, test, some, _PATIENCE_S)
        except LateError:
            for mutant in some:
                try:
                    found |= _run(used, watched, test, [mutant], _ALONE_S)
                except LateError:
                    found[mutant[0]] = None
    return found


def _run(
    used: Bench,
    watched: Watched,
    test: Mapping[str, Any],
    tried: Sequence[Mutant],
    patience_s: float,
) -> dict[str, bool]:
    named = [{"groups": [{"name": "mutant", "rules": [*watched.below, one]}]} for _, one in tried]
    paths, said = used.said([(rules, test) for rules in named], patience_s)
    failed = failed_files(said)
    if failed.keys() != set(paths):
        raise UnreachableError(
            f"promtool tested only {len(failed)} of {len(paths)} mutants of {watched.name}"
        )
    return {change: failed[path] for (change, _), path in zip(tried, paths, strict=True)}


def _sum(found: Iterable[Mutation]) -> Mutation:
    tried, alive, undecided = 0, list[str](), list[str]()
    for each in found:
        tried += each.tried
        alive += each.alive
        undecided += each.undecided
    return Mutation(tried, tuple(alive), tuple(undecided))
