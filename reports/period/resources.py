"""Processor and memory of each instance, and whether its memory leaks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from kit.pure.answers import Floats
from kit.pure.estimate import Estimate
from kit.pure.inference import theil_sen
from kit.pure.moments import local, local_at
from reports.period import wording
from reports.period.evidence import Evidence
from reports.period.quality import restarts
from reports.period.slots import Slots, highest_of, known, mean_of
from reports.period.states import State
from reports.period.window import Window

_DAY_S: Final = 86_400
_BLOCK_S: Final = 6 * 3600
_FEWEST_BLOCKS: Final = 6
_WORTH_TELLING: Final = 0.03
_MOST_ROWS: Final = 20
_ABSENT_SLOTS: Final = 3


@dataclass(frozen=True, slots=True)
class Instance:
    """One process: cores used, bytes of memory, and the slope of memory since its last start.

    `slope_bytes_per_day` has its 95 % interval. `leaks` is None where it cannot be said; `why`
    then is the reason. `full_at` is when the limit is reached at that slope.
    A leak is since `leaks_since`, and `gone` where the instance itself is.
    """

    name: str
    cpu_mean_cores: float | None
    cpu_peak_cores: float | None
    memory_mean_bytes: float | None
    memory_peak_bytes: float | None
    memory_last_bytes: float | None
    slope_bytes_per_day: Estimate | None
    leaks: bool | None
    why: str
    full_at: datetime | None
    leaks_since: datetime | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Resources:
    """`limit_bytes` is the smallest memory limit of all instances, None when it is not known."""

    limit_bytes: float | None
    instances: tuple[Instance, ...]
    problem: str | None


def resources(evidence: Evidence) -> Resources:
    """Return the section on resources."""
    slots = evidence.slots()
    memory, cpu = (evidence.columns(f"used:{one}", slots, "instance") for one in ("memory", "cpu"))
    limit = evidence.answer("whole.this:memory_limit").value
    started = dict(restarts(evidence))  # the last start of each wins
    unknown = np.full(len(slots), np.nan)
    rows = [
        _instance(
            name,
            memory.get(name, unknown),
            cpu.get(name, unknown),
            slots,
            started.get(name),
            limit,
            evidence.window,
        )
        for name in sorted(memory | cpu)
    ]
    measured = [row for row in rows if row.memory_mean_bytes or row.cpu_mean_cores]
    return Resources(limit, tuple(measured[:_MOST_ROWS]), evidence.answer("used").problem)


def _instance(
    name: str,
    memory: Floats,
    cpu: Floats,
    slots: Slots,
    started: datetime | None,
    limit: float | None,
    window: Window,
) -> Instance:
    since = memory.copy()
    if started is not None:
        since[slots.begins < started.timestamp()] = np.nan
    slope, leaks, why = leak_test(slots.begins, since)
    last = known(since)
    full_at = None
    if leaks and limit and slope is not None and len(last):
        days = max(limit - float(last[-1]), 0.0) / slope.value
        full_at = local(window.end + timedelta(days=min(days, 3650)), window.zone)
    held = np.flatnonzero(np.isfinite(since))
    is_there = bool(len(held)) and len(slots) - 1 - held[-1] < _ABSENT_SLOTS
    return Instance(
        name,
        mean_of(cpu),
        highest_of(cpu),
        mean_of(memory),
        highest_of(memory),
        float(last[-1]) if len(last) else None,
        slope,
        leaks,
        why,
        full_at if is_there else None,
        local_at(slots.begins[held[0]], window.zone) if leaks else None,
        (State.OPEN if is_there else State.GONE) if leaks else None,
    )


def leak_test(times: Floats, memory: Floats) -> tuple[Estimate | None, bool | None, str]:
    """Return the slope in bytes a day with its interval, whether it is a leak, and why not.

    Theil-Sen slope of six-hour means with its 95 % interval (Sen 1968): means over a quarter of a
    day, because neighbouring hours say the same. A leak has the whole interval above zero, rises in
    both halves (a cache that fills up stops), and gains at least 3 % of its level in a week.
    """
    block_times, means = _blocks(times, memory)
    if len(means) < _FEWEST_BLOCKS:
        at_s = times[np.isfinite(memory)]
        length = wording.minutes(float(np.ptp(at_s)) / 60) if len(at_s) else "nothing"
        return None, None, f"too short since the last start: {length}"
    days = block_times / _DAY_S
    slope = theil_sen(means, days)
    found = Estimate(slope.value, slope.low, slope.high)
    half = len(means) // 2
    rises = all(
        theil_sen(means[part], days[part]).value > 0
        for part in (slice(None, half), slice(half, None))
    )
    if found.low is not None and found.low <= 0:
        return found, False, "the interval holds zero"
    if not rises:
        return found, False, "it stops rising"
    if found.value * 7 < _WORTH_TELLING * float(means.mean()):
        return found, False, "too slow to matter"
    return found, True, ""


def _blocks(times: Floats, values: Floats) -> tuple[Floats, Floats]:
    numbers = ((times - times[0]) // _BLOCK_S).astype(int) if len(times) else np.array([], int)
    found = [
        (float(times[chosen].mean()), float(values[chosen].mean()))
        for number in np.unique(numbers)
        if (chosen := (numbers == number) & np.isfinite(values)).any()
    ]
    table = np.array(found).reshape(-1, 2)
    return table[:, 0], table[:, 1]
