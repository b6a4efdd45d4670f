"""Whether one run was slower than another, route by route, and how sure that is. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np

from kit.pure.errors import NotEnoughDataError, RefusedError
from kit.pure.inference import likely_no_more
from kit.pure.json_values import JsonMapping
from slo.verdict import Verdict, overall
from synthetic.clusters import UNSEEN_BUNCH, design_effect
from synthetic.load.blocks import Recorded
from synthetic.load.coverage import why_not_whole
from synthetic.load.differences import (
    FEWEST,
    FEWEST_RUNS,
    Change,
    Difference,
    difference,
    spread_between,
)

ALL: Final = "all requests"
FALSE_ALARMS: Final = 0.01
"""Of a whole comparison, shared out among its routes (Bonferroni)."""
MOST_DROPPED: Final = 0.01
"""Of the requests; what was never sent has no latency, so that the rest looks faster than it is."""
MOST_RUNS: Final = 20
_LIKE: Final = ("system", "architecture", "processors", "memory_bytes", "python")
_FEWEST_PARTS: Final = 10


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences of run `after` against run `before`, the sum of all routes first."""

    before: str
    after: str
    differences: tuple[Difference, ...]
    more_failures: float | None  # one-sided p-value that failures have risen
    lacking: tuple[str, ...] = ()  # routes that only one of the runs asked
    earlier: int = 0  # runs that tell how far runs of the same lie apart; 0: nothing tells it
    pairs: int = 0  # of runs taken in turns; 0: a single run was held against a single one

    @property
    def verdict(self) -> Verdict:
        """Return FAIL when anything got worse, PASS when the whole is the same or faster."""
        worse = any(one.change is Change.SLOWER for one in self.differences)
        if worse or (self.more_failures is not None and self.more_failures < FALSE_ALARMS):
            return Verdict.FAIL
        known = {
            Change.SAME: Verdict.PASS,
            Change.FASTER: Verdict.PASS,
            Change.NO_DATA: Verdict.NO_DATA,
        }
        if self.lacking or self.more_failures is None:
            return Verdict.NO_DATA
        return overall(
            known.get(one.change, Verdict.INCONCLUSIVE)
            for one in self.differences
            if one.route == ALL
        )


def compare(
    before: JsonMapping,
    after: JsonMapping,
    *,
    percentile: float = 0.95,
    force: bool = False,
    earlier: Sequence[JsonMapping] = (),
) -> Comparison:
    """Return how the run of record `after` differs from that of record `before`.

    `earlier` are runs like them, in the order of time, from which the spread between runs is
    known; the fewest that tell it are `FEWEST_RUNS`. Without, only a change that is beyond what
    runs of the same may show is one.

    Raises NotEnoughDataError for a void or partial run, RefusedError for runs that are not alike
    (other profile, machine or schema) unless `force`.
    """
    check_alike((before, after), force=force)
    old, new = histograms_of(before), histograms_of(after)
    told = [histograms_of(one) for one in earlier if not unlikeness(before, one)][-MOST_RUNS:]
    lagged = _lagged(before, percentile) | _lagged(after, percentile)
    routes = list(dict.fromkeys((*old, *new)))
    none = np.zeros((1, 1))
    share = FALSE_ALARMS / len(routes)

    def of(name: str) -> Difference:
        was, now = old.get(name, none), new.get(name, none)
        enough = min(was.sum(), now.sum()) >= FEWEST
        known = [one[name] for one in told if name in one] if enough else []
        return difference(
            name, was, now, percentile=percentile, false_alarms=share,
            spread=spread_between(known, percentile), trusted=name not in lagged,
        )  # fmt: skip

    found = tuple(map(of, routes))
    return Comparison(
        str(before["id"]),
        str(after["id"]),
        found,
        more_failures([before], [after]),
        lacking_routes(routes, old.asked, new.asked),
        len(told) if len(told) >= FEWEST_RUNS else 0,
    )


