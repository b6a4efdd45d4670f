"""Whether one run was slower than another, route by route, and how sure that is. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

import numpy as np

from kit.pure.errors import NotEnoughDataError, RefusedError
from kit.pure.inference import likely_no_more
from slo.verdict import Verdict, overall
from synthetic.clusters import UNSEEN_BUNCH, design_effect
from synthetic.load.blocks import Histograms, read_blocks
from synthetic.load.coverage import why_not_whole
from synthetic.load.differences import (
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
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    percentile: float = 0.95,
    force: bool = False,
    earlier: Sequence[Mapping[str, Any]] = (),
) -> Comparison:
    """Return how the run of record `after` differs from that of record `before`.

    `earlier` are runs like them, in the order of time, from which the spread between runs is
    known; the fewest that tell it are `FEWEST_RUNS`. Without, only a change that is beyond what
    runs of the same may show is one.

    Raises NotEnoughDataError for a void or partial run, RefusedError for runs that are not alike
    (other profile, machine or schema) unless `force`.
    """
    for record in (before, after):
        if why := why_not_whole(record):
            raise NotEnoughDataError(
                f"run {record['id']} {why}", hint="compare runs that sent all of their plan"
            )
    if not force:
        _refuse_dropped(before, after)
    if (unlike := unlikeness(before, after)) and not force:
        raise RefusedError(
            f"the runs are not alike: {', '.join(unlike)}", hint="--force compares them anyway"
        )
    old, new = _read(before), _read(after)
    told = [_read(one) for one in earlier if not unlikeness(before, one)][-MOST_RUNS:]
    lagged = _lagged(before, percentile) | _lagged(after, percentile)
    routes = list({**old, **new})
    none = np.zeros((1, 1))
    share = FALSE_ALARMS / len(routes)
    found = tuple(
        difference(
            name, old.get(name, none), new.get(name, none), percentile=percentile,
            false_alarms=share,
            spread=spread_between([one[name] for one in told if name in one], percentile),
            trusted=name not in lagged,
        )
        for name in routes
    )  # fmt: skip
    asked = [{name for name, each in side.items() if each.sum()} for side in (old, new)]
    return Comparison(
        str(before["id"]),
        str(after["id"]),
        found,
        _more_failures(before, after),
        tuple(name for name in routes if name in asked[0] ^ asked[1]),
        len(told) if len(told) >= FEWEST_RUNS else 0,
    )


def _lagged(record: Mapping[str, Any], percentile: float) -> set[str]:
    """Return the routes whose percentile is the generator's lag as well, and ALL."""
    name = f"p{percentile * 100:g}"
    figures = {ALL: record.get("overall", {}), **record.get("routes", {})}
    found = ((n, f.get("percentiles_ms", {}).get(name, {})) for n, f in figures.items())
    return {route for route, one in found if one.get("lagged")}


def _refuse_dropped(*records: Mapping[str, Any]) -> None:
    for record in records:
        account = record.get("account", {})
        dropped, planned = account.get("dropped", 0), account.get("scheduled", 0)
        if dropped > MOST_DROPPED * planned:
            raise RefusedError(
                f"run {record['id']} dropped {dropped:,} of its {planned:,} requests",
                hint="compare runs that sent what was due; --force compares them anyway",
            )


def unlikeness(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return what makes two runs incomparable, each in some words."""
    found = []
    if before["schema"] != after["schema"] or "blocks" not in before or "blocks" not in after:
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


def _read(record: Mapping[str, Any]) -> dict[str, Histograms]:
    routes = read_blocks(record["blocks"])
    return {ALL: np.sum(list(routes.values()), axis=0), **routes}


def _more_failures(before: Mapping[str, Any], after: Mapping[str, Any]) -> float | None:
    """Return how likely so many more failures are by chance alone.

    Fisher's exact test on the counts over their design effect (Rao and Scott 1992, A simple method
    for the analysis of clustered binary data): a hiccup of eight failures is one event.
    """
    requests, earlier = after["overall"]["requests"], before["overall"]["requests"]
    if not requests or not earlier:
        return None
    effect = max(map(_effect, (before, after)))
    failed = [ceil(one["overall"]["failed"] / effect) for one in (after, before)]
    asked = [max(round(n / effect), x) for n, x in zip((requests, earlier), failed, strict=True)]
    return likely_no_more((failed[0], failed[1]), (asked[0] - failed[0], asked[1] - failed[1]))


def _effect(record: Mapping[str, Any]) -> float:
    """Return how many failures of a run count as one; what has no timeline tells of none."""
    parts = record.get("timeline", ())
    columns = [[float(one[n]) for one in parts] for n in ("failed", "scheduled")]
    failed, scheduled = map(np.array, columns)
    if len(parts) < _FEWEST_PARTS:
        return float(min(max(record["overall"]["failed"], 1), UNSEEN_BUNCH))
    return float(design_effect(failed, scheduled))
