"""What counters grew by, from their values at the ends of steady stretches.

A range over a week reads every sample of every series; its two ends are two samples. As long as the
same processes run, what a counter has grown by is the difference. Where a process starts or ends,
or was not scraped, Prometheus's own `increase` is asked, for that stretch alone.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from math import ceil
from operator import itemgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.answers import Answer, Floats, Series, on_grid
from kit.pure.durations import parse_prometheus, to_prometheus
from kit.pure.query import MOST_POINTS, Query
from reports.period.questions import PART, counted, together
from reports.period.resolution import AGO, in_order
from slo.project.project import Project

STEADY: Final = "steady"
"""What the question is called whether the same processes run."""
DROPS: Final = "drops"
"""What the question is called whether a counter fell without that."""
_STEPS_S: Final = (300, 600, 900, 1200, 1800, 3600)
_HOUR_S: Final = 3600
_DAY_S: Final = 86_400
_MOST_POINTS: Final = 10_000
_MOST_PIECES: Final = 40
_MOST_STRETCHES: Final = 24
_MOST_BROKEN: Final = 0.5
_EDGE: Final = "edge"
_TERM: Final = re.compile(
    r"sum(?: by \((?P<by>[\w, ]+)\))? ?\((?P<function>increase|rate)\("
    r'(?P<metric>[a-zA-Z_:][\w:]*)\{(?P<matchers>(?:[^{}"]|"(?:\\.|[^"\\])*")*)\}'
    r"\[(?P<length>(?:\d+[smhdw])+)\]\)\)"
)
_SIDE: Final = r"\(*T\)*(?: / [0-9.e+]+)?\)*"
_LINEAR: Final = re.compile(rf"{_SIDE}(?: - {_SIDE})?")
_PART_OF: Final = re.compile(r'label_replace\((.*), "\w+", "[^"]*", "", ""\)')


@dataclass(frozen=True, slots=True, eq=False)
class Steady:
    """Whether processes came, went or were lost sight of in each `step_s` from `first_s` on."""

    first_s: int
    step_s: int
    broken: NDArray[np.bool_]

    def is_broken(self, begin_s: float, end_s: float) -> bool:
        """Tell whether anything changed from one moment to another; unknown is a change."""
        first = int((begin_s - self.first_s) // self.step_s)
        after = ceil((end_s - self.first_s) / self.step_s)
        if first < 0 or after > len(self.broken):
            return True
        return bool(self.broken[first:after].any())

    def pieces(self, begin_s: int, end_s: int) -> list[tuple[int, int, bool]] | None:
        """Return the stretches of a span and whether each is broken; None where it is not known."""
        first, odd = divmod(begin_s - self.first_s, self.step_s)
        after, odd_too = divmod(end_s - self.first_s, self.step_s)
        if odd or odd_too or first < 0 or after > len(self.broken):
            return None
        found, at_s = [], begin_s
        for is_broken, steps in groupby(self.broken[first:after].tolist()):
            until_s = at_s + self.step_s * len(list(steps))
            found.append((at_s, until_s, is_broken))
            at_s = until_s
        return found


def watching(start_s: int, end_s: int, project: Project) -> tuple[Query, ...]:
    """Return what shows whether processes are steady; nothing where no metric tells their start."""
    counter = counted(project)
    if counter is None or not project.roles.started:
        return ()
    begun = f"{project.roles.started}{{{project.target}}}"
    span = end_s - start_s
    step_s = next((one for one in _STEPS_S if span <= one * _MOST_POINTS), None)
    if step_s is None:
        return ()
    first_s, length = end_s - ceil(span / step_s) * step_s, to_prometheus(timedelta(seconds=step_s))
    text = together(
        same=f"count(({begun} - {begun} offset {length}) == 0)",
        now=f"count({begun})",
        seen=f"count(count_over_time({begun}[{length}]))",
        up=f"count(up{{{project.target}}} == 1)",
    )
    hour_s = max(_HOUR_S, step_s)
    early_s = end_s - ceil(span / hour_s) * hour_s
    return (
        Query(STEADY, text, first_s, end_s, step_s),
        Query(DROPS, f"sum by (instance) ({counter[0]})", early_s, end_s, hour_s),
    )


def steady(asked: Sequence[Query], answers: Sequence[Answer]) -> Steady | None:
    """Return when processes were steady, from the answers to `watching`; None if unknown."""
    if not asked or any(one.problem is not None for one in answers):
        return None
    (query, _), (found, sums) = asked, answers
    grid = np.arange(query.start_s, query.end_s + 1, query.step_s, dtype=np.float64)
    same, now, seen, up = (_part(found, name, grid) for name in ("same", "now", "seen", "up"))
    then = now[:-1]
    broken = (same[1:] != now[1:]) | (now[1:] != then) | (seen[1:] != then)
    broken |= (up != now)[1:] | (up != now)[:-1]
    _mark_dips(broken, now, _DAY_S // query.step_s)
    for one in sums.series:
        for place in np.flatnonzero(np.diff(one.values) < 0).tolist():
            begin, end = (
                (float(moment) - query.start_s) / query.step_s
                for moment in one.times[place : place + 2]
            )
            broken[max(int(begin), 0) : ceil(end)] = True
    return Steady(query.start_s, query.step_s, broken)


def _part(found: Answer, name: str, grid: Floats) -> Floats:
    rows = [on_grid(one, grid) for one in found.series if one.label(PART) == name]
    return np.nan_to_num(rows[0]) if rows else np.zeros(len(grid))


def _mark_dips(broken: NDArray[np.bool_], now: Floats, most: int) -> None:
    """Take a time with fewer processes for one stretch: they may be the same afterwards."""
    for place in np.flatnonzero(np.diff(now) < 0).tolist():
        again = np.flatnonzero(now[place + 1 : place + 1 + most] >= now[place])
        if len(again):
            broken[place : place + 1 + int(again[0])] = True


@dataclass(frozen=True, slots=True)
class Counters:
    """Rewrites questions about counters of a project's own processes."""

    project: Project
    steady: Steady

    def at_instant(self, query: Query) -> Query:
        """Return a question of an instant with each count taken from its ends, where that holds."""
        if "[" in _TERM.sub("", query.expression):  # a subquery asks at other instants
            return query
        found = _TERM.sub(lambda term: self._summed(term, query.end_s) or term[0], query.expression)
        return replace(query, expression=found)

    def ends(self, query: Query) -> Query | None:
        """Return what asks for the values at the ends of the slots of a range.

        None where it counts anything else than what happened in each slot.
        """
        terms = list(_TERM.finditer(query.expression))
        lengths = {parse_prometheus(term["length"]) for term in terms}
        points = (query.end_s - query.start_s) // query.step_s + 2
        if lengths != {query.step_s} or not _is_linear(query.expression) or points > MOST_POINTS:
            return None
        if not all(map(self._is_own, terms)):
            return None
        asked = _TERM.sub(lambda term: _value(term, self._selector(term)), query.expression)
        return replace(query, expression=asked, start_s=query.start_s - query.step_s)

    def differences(self, query: Query, ends: Answer) -> tuple[Answer, list[int]]:
        """Return what was counted in each slot, and the ends of the slots that are to be asked."""
        grid = np.arange(query.start_s - query.step_s, query.end_s + 1, query.step_s, np.float64)
        table = [on_grid(one, grid) for one in ends.series]
        slots = grid[1:]
        broken = np.array([self.steady.is_broken(one - query.step_s, one) for one in slots], bool)
        grown = []
        for values in table:
            # What is there later for the first time began at 0: a client exposes it once it is.
            then = np.where(np.isnan(values[:-1]), 0.0, values[:-1])
            grown.append(values[1:] - then)
            broken |= grown[-1] < 0
        series = []
        for one, values in zip(ends.series, grown, strict=True):
            there = ~broken & ~np.isnan(values)
            series.append(Series(one.labels, slots[there], values[there]))
        return Answer(tuple(series)), [int(one) for one in slots[broken]]

    def again(self, query: Query, broken: Sequence[int]) -> Query | None:
        """Return what asks for some slots of a range as it was; None where they are too many.

        Runs of slots are asked at once, each so many seconds ago.
        """
        step_s = query.step_s
        runs = [
            [one for _, one in run]
            for _, run in groupby(enumerate(broken), lambda item: item[1] - item[0] * step_s)
        ]
        length, last = max(map(len, runs)), runs[-1][0]
        slots = (query.end_s - query.start_s) // step_s + 1
        if len(runs) > _MOST_STRETCHES or len(runs) * length > _MOST_BROKEN * slots:
            return None
        looks = [self._ago(query.expression, last - run[0]) for run in runs]
        end_s = last + (length - 1) * step_s
        return replace(query, expression=" or ".join(looks), start_s=last, end_s=end_s)

    def _ago(self, expression: str, ago: int) -> str:
        def earlier(term: re.Match[str]) -> str:
            return f"{term[0][:-2]} offset {ago}s))" if ago else term[0]

        return f'label_replace({_TERM.sub(earlier, expression)}, "{AGO}", "{ago}", "", "")'

    def _is_own(self, term: re.Match[str]) -> bool:
        """Tell whether a count is of the processes that are watched."""
        roles, names = self.project.roles, set()
        if roles.requests:
            names.add(roles.requests.counter)
        if roles.latency:
            names |= {f"{roles.latency.histogram}{end}" for end in ("_bucket", "_count", "_sum")}
        return term["metric"] in names and self.project.target in term["matchers"]

    def _selector(self, term: re.Match[str]) -> str:
        """Return what is read: for a sum of all requests the timed ones, which are fewer series."""
        requests, selector = self.project.roles.requests, _selector(term)
        every = counted(self.project)
        if every and requests and term["by"] is None:
            users = f"{requests.counter}{{{self.project.users(requests.route)}}}"
            return every[0] if selector == users else selector
        return selector

    def _summed(self, term: re.Match[str], at_s: int) -> str | None:
        """Return a count as a sum over stretches of its span; None where that is not cheaper."""
        length = parse_prometheus(term["length"])
        if not self._is_own(term) or length % 1:
            return None
        pieces = self.steady.pieces(at_s - int(length), at_s)
        if pieces is None or len(pieces) > _MOST_PIECES:
            return None
        if (
            sum(end - begin for begin, end, is_broken in pieces if is_broken)
            > _MOST_BROKEN * length
        ):
            return None
        selector, parts = _selector(term), []
        for begin, end, is_broken in pieces:
            ago, earlier = _offset(at_s - end), _offset(at_s - begin)
            if is_broken:
                parts.append(f"increase({selector}[{end - begin}s]{ago})")
            else:
                parts += [f"{selector}{ago}", f"-1 * {selector}{earlier}"]
        marked = " or ".join(
            f'label_replace({part}, "{_EDGE}", "{number}", "", "")'
            for number, part in enumerate(parts)
        )
        return f"({_aggregated(term, marked)})"


