"""Whether a run still can end well: how it is stopped once its verdict can no longer change."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from slo.objective import Objective
from slo.verdict import Verdict
from synthetic.clusters import BLOCKS, Counts, block_of, evidence_in
from synthetic.load.counting import Counting, Judged, Mask
from synthetic.load.samples import Samples
from synthetic.load.schedule import plan
from synthetic.load.shape import Kind, Profile
from synthetic.verdict_rows import Rule, verdict_on

Numbers = NDArray[np.float64]


@dataclass(slots=True)
class _Span:
    name: str
    begin_s: float
    end_s: float
    planned: int
    seen: int = 0
    counted: dict[str, tuple[Counts, Counts]] = field(default_factory=dict)


class Watch:
    """Looks at the spans of a run that may decide it: the whole of it, or a stage of a climb.

    An objective is missed for good when it would be even if all that is still to come were good:
    then more requests cannot change the verdict (curtailed sampling).
    """

    def __init__(
        self,
        profile: Profile,
        objectives: Sequence[Judged],
        routes: Sequence[str],
        *,
        abort_on_fail: bool,
    ) -> None:
        self._rule: Rule = profile.rule
        self._watched = [
            (one.objective, Counting(one.meaning, routes))
            for one in objectives
            if one.meaning is not None
        ]
        self._spans: list[_Span] = []
        if profile.goes_on or not self._watched:
            return  # how many requests there will be is not known before
        if profile.kind is Kind.STRESS:
            self._spans = _stages(profile)
        elif abort_on_fail:
            self._spans = [_span(profile, "", 0.0, profile.judged_until_s or profile.duration_s)]

    def take(self, samples: Samples) -> None:
        """Add newly reported samples."""
        for span in self._spans:
            due_s = samples["due_s"]
            inside = samples[(due_s >= span.begin_s) & (due_s < span.end_s)]
            span.seen += len(inside)
            for objective, counting in self._watched if len(inside) else ():
                _count(span, objective.name, inside["due_s"], counting.masks(inside))

    def reason_to_stop(self) -> str | None:
        """Return which objective is missed for good, None while all may still hold."""
        for span in self._spans:
            to_come = max(span.planned - span.seen, 0)
            for objective, _ in self._watched:
                if self._is_lost(objective, span.counted.get(objective.name), to_come):
                    return f"{objective.display_name} is broken{span.name} whatever comes"
        return None

    def _is_lost(
        self, objective: Objective, seen: tuple[Counts, Counts] | None, to_come: int
    ) -> bool:
        if seen is None or not seen[1].any():
            return False
        total, bad = seen
        best = evidence_in(bad, total, rest=to_come)
        return verdict_on(best, objective.target, self._rule) is Verdict.FAIL


def _count(span: _Span, name: str, due_s: Numbers, masks: tuple[Mask, Mask]) -> None:
    """Add what an objective counts of some samples to the blocks of a span."""
    place = block_of(due_s, span.begin_s, span.end_s)
    known = span.counted.setdefault(name, (np.zeros(BLOCKS), np.zeros(BLOCKS)))
    for counts, mask in zip(known, masks, strict=True):
        np.add(counts, np.bincount(place[mask], minlength=BLOCKS), out=counts)


def _stages(profile: Profile) -> list[_Span]:
    begin_s, spans = 0.0, []
    for stage in profile.stages:
        name = f" at {stage.to_per_s:.4g}/s"
        spans.append(_span(profile, name, begin_s, begin_s + stage.for_s))
        begin_s += stage.for_s
    return spans


def _span(profile: Profile, name: str, begin_s: float, end_s: float) -> _Span:
    times_s = plan(profile).times_s
    planned = int(np.count_nonzero((times_s >= begin_s) & (times_s < end_s)))
    return _Span(name, begin_s, end_s, planned)
