"""Who answers questions with counts taken from their ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from kit.pure.answers import Answer, Series
from kit.pure.query import Query
from reports.period.counters import Counters
from reports.period.counts import key_of
from reports.period.derived import derived, same_buckets, with_same, without
from reports.period.resolution import in_order

Ask = Callable[[Query], Answer]


@dataclass(slots=True)
class Counting:
    """Answers questions as `ask` does; what an answer that was learned from holds is not asked."""

    ask: Ask
    counters: Counters
    known: list[tuple[Query, Answer]] = field(default_factory=list)

    def learn(self, query: Query) -> Answer:
        """Answer a question, and learn from it for those that are asked later.

        To be called for one at a time: what is said must not depend on which came first.
        """
        found, self.counters = self._found(query)
        if not query.is_instant:
            self.known.append((query, found))
        return found

    def answer(self, query: Query) -> Answer:
        """Answer a question."""
        return self._found(query)[0]

    def _found(self, query: Query) -> tuple[Answer, Counters]:
        """Return the answer to a question, and the counters as it shows them to be."""
        if query.is_instant:
            return self.ask(self.counters.at_instant(query)), self.counters
        held = derived(query, self.known)
        if held is not None:
            return held, self.counters
        buckets = self.counters.all_le(query)
        same = same_buckets(self.ask(buckets)) if buckets else {}
        found, counters = self._by_ends(without(query, same) if same else query)
        return with_same(found, same), counters

    def _by_ends(self, query: Query) -> tuple[Answer, Counters]:
        ends = self.counters.ends(query)
        found = self.ask(ends or query)
        if ends is None or found.problem is not None:
            return found, self.counters
        whole, broken, counters = self.counters.differences(query, found)
        if not broken:
            return whole, counters
        looks = counters.again(query, broken)
        if looks is None:
            return self.ask(query), counters
        return joined(whole, in_order(self.ask(looks)), broken), counters


def joined(whole: Answer, looks: Answer, broken: Sequence[int]) -> Answer:
    """Return an answer with the slots in it that were asked for by themselves, each once."""
    wanted = np.array(broken, np.float64)
    found = {key_of(one): one for one in whole.series}
    for one in looks.series:
        there = np.isin(np.rint(one.times), wanted)
        known = found.get(key_of(one))
        times, values = one.times[there], one.values[there]
        if known is not None:
            times, values = np.append(known.times, times), np.append(known.values, values)
        order = np.unique(np.rint(times), return_index=True)[1]  # of looks that overlap
        found[key_of(one)] = Series(one.labels, times[order], values[order])
    return Answer(tuple(one for one in found.values() if len(one.times)), looks.problem)
