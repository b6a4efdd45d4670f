"""What counters grew by, from their values at the ends of steady stretches.

A range over a week reads every sample of every series; its two ends are two samples. As long as the
same processes run, what a counter has grown by is the difference. Where a process starts or ends,
or was not scraped, Prometheus's own `increase` is asked, for that stretch alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain, groupby
from math import ceil
from operator import itemgetter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.answers import Answer, Floats, Series, on_grid, summed
from kit.pure.durations import parse_prometheus, to_prometheus
from kit.pure.query import MOST_POINTS, Query
from reports.period.questions import PART, counted, together
from reports.period.resolution import AGO, in_order
from slo.project.project import Project

STEADY: Final = "steady"
"""What the question is called whether the same processes run."""
_STEPS_S: Final = (300, 600, 900, 1200, 1800, 3600)
_DAY_S: Final = 86_400
_ENOUGH: Final = 2_000  # steps: some more do not make what is read whole much shorter
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
_PART_OF: Final = re.compile(r'label_replace\((.*), "(\w+)", "([^"]*)", "", ""\)')
_DIVIDED: Final = re.compile(r"T\)*(?: / ([0-9.e+]+))?")
_LE: Final = re.compile(r',le(=~?)"([^"]*)"')
_ONE_HALF: Final = 0.5
Key = tuple[tuple[str, str], ...]


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

    def breaks(self, begin_s: float, end_s: float) -> None:
        """Take note that a counter fell in a stretch, though no process started."""
        first = max(int((begin_s - self.first_s) // self.step_s), 0)
        self.broken[first : max(ceil((end_s - self.first_s) / self.step_s), 0)] = True

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


def watching(start_s: int, end_s: int, project: Project) -> Query | None:
    """Return what shows whether processes are steady; None where no metric tells their start."""
    if not project.roles.started:
        return None
    begun = f"{project.roles.started}{{{project.target}}}"
    span = end_s - start_s
    step_s = next((one for one in _STEPS_S if span <= one * _ENOUGH), _STEPS_S[-1])
    if span > step_s * MOST_POINTS:
        return None
    first_s, length = end_s - ceil(span / step_s) * step_s, to_prometheus(timedelta(seconds=step_s))
    text = together(
        same=f"count(({begun} - {begun} offset {length}) == 0)",
        now=f"count({begun})",
        seen=f"count(count_over_time({begun}[{length}]))",
        up=f"count(up{{{project.target}}} == 1)",
    )
    return Query(STEADY, text, first_s, end_s, step_s)


def steady(query: Query, found: Answer) -> Steady | None:
    """Return when processes were steady, from the answer to `watching`; None if unknown.

    They were if the same ones were there at both ends and no others between, and all answered.
    """
    if found.problem is not None:
        return None
    grid = np.arange(query.start_s, query.end_s + 1, query.step_s, dtype=np.float64)
    same, now, seen, up = (_part(found, name, grid) for name in ("same", "now", "seen", "up"))
    then, odd = now[:-1], up != now
    broken = (same[1:] != now[1:]) | (now[1:] != then) | (seen[1:] != then)
    broken |= odd[1:] | odd[:-1]
    _mark_dips(broken, now, _DAY_S // query.step_s)
    # A range of Prometheus 3 leaves out the sample at its begin, from which the growth counts; and
    # where nothing marks the end of a series (a federation), it is still there for five minutes.
    widened = broken.copy()
    widened[:-1] |= broken[1:]
    widened[1:] |= broken[:-1]
    return Steady(query.start_s, query.step_s, widened)


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
        first_s, step_s = query.start_s - query.step_s, query.step_s
        grid = np.arange(first_s, query.end_s + 1, step_s, dtype=np.float64)
        table = [on_grid(one, grid) for one in ends.series]
        slots = grid[1:]
        grown: list[Floats] = []
        for values in table:
            # What is there later for the first time began at 0: a client exposes it once it is.
            then = np.where(np.isnan(values[:-1]), 0.0, values[:-1])
            grown.append(values[1:] - then)
            for end_s in slots[grown[-1] < 0].tolist():
                self.steady.breaks(end_s - step_s, end_s)
        broken = np.array([self.steady.is_broken(one - step_s, one) for one in slots], bool)
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

    def all_le(self, query: Query) -> Query | None:
        """Return what counts each bucket of all in a range; None where no question has buckets.

        A bucket that counts no more than the one below it has the same values all along.
        """
        term = _TERM.fullmatch(query.expression)
        if term is None or "le" not in _labels(term) or not self._is_own(term):
            return None
        length = to_prometheus(timedelta(seconds=query.end_s - query.start_s + query.step_s))
        text = f"sum by (le) (increase({_selector(term)}[{length}]))"
        asked = Query(f"{query.name}.le", text, query.end_s, query.end_s)
        cheap = self.at_instant(asked)
        return None if cheap == asked else cheap

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
        whole = rf"(?:^|,) *{re.escape(self.project.target)}"  # no end of another label's name
        return term["metric"] in names and re.search(whole, term["matchers"]) is not None

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
    """Return an answer with the slots in it that were asked for by themselves, each once."""
    wanted = np.array(broken, np.float64)
    found = {_key(one): one for one in whole.series}
    for one in looks.series:
        there = np.isin(np.rint(one.times), wanted)
        known = found.get(_key(one))
        times, values = one.times[there], one.values[there]
        if known is not None:
            times, values = np.append(known.times, times), np.append(known.values, values)
        order = np.unique(np.rint(times), return_index=True)[1]  # of looks that overlap
        found[_key(one)] = Series(one.labels, times[order], values[order])
    return Answer(tuple(one for one in found.values() if len(one.times)), looks.problem)


def _key(one: Series) -> Key:
    return tuple(sorted(one.labels.items(), key=itemgetter(0)))


def _is_linear(expression: str) -> bool:
    """Tell whether an expression is of sums, their differences and parts of one answer only."""
    return all(map(_LINEAR.fullmatch, _parts(expression)))


def _parts(expression: str) -> list[str]:
    """Return the parts of one answer, without the labels that name them."""
    parts = _TERM.sub("T", expression).split(" or ")
    return [found[1] if (found := _PART_OF.fullmatch(one)) else one for one in parts]


def _is_divided_whole(part: str) -> bool:
    """Tell whether a difference may be divided, rather than its sides."""
    return any("/" in one and one.count("(") != one.count(")") for one in part.split(" - "))


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


def same_buckets(counts: Answer) -> dict[str, list[str]]:
    """Return for each bucket those above it that count the same, by `le`."""
    found: dict[str, list[str]] = {}
    below, so_far = "", -1.0
    for one in sorted(counts.series, key=lambda series: float(series.label("le"))):
        if below and (one.last or 0.0) - so_far < _ONE_HALF:
            found[below].append(one.label("le"))
        else:
            below, so_far = one.label("le"), one.last or 0.0
            found[below] = []
    return {le: above for le, above in found.items() if above}


def without(query: Query, buckets: Iterable[str]) -> Query:
    """Return a question about buckets that leaves some out."""
    none = "|".join(map(re.escape, buckets)).replace("\\", r"\\")
    return replace(query, expression=query.expression.replace("}[", f',le!~"{none}"}}['))


def with_same(answer: Answer, same: Mapping[str, Sequence[str]]) -> Answer:
    """Return an answer with the buckets that were left out, as those that count the same."""
    more = tuple(
        replace(one, labels={**one.labels, "le": le})
        for one in answer.series
        for le in same.get(one.label("le"), ())
    )
    return Answer((*answer.series, *more), answer.problem)


def derived(query: Query, known: Sequence[tuple[Query, Answer]]) -> Answer | None:
    """Return an answer as sums of what other questions got; None where they do not hold it all."""
    terms = list(_TERM.finditer(query.expression))
    if not terms or query.is_instant or not _is_linear(query.expression):
        return None
    if any(map(_is_divided_whole, _parts(query.expression))):
        return None
    sums = [next(filter(None, (_of(term, query, *one) for one in known)), None) for term in terms]
    if not all(sums):
        return None
    left, grid = iter(sums), np.arange(query.start_s, query.end_s + 1, query.step_s)
    series = []
    for part in _TERM.sub("T", query.expression).split(" or "):
        named = _PART_OF.fullmatch(part)
        rows: dict[Key, Floats] = {}
        for number, found in enumerate(_DIVIDED.findall(named[1] if named else part)):
            side = {key: one / float(found or 1) for key, one in (next(left) or {}).items()}
            both = rows.keys() & side.keys()  # what one side lacks is nowhere in a difference
            rows = {key: rows[key] - side[key] for key in both} if number else side
        label = {named[2]: named[3]} if named else {}
        for key, values in rows.items():
            there = ~np.isnan(values)
            series.append(Series({**dict(key), **label}, grid[there].astype(float), values[there]))
    return Answer(tuple(series))


def _of(term: re.Match[str], query: Query, base: Query, answer: Answer) -> dict[Key, Floats] | None:
    """Return a term's sums by slot out of the answer to a question that splits it further."""
    whole = _TERM.fullmatch(base.expression)
    if whole is None or answer.problem is not None or base.step_s != query.step_s:
        return None
    if (
        base.start_s > query.start_s
        or base.end_s < query.end_s
        or (query.start_s - base.start_s) % base.step_s
        or term["length"] != whole["length"]
    ):
        return None
    le, kept = re.compile(".*"), term["matchers"]
    if found := _LE.search(kept):
        kept = kept.replace(found[0], "")
        wanted = found[2].replace(r"\\", "\\")
        le = re.compile(re.escape(wanted) if found[1] == "=" else wanted)
    is_count = whole["metric"] == term["metric"].removesuffix("_count") + "_bucket"
    if is_count:
        le = re.compile(r"\+Inf")
    same = is_count or term["metric"] == whole["metric"]
    if not same or kept != whole["matchers"] or not _labels(term) <= _labels(whole):
        return None
    if ("le" in _labels(whole)) and not (found or is_count or "le" in _labels(term)):
        return None
    grid = np.arange(query.start_s, query.end_s + 1, query.step_s, dtype=np.float64)
    groups: dict[Key, list[Floats]] = {}
    for one in answer.series:
        if le.fullmatch(one.label("le")):
            key = tuple((name, one.labels[name]) for name in sorted(_labels(term))
                        if one.label(name))  # fmt: skip
            groups.setdefault(key, []).append(on_grid(one, grid))
    length = parse_prometheus(term["length"])
    to_seconds = {("rate", "increase"): 1 / length, ("increase", "rate"): length}
    factor = to_seconds.get((term["function"], whole["function"]), 1.0)
    return {key: summed(rows, len(grid)) * factor for key, rows in groups.items()} or None


def _labels(term: re.Match[str]) -> set[str]:
    return {one.strip() for one in (term["by"] or "").split(",")} - {""}


Ask = Callable[[Query], Answer]


def counting(ask: Ask, counters: Counters | None) -> Ask:
    """Return what answers questions as `ask` does, with counts taken from their ends.

    What an earlier answer holds is not asked again.
    """
    if counters is None:
        return ask
    known: list[tuple[Query, Answer]] = []

    def answer(query: Query) -> Answer:
        if query.is_instant:
            return ask(counters.at_instant(query))
        held = derived(query, known)
        if held is not None:
            return held
        found = in_slots(query)
        known.append((query, found))
        return found

    def in_slots(query: Query) -> Answer:
        buckets = counters.all_le(query)
        counts = ask(buckets) if buckets else Answer()
        same = same_buckets(counts)
        if not same:
            return by_ends(query)
        return with_same(by_ends(without(query, chain.from_iterable(same.values()))), same)

    def by_ends(query: Query) -> Answer:
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