def check_alike(records: Sequence[JsonMapping], *, force: bool) -> None:
    """Raise NotEnoughDataError for a run that is not whole, RefusedError for ones not alike."""
    for record in records:
        if why := why_not_whole(record):
            raise NotEnoughDataError(
                f"run {record['id']} {why}", hint="compare runs that sent all of their plan"
            )
        if force and "blocks" not in record:
            raise NotEnoughDataError(
                f"run {record['id']} has no latencies in blocks of time: it is of an old version",
                hint="run it again",
            )
    if force:
        return
    for record in records:
        _refuse_dropped(record)
    for record in records[1:]:
        if unlike := unlikeness(records[0], record):
            raise RefusedError(
                f"the runs are not alike: {', '.join(unlike)}", hint="--force compares them anyway"
            )


def lacking_routes(routes: Iterable[str], old: set[str], new: set[str]) -> tuple[str, ...]:
    """Return the routes that only one side asked."""
    return tuple(name for name in routes if name in old ^ new)


def _lagged(record: JsonMapping, percentile: float) -> set[str]:
    """Return the routes whose percentile is the generator's lag as well, and ALL.

    Records of earlier versions have the lag in their blocks.
    """
    if record["blocks"].get("without_lag"):
        return set()
    name = f"p{percentile * 100:g}"
    figures = {ALL: record.get("overall", {}), **record.get("routes", {})}
    found = ((n, f.get("percentiles_ms", {}).get(name, {})) for n, f in figures.items())
    return {route for route, one in found if one.get("lagged")}


def _refuse_dropped(record: JsonMapping) -> None:
    account = record.get("account", {})
    dropped, planned = account.get("dropped", 0), account.get("scheduled", 0)
    if dropped > MOST_DROPPED * planned:
        raise RefusedError(
            f"run {record['id']} dropped {dropped:,} of its {planned:,} requests",
            hint="compare runs that sent what was due; --force compares them anyway",
        )


def unlikeness(before: JsonMapping, after: JsonMapping) -> list[str]:
    """Return what makes two runs incomparable, each in some words."""
    found = []
    made = [(one["schema"], one.get("blocks", {}).get("without_lag")) for one in (before, after)]
    if made[0] != made[1] or "blocks" not in before or "blocks" not in after:
        found.append("other version of the record")
    old, new = before["config"]["profile"], after["config"]["profile"]
    found += [
        f"{name} of the profile differs"
        for name in sorted({*old, *new})
        if name not in {"description", "max_lag_p99_ms"} and old.get(name) != new.get(name)
    ]
    found += [
        f"other {name} ({before['machine'].get(name)} and {after['machine'].get(name)})"
        for name in _LIKE
        if before["machine"].get(name) != after["machine"].get(name)
    ]
    if before["generator"]["workers"] != after["generator"]["workers"]:
        found.append("other number of workers")
    return found


def histograms_of(record: JsonMapping) -> Recorded:
    """Return what a run recorded of each route, the sum of all first."""
    return Recorded(record["blocks"], whole=ALL)


def more_failures(before: Sequence[JsonMapping], after: Sequence[JsonMapping]) -> float | None:
    """Return how likely so many more failures are by chance alone; None without any requests.

    Fisher's exact test on the counts over their design effect (Rao and Scott 1992, A simple method
    for the analysis of clustered binary data): a hiccup of eight failures is one event.
    """
    sides = after, before
    requests, failed = (
        [sum(int(one["overall"][name]) for one in side) for side in sides]
        for name in ("requests", "failed")
    )
    if not all(requests):
        return None
    effect = max(map(_effect, sides, failed))
    failed = [ceil(one / effect) for one in failed]
    asked = [max(round(n / effect), x) for n, x in zip(requests, failed, strict=True)]
    return likely_no_more((failed[0], failed[1]), (asked[0] - failed[0], asked[1] - failed[1]))


def _effect(runs: Sequence[JsonMapping], failed: int) -> float:
    """Return how many failures count as one; what has no timeline tells of none."""
    parts = [part for run in runs for part in run.get("timeline", ())]
    bad, asked = (np.array([float(one[n]) for one in parts]) for n in ("failed", "scheduled"))
    if len(parts) < _FEWEST_PARTS:
        return float(min(max(failed, 1), UNSEEN_BUNCH))
    return float(design_effect(bad, asked))
