"""Count what an objective is about on a Prometheus: events at once, slices one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

import numpy as np

from kit.edge.prometheus import QueryRefusedError
from kit.pure.answers import Series
from slo import contradiction
from slo.account import Counted
from slo.maintenance import Maintenance
from slo.objective import Objective, Ratio, RawRatio, Slices
from slo.period import Period
from slo.promql import bad_of, bad_share_of, total_of
from slo.series import is_one_series, parse
from slo.tally import Side, Tally, count_slices

_MOST_POINTS: Final = 10_000  # Prometheus gives up to 11,000 a series
_LOOKS: Final = 500
"""At so many moments of a window it is looked whether there was anything to count."""
_PACE: Final = timedelta(hours=1)
_NOTHING: Final = Tally(0, 0)


class Server(Protocol):
    """What is asked: a Prometheus."""

    def instant(self, expression: str, at_s: float) -> tuple[Series, ...]:
        """Return a vector at an instant."""

    def range(
        self, expression: str, start_s: float, end_s: float, step_s: float
    ) -> tuple[Series, ...]:
        """Return a matrix from start to end, both included."""


def count(
    server: Server,
    objective: Objective,
    period: Period,
    left_out: Sequence[Maintenance],
    *,
    pace: bool = True,
) -> Counted:
    """Return what a Prometheus counted in a period, but for the times left out.

    Without `pace` it is not asked how fast the budget is spent just now.

    Raises UnreachableError, or QueryRefusedError with Prometheus's own reason.
    """
    if objective.slices is not None:
        found = _count_slices(server, objective.slices, _grid(objective, period), left_out)
    else:
        found = _count_events(server, objective, period, left_out)
    burning = _pace(server, objective, period.now) if pace else None
    return replace(
        found,
        burn_now=None if burning is None else burning / objective.budget,
        contradiction=contradiction.of_objective(objective) or found.contradiction,
    )


def _pace(server: Server, objective: Objective, now: datetime) -> float | None:
    return _value(server.instant(bad_share_of(objective.indicator, _PACE), now.timestamp()))


def _count_events(
    server: Server, objective: Objective, period: Period, left_out: Sequence[Maintenance]
) -> Counted:
    """Count a whole period in one question, and take out what was counted in the times left out."""
    since, watched, gap = _presence(server, objective, period, left_out)
    whole, wrong = _events(server, objective, period.now, period.passed, watched)
    out = [_events(server, objective, each.end, each.length)[0] for each in left_out]
    excluded = Tally(sum(each.bad for each in out), sum(each.total for each in out))
    kept = whole.without(excluded)
    if isinstance(objective.indicator, RawRatio):
        # A ready-made share has no counts: it is weighed by the time for which it was there.
        kept = replace(kept, bad=_share(kept) * watched, total=watched if kept.total else 0.0)
    missing = kept.total / watched * gap if watched else 0.0
    so_far = period.passed - sum((each.length for each in left_out), timedelta())
    share = min(1.0, watched / so_far.total_seconds()) if kept.total and so_far else 0.0
    kept = replace(kept, missing=missing)
    return Counted(kept, unit(objective), since, excluded, None, share, wrong)


def _events(
    server: Server, objective: Objective, end: datetime, span: timedelta, watched_s: float = 0.0
) -> tuple[Tally, str | None]:
    """Return what a span that ends at `end` counted, and why that cannot be."""
    at_s, seconds = end.timestamp(), span.total_seconds()
    asked = _bad_of_some(objective.indicator, span)
    if isinstance(objective.indicator, RawRatio):  # where there is a share, it is of one
        bad = _value(server.instant(asked, at_s))
        total = None if bad is None else 1.0
    else:
        total = _value(server.instant(total_of(objective.indicator, span), at_s))
        bad = None if total is None else _value(server.instant(asked, at_s))
    if total is None:
        return _NOTHING, None
    if bad is None:
        if total <= 0:
            return _NOTHING, None
        raise QueryRefusedError(f"no number of bad events came back for {asked}")
    if isinstance(objective.indicator, RawRatio):
        wrong = contradiction.of_share(bad)
    else:
        wrong = contradiction.of_counts(bad * seconds, total * seconds, watched_s)
    total = max(total, 0.0)
    return Tally(min(max(bad, 0.0), total) * seconds, total * seconds), wrong


def _bad_of_some(indicator: Ratio | RawRatio, span: timedelta) -> str:
    """Return what asks for the bad events of a span that had events.

    Where no series says so, none was bad; the total is not read a second time for that.
    """
    side = indicator.bad if isinstance(indicator, Ratio) else None
    if side is not None and is_one_series(parse(side)):
        return f"({bad_of(indicator, span)}) or vector(0)"
    return bad_of(indicator, span, none_is_zero=True)


def _presence(
    server: Server, objective: Objective, period: Period, left_out: Sequence[Maintenance]
) -> tuple[datetime | None, float, float]:
    """Return since when there is something to count, and the seconds since with it and without."""
    step = timedelta(seconds=max(300, round(period.passed.total_seconds() / _LOOKS / 60) * 60))
    looks = period.passed // step
    ends = _ends(period.now - looks * step, looks * step, step)
    found = _ranged(server, total_of(objective.indicator, step), ends, step)
    seen = [end for end in ends if end in found]
    if not seen:
        return None, 0.0 if ends else period.passed.total_seconds(), 0.0
    since = [end for end in ends if end >= seen[0] and not _is_out(end, step, left_out)]
    there = sum(end in found for end in since)
    step_s = step.total_seconds()
    is_first = seen[0] == ends[0]
    begin = ends[0] - round(step_s) if is_first else _first_seen(server, objective, seen[0], step)
    late_s = 0.0 if _is_out(seen[0], step, left_out) else begin - (seen[0] - step_s)
    return _moment(begin), there * step_s - late_s, (len(since) - there) * step_s


def _first_seen(server: Server, objective: Objective, end: int, step: timedelta) -> int:
    """Return when, in the first look with something to count, that began, to five minutes."""
    begin, fine = end - round(step.total_seconds()), timedelta(minutes=5)
    ends = [*range(end, begin, -round(fine.total_seconds()))][::-1]
    if len(ends) < 2:  # noqa: PLR2004 -- the look is no longer than that
        return begin
    found = _ranged(server, total_of(objective.indicator, fine), ends, fine)
    seen = [each for each in ends if each in found]  # none where scrapes are as far apart
    return max(begin, seen[0] - round(fine.total_seconds())) if seen else begin


def _grid(objective: Objective, period: Period) -> list[int]:
    """Return the ends of the slices of a period, in seconds since the epoch.

    Slices of a calendar's window begin with it; those of a rolling one are aligned to the epoch, so
    that the same slice is judged whenever it is asked about.
    """
    assert objective.slices is not None  # noqa: S101 -- the caller asked
    length = objective.slices.length
    if objective.calendar is not None:
        return _ends(period.start, period.passed, length)
    number = period.passed // length
    last = datetime.fromtimestamp(0, UTC) + (
        (period.now - datetime.fromtimestamp(0, UTC)) // length * length
    )
    return _ends(last - number * length, number * length, length)


def _count_slices(
    server: Server, slices: Slices, ends: Sequence[int], left_out: Sequence[Maintenance]
) -> Counted:
    length = slices.length
    totals = _ranged(server, total_of(slices.indicator, length), ends, length)
    bads = _ranged(server, bad_of(slices.indicator, length, none_is_zero=True), ends, length)
    seen = [end for end in ends if end in totals]
    since = _moment(seen[0]) - length if seen else None
    rows: dict[bool, list[tuple[Side, Side]]] = {True: [], False: []}
    for end in ends:
        if seen and end >= seen[0]:
            rows[_is_out(end, length, left_out)].append((totals.get(end), bads.get(end)))
    kept, out = count_slices(slices, rows[False]), count_slices(slices, rows[True])
    so_far = sum(not _is_out(end, length, left_out) for end in ends)
    share = (kept.total + kept.idle) / so_far if so_far else 0.0
    wrong = contradiction.of_slices(slices.indicator, rows[False], length)
    return Counted(kept, "slices", since, out, None, share, wrong)


def _ends(start: datetime, passed: timedelta, step: timedelta) -> list[int]:
    first, step_s = round(start.timestamp()), round(step.total_seconds())
    return [first + step_s * number for number in range(1, passed // step + 1)]


def _ranged(
    server: Server, query: str, ends: Sequence[int], step: timedelta
) -> Mapping[int, float]:
    """Return the values of a query that gives one series, by the second; no NaN is among them."""
    found: dict[int, float] = {}
    for first in range(0, len(ends), _MOST_POINTS):
        part = ends[first : first + _MOST_POINTS]
        for series in server.range(query, part[0], part[-1], step.total_seconds()):
            there = np.isfinite(series.values)
            times = np.rint(series.times[there]).astype(np.int64)
            found.update(zip(times.tolist(), series.values[there].tolist(), strict=True))
    return found


def _is_out(end: int, length: timedelta, left_out: Sequence[Maintenance]) -> bool:
    """Say whether any of a slice lies in a time that is left out."""
    if not left_out:
        return False
    stop = _moment(end)
    return any(stop > each.start and stop - length < each.end for each in left_out)


def _value(found: tuple[Series, ...]) -> float | None:
    if len(found) > 1:  # the first alone would be a part
        raise QueryRefusedError(
            f"{len(found)} series came back where one is counted", hint="sum() them in the query"
        )
    return found[0].last if found else None


def _share(tally: Tally) -> float:
    return tally.bad / tally.total if tally.total else 0.0


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def unit(objective: Objective) -> str:
    """Return what an objective is counted in."""
    if objective.slices is not None:
        return "slices"
    if objective.threshold is not None:
        return "points"
    return "seconds" if isinstance(objective.indicator, RawRatio) else "events"
