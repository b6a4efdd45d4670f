"""Ask more finely than one query has points: several looks in one, each some time ago."""

from collections import defaultdict
from datetime import timedelta
from math import ceil
from typing import Final

import numpy as np

from kit.pure.answers import Answer, Floats, Series
from kit.pure.durations import to_prometheus
from kit.pure.query import Query
from reports.period.window import Window

AGO: Final = "ago"
"""The label that says by how many seconds a series of such an answer is earlier."""
USUAL_SCRAPE_S: Final = 30
_MOST_POINTS: Final = 10_000
_MOST_SAMPLES: Final = 300_000
_LENGTH: Final = "[{w}]"
_INTERVALS_S: Final = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300)
_LOOKED_AT: Final = 48
_LOOK_S: Final = 600
_LATE: Final = 0.95


def fine(name: str, text: str, window: Window, step_s: int) -> Query:
    """Ask `text`, whose ranges are all `[{w}]`, for every `step_s` of a window.

    Where that is more points than a query may have, each is asked for several slots at once by
    `offset`; `in_order` puts the answer together again.
    """
    looks = ceil(window.seconds / step_s / _MOST_POINTS)
    length = f"[{to_prometheus(timedelta(seconds=step_s))}]"
    parts = [
        (ago, text.replace(_LENGTH, length + (f" offset {ago}s" if ago else "")))
        for ago in range(0, looks * step_s, step_s)
    ]
    asked = " or ".join(
        f'label_replace({part}, "{AGO}", "{ago}", "", "")' if looks > 1 else part
        for ago, part in parts
    )
    whole = looks * step_s
    end_s = window.start_s + ceil(window.seconds / whole) * whole
    return Query(name, asked, window.start_s + whole, end_s, whole)


def in_order(answer: Answer) -> Answer:
    """Return an answer with the looks of each series as one series."""
    if not any(AGO in one.labels for one in answer.series):
        return answer
    grouped: dict[tuple[tuple[str, str], ...], list[tuple[Floats, Floats]]] = defaultdict(list)
    for one in answer.series:
        labels = {name: value for name, value in one.labels.items() if name != AGO}
        times = one.times - float(one.label(AGO) or 0)
        grouped[tuple(sorted(labels.items()))].append((times, one.values))
    joined = tuple(_joined(dict(key), looks) for key, looks in grouped.items())
    return Answer(joined, answer.problem)


def _joined(labels: dict[str, str], looks: list[tuple[Floats, Floats]]) -> Series:
    times, values = (np.concatenate(side) for side in zip(*looks, strict=True))
    order = np.argsort(times, kind="stable")
    return Series(labels, times[order], values[order])


def how_often(window: Window, target: str) -> Query:
    """Ask how many samples the best scraped instance has in ten minutes, all over a window."""
    look_s = min(_LOOK_S, window.seconds)
    step_s = max(1, (window.seconds - look_s) // _LOOKED_AT or look_s)
    text = f"max(count_over_time(up{{{target}}}[{look_s}s]))"
    return Query("scrape_interval", text, window.start_s + look_s, window.end_s, step_s)


def scrape_interval_s(window: Window, found: Answer) -> int:
    """Return the seconds between two scrapes, from the answer to `how_often`.

    It is a usual interval, the one above where it is none, and so long that a window has no more
    than 300,000 of it; 30 where nothing was scraped.
    """
    counts = [float(np.nanmax(one.values)) for one in found.series if np.isfinite(one.values).any()]
    most = max(counts, default=0.0)
    if most <= 0:
        return USUAL_SCRAPE_S
    # A scrape may be early, and ranges of Prometheus 2 hold both ends.
    least = max(min(_LOOK_S, window.seconds) / most * _LATE, window.seconds / _MOST_SAMPLES)
    return next((one for one in _INTERVALS_S if one >= least), _INTERVALS_S[-1])
