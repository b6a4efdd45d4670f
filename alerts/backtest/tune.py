"""Search thresholds for a better trade-off; what is found is proposed and never applied."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from alerts.backtest.score import Total
from alerts.thresholds import FAMILIES
from kit.pure.errors import BadInputError
from kit.pure.fields import closest


@dataclass(frozen=True, slots=True)
class Trial:
    """A change of one or more thresholds (name to value) and how it scored."""

    change: tuple[tuple[str, float], ...]
    score: Total

    @property
    def goodness(self) -> tuple[float, float, float, float]:
        """Return what is to be large: no false pages, recall, precision, quick pages.

        Rules that never page are the slowest of all.
        """
        page_s = self.score.median_page_s
        return (
            -float(self.score.false_pages),
            self.score.recall or 0.0,
            self.score.precision or 0.0,
            -math.inf if page_s is None else -page_s,
        )


def candidates(
    limits: Mapping[str, float], names: Sequence[str], factors: Sequence[float]
) -> Iterator[tuple[tuple[tuple[str, float], ...], dict[str, float]]]:
    """Yield the thresholds as they are, then each named one times each factor."""
    yield (), {**limits}
    for name in names:
        if name not in limits:
            raise BadInputError(f"no threshold is called {name!r}", hint=closest(name, limits))
        for factor in factors:
            usual = limits[name]
            value = type(usual)(round(usual * factor, 6))
            if value != usual:
                yield ((name, value),), {**limits, name: value}


def front(trials: Iterable[Trial]) -> tuple[Trial, ...]:
    """Return the trials that no other beats in every respect (Pareto), the best first."""
    listed = list(trials)
    kept = [each for each in listed if not any(_beats(other, each) for other in listed)]
    return tuple(sorted(kept, key=lambda each: each.goodness, reverse=True))


def proposal(trials: Sequence[Trial], now: Mapping[str, float]) -> tuple[str, ...]:
    """Return the change of the limits as they are now that the best trial stands for, if any.

    Those of families are lines of alerts/thresholds.py, others of the project's own rules.
    """
    best = front(trials)[0]
    usual = next(each for each in trials if not each.change)
    if not best.change or not _beats(best, usual):
        return ()
    lines = []
    for name, value in best.change:
        written = f"    {name}: {type(now[name]).__name__} =" if name in FAMILIES else f"  {name}:"
        lines += [f"-{written} {now[name]}", f"+{written} {value}"]
    return tuple(lines)


def _beats(one: Trial, other: Trial) -> bool:
    pairs = list(zip(one.goodness, other.goodness, strict=True))
    return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)
