"""How noisy each alert was: how often it fired, whether anybody could act, whether it flaps."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

ACTIONABLE_S: Final = 600.0
"""What ended sooner ended by itself, before anybody could have acted (as in the reports)."""
_FLAPS_S: Final = 1800.0
_FLAPS: Final = 2


@dataclass(frozen=True, slots=True)
class Firing:
    """One firing in seconds since the epoch; `end_s` is None while it lasts."""

    alert: str
    priority: str
    start_s: float
    end_s: float | None


@dataclass(frozen=True, slots=True)
class Noise:
    """An alert over a time: `actionable` firings lasted ten minutes or more, or still do."""

    alert: str
    priority: str
    fired: int
    actionable: int
    minutes: float
    flaps: bool
    going: bool


def firings(
    found: Iterable[tuple[Mapping[str, str], Sequence[float]]], step_s: float, now_s: float
) -> tuple[Firing, ...]:
    """Return the firings out of the moments at which each series of ALERTS was there."""
    rows: list[Firing] = []
    for labels, times in found:
        start = previous = None
        for at in (*times, float("inf")):
            if previous is not None and start is not None and at - previous > 1.5 * step_s:
                end = None if now_s - previous <= step_s else previous + step_s
                rows.append(
                    Firing(labels.get("alertname", ""), labels.get("priority", ""), start, end)
                )
                start = None
            start, previous = at if start is None else start, at
    return tuple(sorted(rows, key=lambda each: -each.start_s))


def noise(found: Sequence[Firing], now_s: float) -> tuple[Noise, ...]:
    """Return each alert's noise, what fired most often first."""
    by_alert: dict[str, list[Firing]] = {}
    for each in found:
        by_alert.setdefault(each.alert, []).append(each)
    rows = (
        _of(name, sorted(own, key=lambda e: e.start_s), now_s) for name, own in by_alert.items()
    )
    return tuple(sorted(rows, key=lambda each: (-each.fired, each.alert)))


def _of(alert: str, own: Sequence[Firing], now_s: float) -> Noise:
    lasted = [(each.end_s or now_s) - each.start_s for each in own]
    soon = sum(
        late.start_s - (early.end_s or now_s) < _FLAPS_S for early, late in itertools.pairwise(own)
    )
    return Noise(
        alert,
        own[0].priority,
        len(own),
        sum(
            length >= ACTIONABLE_S or each.end_s is None
            for each, length in zip(own, lasted, strict=True)
        ),
        sum(lasted) / 60,
        flaps=soon >= _FLAPS,
        going=any(each.end_s is None for each in own),
    )
