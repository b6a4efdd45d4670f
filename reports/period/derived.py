"""What an earlier answer holds is not asked again: counts as sums of what it splits further."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

import numpy as np

from kit.pure.answers import Answer, Floats, on_grid, summed
from kit.pure.query import Query
from reports.period.counts import Count, Grown, Key, combined, counts, only_count, parts, rewritten

_LE: Final = "le"
_ONE_HALF: Final = 0.5


def derived(query: Query, known: Sequence[tuple[Query, Answer]]) -> Answer | None:
    """Return an answer as sums of what other questions got; None where they do not hold it all."""
    asked = None if query.is_instant else parts(query.expression)
    if asked is None:
        return None
    times = np.arange(query.start_s, query.end_s + 1, query.step_s, dtype=np.float64)
    found: dict[Count, Grown] = {}
    for count in counts(query.expression):
        held = (_held(count, query, times, *one) for one in known)
        grown = next(filter(None, held), None)
        if grown is None:
            return None
        found[count] = grown
    return combined(asked, found, times)


def _held(
    count: Count, query: Query, times: Floats, base: Query, answer: Answer
) -> dict[Key, Floats] | None:
    """Return a count by slot out of the answer to a question that splits it further."""
    whole = only_count(base.expression)
    if whole is None or answer.problem is not None or not _covers(base, query):
        return None
    selected = dict.fromkeys(count.selector.matchers)
    le = next((one for one in selected if one[0] == _LE and one[1] in {"=", "=~"}), None)
    selected.pop(le or ("", "", ""), None)
    pattern = ".*" if le is None else re.escape(le[2]) if le[1] == "=" else le[2]
    metric, split = count.selector.metric, _LE in whole.by
    if metric.removesuffix("_count") + "_bucket" == whole.selector.metric and split:
        metric, pattern = whole.selector.metric, r"\+Inf"
    elif split and le is None and _LE not in count.by:
        return None
    if (
        metric != whole.selector.metric
        or selected.keys() != set(whole.selector.matchers)
        or not set(count.by) <= set(whole.by)
        or count.length_s != whole.length_s
    ):
        return None
    groups: dict[Key, list[Floats]] = {}
    for one in answer.series:
        if re.fullmatch(pattern, one.label(_LE)):
            key = tuple((name, one.label(name)) for name in sorted(count.by) if one.label(name))
            groups.setdefault(key, []).append(on_grid(one, times))
    return {key: summed(rows, len(times)) / whole.factor for key, rows in groups.items()} or None


def _covers(base: Query, query: Query) -> bool:
    """Tell whether one question asks for every moment of another."""
    is_in_step = (query.start_s - base.start_s) % base.step_s == 0
    is_within = base.start_s <= query.start_s and query.end_s <= base.end_s
    return base.step_s == query.step_s and is_in_step and is_within


def same_buckets(found: Answer) -> dict[str, list[str]]:
    """Return for each bucket those above it that count the same, by `le`.

    Nothing where one counts less than one below it: not every process has the same buckets then.
    """
    same: dict[str, list[str]] = {}
    below, so_far = "", -1.0
    for one in sorted(found.series, key=lambda series: float(series.label(_LE))):
        more = (one.last or 0.0) - so_far
        if below and more < -_ONE_HALF:
            return {}
        if below and more < _ONE_HALF:
            same[below].append(one.label(_LE))
        else:
            below, so_far = one.label(_LE), one.last or 0.0
            same[below] = []
    return {le: above for le, above in same.items() if above}


def without(query: Query, same: Mapping[str, Iterable[str]]) -> Query:
    """Return a question about buckets that leaves out those that count the same as another."""
    none = (_LE, "!~", "|".join(map(re.escape, chain.from_iterable(same.values()))))

    def fewer(count: Count) -> str:
        matchers = (*count.selector.matchers, none)
        return replace(count, selector=replace(count.selector, matchers=matchers)).text()

    return replace(query, expression=rewritten(query.expression, fewer))


def with_same(answer: Answer, same: Mapping[str, Iterable[str]]) -> Answer:
    """Return an answer with the buckets that were left out, as those that count the same."""
    more = tuple(
        replace(one, labels={**one.labels, _LE: le})
        for one in answer.series
        for le in same.get(one.label(_LE), ())
    )
    return Answer((*answer.series, *more), answer.problem)
