"""What counters grew by, from their values at the ends of steady stretches.

A range over a week reads every sample of every series; its two ends are two samples. As long as the
same processes run, what a counter has grown by is the difference. Where a process starts or ends,
or was not scraped, Prometheus's own `increase` is asked, for that stretch alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

import numpy as np

from kit.pure.answers import Answer, Floats, on_grid
from kit.pure.query import MOST_POINTS, Query, at
from reports.period.counts import (
    Count,
    Key,
    combined,
    counts,
    has_other_ranges,
    key_of,
    offset,
    only_count,
    parts,
    rewritten,
)
from reports.period.questions import counted
from reports.period.resolution import AGO
from reports.period.steady import Piece, Steady
from slo.project.project import Project
from slo.series import selectors

_MOST_PIECES: Final = 40
_MOST_STRETCHES: Final = 24
_MOST_BROKEN: Final = 0.5
_EDGE: Final = "__edge__"
"""No series has such a label: what is scraped loses any that begins so."""
Slots = list[int]
"""The ends of slots."""


@dataclass(frozen=True, slots=True)
class Counters:
    """Rewrites questions about counters of a project's own processes."""

    project: Project
    steady: Steady
    scrape_s: int

    def at_instant(self, query: Query) -> Query:
        """Return a question of an instant with each count taken from its ends, where that holds."""
        if has_other_ranges(query.expression):
            return query
        found = rewritten(query.expression, lambda count: self._summed(count, query.end_s))
        return replace(query, expression=found)

    def ends(self, query: Query) -> Query | None:
        """Return what asks for the values at the ends of the slots of a range.

        None where it counts anything else than what happened in each slot.
        """
        found = counts(query.expression) if parts(query.expression) else ()
        points = (query.end_s - query.start_s) // query.step_s + 2
        is_by_slot = {one.length_s for one in found} == {query.step_s}
        is_known = self.steady.has_ends(query.end_s, query.step_s)
        if (
            not (is_by_slot and is_known)
            or points > MOST_POINTS
            or not all(map(self._is_own, found))
        ):
            return None
        asked = _marked([self._selector(one) for one in found], found)
        return replace(query, expression=asked, start_s=query.start_s - query.step_s)

    def differences(self, query: Query, ends: Answer) -> tuple[Answer, Slots, "Counters"]:
        """Return what was counted in each slot, which slots are to be asked, and what is learned.

        A slot in which a counter fell was not steady.
        """
        step_s = query.step_s
        grid = np.arange(query.start_s - step_s, query.end_s + 1, step_s, dtype=np.float64)
        asked, slots = counts(query.expression), grid[1:]
        grown: dict[Count, dict[Key, Floats]] = {one: {} for one in asked}
        by_others = [one for one in asked if self._selector(one) != one.selector.text()]
        for one in ends.series:
            labels = {name: value for name, value in one.labels.items() if name != _EDGE}
            values, count = on_grid(one, grid), asked[int(one.label(_EDGE))]
            then = values[:-1]
            if count not in by_others:
                # What is there later for the first time began at 0: a client exposes what is.
                then = np.where(np.isnan(then), 0.0, then)
            grown[count][key_of(replace(one, labels=labels))] = values[1:] - then
        fell = {end for rows in grown.values() for row in rows.values() for end in slots[row < 0]}
        known = self.steady.broken_too((end - step_s, end) for end in fell)
        broken = np.array([known.is_broken(one - step_s, one) for one in slots], bool)
        for count in by_others:  # those that stand for it may have begun later, or never
            broken |= np.isnan(grown[count].get((), np.full(len(slots), np.nan)))
        for rows in grown.values():
            for row in rows.values():
                row[broken] = np.nan
        found = combined(parts(query.expression) or (), grown, slots)
        return found, [int(one) for one in slots[broken]], replace(self, steady=known)

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
        looks = [_ago(query.expression, last - run[0]) for run in runs]
        end_s = last + (length - 1) * step_s
        return replace(query, expression=" or ".join(looks), start_s=last, end_s=end_s)

    def all_le(self, query: Query) -> Query | None:
        """Return what counts each bucket of all in a range; None where no question has buckets.

        A bucket that counts no more than the one below it has the same values all along.
        """
        count = only_count(query.expression)
        if count is None or "le" not in count.by or not self._is_own(count):
            return None
        length_s = query.end_s - query.start_s + query.step_s
        every = replace(count, by=("le",), is_rate=False, length_s=length_s)
        asked = at(f"{query.name}.le", every.text(), query.end_s)
        cheap = self.at_instant(asked)
        return None if cheap == asked else cheap

    def _is_own(self, count: Count) -> bool:
        """Tell whether a count is of the processes that are watched."""
        roles, names = self.project.roles, set()
        if roles.requests:
            names.add(roles.requests.counter)
        if roles.latency:
            names |= {f"{roles.latency.histogram}{end}" for end in ("_bucket", "_count", "_sum")}
        (own,) = selectors(f"{{{self.project.target}}}")
        return count.selector.metric in names and {*own.matchers} <= {*count.selector.matchers}

    def _selector(self, count: Count) -> str:
        """Return what is read: for a sum of all requests the timed ones, which are fewer series."""
        requests, every = self.project.roles.requests, counted(self.project)
        if every and requests and not count.by:
            (users,) = selectors(f"{requests.counter}{{{self.project.users(requests.route)}}}")
            return every[0] if count.selector == users else count.selector.text()
        return count.selector.text()

    def _summed(self, count: Count, at_s: int) -> str | None:
        """Return a count as a sum over stretches of its span; None where that is not cheaper."""
        length = int(count.length_s)
        if not self._is_own(count) or length != count.length_s:
            return None
        pieces = self.steady.pieces(at_s - length, at_s)
        if pieces is None or len(pieces) > _MOST_PIECES:
            return None
        if sum(one.length_s for one in pieces if one.is_broken) > _MOST_BROKEN * length:
            return None
        selector, found = count.selector.text(), []
        for piece in pieces:
            now, then = offset(at_s - piece.end_s), offset(at_s - piece.begin_s)
            if piece.is_broken:
                found.append(self._increase(selector, piece, now))
            else:
                found += [f"{selector}{now}", f"-1 * {selector}{then}"]
        text = _marked(found)
        return f"({count.sum(text)}{f' / {length}' if count.is_rate else ''})"

    def _increase(self, selector: str, piece: Piece, ago: str) -> str:
        """Return the growth in a broken stretch.

        A range has no sample before its begin from which to count, and takes the growth up to its
        first one for as much as everywhere else, though it was another process's. One that begins
        a scrape earlier has that sample, and is told for as long as the stretch.
        """
        if not piece.in_place:
            return f"increase({selector}[{piece.length_s}s]{ago})"
        longer_s = piece.length_s + self.scrape_s - 1  # Prometheus 2 counts what is at the begin
        return f"increase({selector}[{longer_s}s]{ago}) * {piece.length_s} / {longer_s}"


def _marked(texts: Sequence[str], summed: Sequence[Count] | None = None) -> str:
    """Return one expression for several, the series of each with its number."""
    if summed is not None:
        texts = [one.sum(text) for one, text in zip(summed, texts, strict=True)]
    return " or ".join(
        f'label_replace({text}, "{_EDGE}", "{number}", "", "")' for number, text in enumerate(texts)
    )


def _ago(expression: str, ago_s: int) -> str:
    earlier = rewritten(expression, lambda count: count.text(ago_s))
    return f'label_replace({earlier}, "{AGO}", "{ago_s}", "", "")'
