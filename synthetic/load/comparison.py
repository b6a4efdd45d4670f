"""Whether one run was slower than another, route by route, and how sure that is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.errors import NotEnoughDataError, RefusedError
from kit.pure.inference import likely_no_more, student_quantile
from slo.verdict import Verdict, overall
from synthetic.load.blocks import Histograms, read_blocks, value_of
from synthetic.load.coverage import why_not_whole

ALL: Final = "all requests"
LEVEL: Final = 0.95
RESAMPLES: Final = 200
FALSE_ALARMS: Final = 0.01
"""Of a whole comparison, shared out among its routes (Bonferroni)."""
TOLERATED: Final = 0.10
"""Within this, two runs are called the same."""
WORTH_SAYING: Final = 0.03
"""A difference that is certain but smaller is within the spread between identical runs."""
FEWEST: Final = 200
MOST_DROPPED: Final = 0.01
"""Of the requests; what was never sent has no latency, so that the rest looks faster than it is."""
_LIKE: Final = ("system", "architecture", "processors", "memory_bytes", "python")
_SEED: Final = 20_031


class Change(StrEnum):
    """What a comparison says of a route."""

    SLOWER = "slower"
    FASTER = "faster"
    SAME = "same"
    UNDECIDED = "undecided"
    NO_DATA = "no data"


@dataclass(frozen=True, slots=True)
class Difference:
    """How a percentile of one route changed, as a share: 0.12 is 12 % slower; 95 % interval."""

    route: str
    percentile: float
    before_ms: float | None
    after_ms: float | None
    effect: float | None
    low: float | None
    high: float | None
    change: Change

    def __str__(self) -> str:
        """Return it as people say it, e.g. slower by 12 % (8 to 17)."""
        if self.effect is None or self.low is None or self.high is None:
            return str(self.change)
        if self.effect >= 0:
            effect, low, high, word = self.effect, self.low, self.high, "slower"
        else:
            effect, low, high, word = -self.effect, -self.high, -self.low, "faster"
        text = f"{word} by {effect * 100:.0f} % ({low * 100:.0f} to {high * 100:.0f})"
        if self.change in {Change.SLOWER, Change.FASTER}:
            return text
        return f"{self.change}: {text}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """All differences of run `after` against run `before`, the sum of all routes first."""

    before: str
    after: str
    differences: tuple[Difference, ...]
    more_failures: float | None  # one-sided p-value of Fisher's test that failures have risen
    lacking: tuple[str, ...] = ()  # routes that only one of the runs asked

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
) -> Comparison:
    """Return how the run of record `after` differs from that of record `before`.

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
    routes = list({**old, **new})
    none = np.zeros((1, 1))
    share = FALSE_ALARMS / len(routes)
    found = tuple(
        difference(
            name, old.get(name, none), new.get(name, none), percentile=percentile,
            false_alarms=share,
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
    )


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


def difference(
    route: str, old: Histograms, new: Histograms, *, percentile: float, false_alarms: float
) -> Difference:
    """Return the change of one route.

    The standard error of the logarithm of each percentile is had by the bootstrap over blocks
    (Künsch 1989, here with blocks that do not overlap) and widened by n / (n - 1); the interval
    is Student's with the degrees of freedom by Welch and Satterthwaite.
    """
    if min(old.sum(), new.sum()) < FEWEST:
        return Difference(route, percentile, None, None, None, None, None, Change.NO_DATA)
    random = np.random.default_rng(_SEED)
    (was, was_error, n), (now, now_error, m) = (
        _log_percentile(one, percentile, random) for one in (old, new)
    )
    error = float(np.hypot(was_error, now_error))
    freedom = _freedom(was_error, n, now_error, m)
    effect, half = now - was, error * student_quantile((1 + LEVEL) / 2, freedom)
    sure = error * student_quantile(1 - false_alarms, freedom)
    return Difference(
        route,
        percentile,
        float(np.exp(was)),
        float(np.exp(now)),
        float(np.expm1(effect)),
        float(np.expm1(effect - half)),
        float(np.expm1(effect + half)),
        _change(effect, half, sure),
    )


def _change(effect: float, half: float, sure: float) -> Change:
    """Return the word for a difference of logarithms, `sure` being the margin of an alarm."""
    if effect - sure > 0 and effect > np.log1p(WORTH_SAYING):
        return Change.SLOWER
    if effect + sure < 0 and effect < -np.log1p(WORTH_SAYING):
        return Change.FASTER
    inside = effect + half < np.log1p(TOLERATED) and effect - half > -np.log1p(TOLERATED)
    return Change.SAME if inside else Change.UNDECIDED


def _log_percentile(
    histograms: Histograms, q: float, random: np.random.Generator
) -> tuple[float, float, int]:
    """Return the logarithm of the q-quantile, its standard error, and the blocks in use."""
    used = histograms[histograms.sum(axis=1) > 0]
    count = len(used)
    filled = np.flatnonzero(used.sum(axis=0))
    used = used[:, filled]
    drawn = random.multinomial(count, np.full(count, 1 / count), size=RESAMPLES)
    logs = np.log(_quantiles(np.vstack([used.sum(axis=0), drawn @ used]), filled, q))
    spread = float(np.std(logs[1:], ddof=1)) * np.sqrt(count / max(count - 1, 1))
    return float(logs[0]), max(spread, 1e-4), count


def _quantiles(rows: NDArray[np.float64], bins: NDArray[np.int64], q: float) -> NDArray[np.float64]:
    """Return the q-quantile of each row of counts in `bins`, in milliseconds, even in a bin."""
    sums = np.cumsum(rows, axis=1)
    wanted = q * sums[:, -1]
    place = np.argmax(sums >= wanted[:, None], axis=1)
    index = np.arange(len(rows))
    inside = rows[index, place]
    before = sums[index, place] - inside
    return value_of(bins[place] + (wanted - before) / np.maximum(inside, 1e-12))


def _freedom(a: float, n: int, b: float, m: int) -> float:
    top = (a * a + b * b) ** 2
    return max(top / (a**4 / max(n - 1, 1) + b**4 / max(m - 1, 1)), 1.0)


def _read(record: Mapping[str, Any]) -> dict[str, Histograms]:
    routes = read_blocks(record["blocks"])
    return {ALL: np.sum(list(routes.values()), axis=0), **routes}


def _more_failures(before: Mapping[str, Any], after: Mapping[str, Any]) -> float | None:
    """Return how likely so many more failures are by chance alone (Fisher's exact test)."""
    requests, earlier = after["overall"]["requests"], before["overall"]["requests"]
    if not requests or not earlier:
        return None
    failed = after["overall"]["failed"], before["overall"]["failed"]
    return likely_no_more(failed, (requests - failed[0], earlier - failed[1]))