def joined(whole: Answer, looks: Answer, broken: Sequence[int]) -> Answer:
    """Return an answer with the slots in it that were asked for by themselves."""
    wanted = np.array(broken, np.float64)
    found = {_key(one): one for one in whole.series}
    for one in looks.series:
        there = np.isin(np.rint(one.times), wanted)
        known = found.get(_key(one))
        times, values = one.times[there], one.values[there]
        if known is not None:
            times, values = np.append(known.times, times), np.append(known.values, values)
        order = np.argsort(times, kind="stable")
        found[_key(one)] = Series(one.labels, times[order], values[order])
    return Answer(tuple(one for one in found.values() if len(one.times)), looks.problem)


def _key(one: Series) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(one.labels.items(), key=itemgetter(0)))


def _is_linear(expression: str) -> bool:
    """Tell whether an expression is of sums, their differences and parts of one answer only."""
    parts = _TERM.sub("T", expression).split(" or ")
    sides = [found[1] if (found := _PART_OF.fullmatch(one)) else one for one in parts]
    return all(map(_LINEAR.fullmatch, sides))


def _selector(term: re.Match[str]) -> str:
    return f"{term['metric']}{{{term['matchers']}}}"


def _value(term: re.Match[str], selector: str) -> str:
    return f"({_aggregated(term, selector)})"


def _aggregated(term: re.Match[str], of: str) -> str:
    by = f" by ({term['by']})" if term["by"] else ""
    each = f" / {parse_prometheus(term['length']):.10g}" if term["function"] == "rate" else ""
    return f"sum{by} ({of}){each}"


def _offset(seconds: int) -> str:
    return f" offset {seconds}s" if seconds else ""


Ask = Callable[[Query], Answer]


def counting(ask: Ask, counters: Counters | None) -> Ask:
    """Return what answers questions as `ask` does, with counts taken from their ends."""
    if counters is None:
        return ask

    def answer(query: Query) -> Answer:
        if query.is_instant:
            return ask(counters.at_instant(query))
        ends = counters.ends(query)
        found = ask(query) if ends is None else ask(ends)
        if ends is None or found.problem is not None:
            return found
        whole, broken = counters.differences(query, found)
        if not broken:
            return whole
        looks = counters.again(query, broken)
        return ask(query) if looks is None else joined(whole, in_order(ask(looks)), broken)

    return answer
