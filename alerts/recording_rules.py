"""The recording rules under the alerts: raw series are read once, long windows come from short."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from alerts.expressions import minutes_of, number
from alerts.names import (
    BAD,
    BASE,
    ROUTE_BAD,
    ROUTE_TOTAL,
    TOTAL,
    bad_in,
    ratio,
    total_in,
)
from alerts.rule import Record
from kit.pure.durations import to_prometheus
from slo.objective import Objective, RawRatio
from slo.promql import bad_of, bad_query, split_queries, total_of, total_query
from slo.recorded import is_ours, labels_of, selector_of
from slo.windows import PAGES, TICKETS, Tier, for_window

_MINUTE = timedelta(minutes=1)
FIVE = 5 * _MINUTE
HOUR = timedelta(hours=1)
_QUARTER = 15 * _MINUTE
ALERT_WINDOWS = (BASE, FIVE, _QUARTER, 30 * _MINUTE, HOUR)


def event_records(objectives: Iterable[Objective]) -> tuple[Record, ...]:
    """Return good and bad events per second of each objective, by route where it says so."""
    return tuple(record for each in objectives for record in _of(each))


def _of(objective: Objective) -> tuple[Record, ...]:
    labels, own = labels_of(objective), selector_of(objective)
    if isinstance(objective.indicator, RawRatio):
        one = f"{BAD}{own} * 0 + 1"  # a measurement weighs the same as any other
        return Record(BAD, bad_query(objective, BASE), labels), Record(TOTAL, one, labels)
    if objective.split_by is None:
        return (
            Record(TOTAL, total_query(objective, BASE), labels),
            Record(BAD, bad_query(objective, BASE), labels),
        )
    total, bad = split_queries(objective, BASE)
    return (
        Record(ROUTE_TOTAL, total, labels),
        Record(ROUTE_BAD, bad, labels),
        Record(TOTAL, f"sum({ROUTE_TOTAL}{own})", labels),
        Record(BAD, f"sum({ROUTE_BAD}{own})", labels),
    )


def ratio_records(objectives: Iterable[Objective]) -> tuple[Record, ...]:
    """Return the share of bad events over each window that an alert looks at.

    Summing the recorded rates weighs every moment by its traffic, so that this is events over
    events and not a mean of ratios. Without traffic there is no share, never a NaN.
    """
    tiers = [for_window(tier, each) for each in objectives for tier in (*PAGES, *TICKETS)]
    windows = {*ALERT_WINDOWS, *(w for t in tiers for w in (t.long, t.short, t.gate))}
    return tuple(ratio_record(window) for window in sorted(windows))


def own_ratio_records(objectives: Sequence[Objective]) -> tuple[Record, ...]:
    """Return the same of these objectives of one service only: others have theirs elsewhere.

    Over the windows that decide whether to page, those that count requests have them from what was
    counted up to now: a sum of rates knows only half of the last two minutes.
    """
    found = []
    for record in ratio_records(objectives):
        quick = [each for each in objectives if record.name in map(ratio, quick_windows(each))]
        slow = [each for each in objectives if each not in quick]
        found += [of_some(record, *slow)] if slow else []
        found += [_quick(record.name, each) for each in quick]
    return tuple(found)


def quick_windows(objective: Objective) -> tuple[timedelta, ...]:
    """Return the windows over which events are counted up to now: those of the page."""
    if not (objective.counts_requests and not is_ours(objective)):
        return ()
    tiers = [for_window(tier, objective) for tier in PAGES]
    shares = {FIVE, *(w for t in tiers for w in (t.long, t.short, t.gate))}
    return tuple(sorted(shares | set(map(counted_window, tiers))))


def counted_window(tier: Tier) -> timedelta:
    """Return where a page's bad events are counted, where they are counted up to now.

    Of six hours it is the shorter one: what was hours ago makes no page of one that fails now. In
    less than a quarter of an hour, with a scrape a minute, a rate makes five of four.
    """
    return max(_QUARTER, tier.long if tier.short == tier.gate else tier.short)


def counted_records(objective: Objective) -> tuple[Record, ...]:
    """Return how many events, and bad ones, each of the quick windows of an objective saw.

    The last hour is read from what is stored, so that it has what came during a gap; what was
    before comes from what was recorded then, minute by minute.
    """
    own, labels = selector_of(objective), labels_of(objective)
    found = []
    windows = quick_windows(objective)
    for window in sorted({*windows, *(HOUR for each in windows if each > HOUR)}):
        newest = min(window, HOUR)
        for name, rate, query in (
            (total_in, TOTAL, total_of(objective.indicator, newest)),
            (bad_in, BAD, bad_of(objective.indicator, newest, none_is_zero=True)),
        ):
            expr = f"({query}) * {number(newest.total_seconds())}"
            if window > HOUR:
                last, before = f"{name(HOUR)}{own}", minutes_of(window - HOUR - BASE)
                expr = f"sum_over_time({rate}{own}{before} offset 1h) * 60 + {last} or {last}"
            found.append(Record(name(window), expr, labels))
    return tuple(found)


def _quick(name: str, objective: Objective) -> Record:
    (window,) = (each for each in quick_windows(objective) if ratio(each) == name)
    own = selector_of(objective)
    expr = f"{bad_in(window)}{own} / ({total_in(window)}{own} > 0)"
    return Record(name, expr, labels_of(objective))


def of_some(record: Record, *objectives: Objective) -> Record:
    """Return the rule for these objectives of one service, with the labels that all have."""
    which = selector_of(*objectives)
    expr = record.expr.replace(BAD, f"{BAD}{which}").replace(TOTAL, f"{TOTAL}{which}")
    first, *others = map(labels_of, objectives)
    shared = tuple(label for label in first if all(label in each for each in others))
    return Record(record.name, expr, shared)


def ratio_record(window: timedelta) -> Record:
    """Return bad events over all; a rate looks two minutes back, so the sum looks that less far."""
    if window == BASE:
        return Record(ratio(window), f"{BAD} / ({TOTAL} > 0)")
    text = to_prometheus(window - BASE)
    return Record(
        ratio(window), f"sum_over_time({BAD}[{text}]) / (sum_over_time({TOTAL}[{text}]) > 0)"
    )
