"""When requests failed, to the scrape: looked at closely where a coarse look finds failures."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.answers import Answer, Floats, on_grid, summed
from kit.pure.durations import to_prometheus
from kit.pure.query import MOST_POINTS, Query
from reports.period.evidence import Evidence
from reports.period.plan import fault_sides, fault_step_s
from reports.period.questions import PART
from reports.period.resolution import AGO, in_order
from reports.period.segments import segments
from reports.period.slots import Slots

CLOSELY: Final = "closely"
"""What the question is called that is asked once the others are answered."""
# The runbook's critical share of failures, and so few that they may be one person's bad luck.
_FAULTY: Final = 0.05
_FEWEST_BAD: Final = 5.0
# Any five minutes with that share have at least half of it in a slot of the coarse look.
_SUSPECT: Final = 0.4
_SPAN_S: Final = 300
_MOST_LOOKS: Final = 24
_LOOK_LENGTHS: Final = (6, 12, 24, 48)


@dataclass(frozen=True, slots=True, eq=False)
class Failing:
    """Failed and all requests by slot of a window, and the slots in which requests `held` failing.

    `known` is where the last slot with a request ends. What is held is found in more than the
    window, so that the stretches of days are those of their week.
    """

    slots: Slots
    bad: Floats
    total: Floats
    held: NDArray[np.bool_]
    known: int

    def peak(self, first: int, after: int) -> float:
        """Return the worst share of failures in five minutes of a stretch, or in all of it."""
        length = min(_per_span(self.slots.step_s), after - first)
        bad, total = (_rolling(one[first:after], length) for one in (self.bad, self.total))
        shares = np.divide(bad, total, out=np.zeros_like(bad), where=total > 0)
        return float(shares[length - 1 :].max())


def look(evidence: Evidence) -> Query | None:
    """Return what shows the requests of each scrape around failures; None without any.

    Several stretches are looked at in one question, each so many seconds ago.
    """
    begins, length = _looks(evidence, *_coarse(evidence))
    sides = fault_sides(evidence.objectives, evidence.project, 2 * evidence.scrape_s)
    if not begins or sides is None:
        return None
    step_s, last_s = evidence.scrape_s, begins[-1]
    step = to_prometheus(timedelta(seconds=step_s))
    asked = " or ".join(
        f"label_replace(last_over_time(({sides})[{step}:{step}]{_offset(last_s - begin_s)}), "
        f'"{AGO}", "{last_s - begin_s}", "", "")'
        for begin_s in begins
    )
    return Query(CLOSELY, asked, last_s + step_s, last_s + length, step_s)


def failing(evidence: Evidence) -> Failing:
    """Return what failed in each scrape of the window, by both looks."""
    coarse, bad, total = _coarse(evidence)
    step_s = evidence.scrape_s if _is_closer(evidence) else coarse.step_s
    each = coarse.step_s // step_s
    slots = Slots(step_s, np.arange(len(coarse) * each) * step_s + coarse.begins[0], coarse.zone)
    fine_bad, fine_total = (np.repeat(one / each, each) for one in (bad, total))
    answer = evidence.answers.get(CLOSELY)
    if answer is not None and answer.problem is None:
        begins, length = _looks(evidence, coarse, bad, total)
        seen = np.zeros(len(slots), bool)
        for begin_s in begins:
            seen |= (slots.begins >= begin_s) & (slots.begins < begin_s + length)
        found = in_order(answer)
        for side, values in (("bad", fine_bad), ("total", fine_total)):
            values[seen] = _side(found, side, slots)[seen] * step_s
    held = _held(np.nan_to_num(fine_bad), np.nan_to_num(fine_total), slots)
    window = evidence.window
    inside = (slots.begins >= window.start_s) & (slots.begins < window.end_s)
    is_known = np.flatnonzero(~np.isnan(fine_total[inside]))
    return Failing(
        Slots(step_s, slots.begins[inside], coarse.zone),
        np.nan_to_num(fine_bad)[inside],
        np.nan_to_num(fine_total)[inside],
        held[inside],
        int(is_known[-1]) + 1 if len(is_known) else 0,
    )


def _is_closer(evidence: Evidence) -> bool:
    """Tell whether a scrape is shorter than a slot of the coarse look."""
    return evidence.scrape_s < fault_step_s(evidence.window, evidence.scrape_s)


def _coarse(evidence: Evidence) -> tuple[Slots, Floats, Floats]:
    """Return failed and all requests by slot, with one slot more before and after the window."""
    window, step_s = evidence.window, fault_step_s(evidence.window, evidence.scrape_s)
    begins = np.arange(window.start_s - step_s, window.end_s + step_s, step_s, dtype=np.float64)
    slots = Slots(step_s, begins, window.zone)
    bad, total = (evidence.total(f"fault:{side}", slots) * step_s for side in ("bad", "total"))
    return slots, bad, total


def _looks(evidence: Evidence, slots: Slots, bad: Floats, total: Floats) -> tuple[list[int], int]:
    """Return where the stretches to look at begin, and how long each is, in seconds."""
    if not _is_closer(evidence):
        return [], 0
    suspect = (bad > _SUSPECT * _FAULTY * np.nan_to_num(total)) & (bad >= _SUSPECT * _FEWEST_BAD)
    if not suspect.any():
        return [], 0
    around = np.convolve(suspect, np.ones(3), "same")
    edges = np.where(np.convolve(around > 2, np.ones(3), "same") > 2, 0, around)  # noqa: PLR2004 -- all of three
    most = (MOST_POINTS - 1) * evidence.scrape_s // slots.step_s
    lengths = [one for one in _LOOK_LENGTHS if one <= most]
    for wanted in (around, edges):
        for length in lengths:
            firsts = _covering(np.flatnonzero(wanted > 0).tolist(), length)
            if len(firsts) <= _MOST_LOOKS:
                break
        else:
            continue
        break
    found = [int(slots.begins[one]) for one in firsts[:_MOST_LOOKS]]
    return found, length * slots.step_s


def _covering(places: list[int], length: int) -> list[int]:
    """Return the first of each `length` places that together hold all of some in rising order."""
    found: list[int] = []
    for place in places:
        if not found or place >= found[-1] + length:
            found.append(place)
    return found


def _offset(seconds: int) -> str:
    return f" offset {seconds}s" if seconds else ""


def _side(answer: Answer, side: str, slots: Slots) -> Floats:
    rows = [on_grid(one, slots.ends) for one in answer.series if one.label(PART) == side]
    return summed(rows, len(slots))


def _held(bad: Floats, total: Floats, slots: Slots) -> NDArray[np.bool_]:
    """Return the slots of stretches in which any five minutes had too many failures.

    Of each stretch it is the part with most failures above what is too many, so that it begins
    and ends with failures.
    """
    length = _per_span(slots.step_s)
    lately, asked = _rolling(bad, length), _rolling(total, length)
    holds = (lately >= _FEWEST_BAD) & (lately > _FAULTY * asked)
    reached = _rolling(holds[::-1].astype(np.float64), length)[::-1] > 0.5  # noqa: PLR2004 -- any
    held = np.zeros(len(bad), bool)
    for part in segments(reached, slots):
        place = slice(part.first, part.after)
        first, after = _most(bad[place] - _FAULTY * total[place])
        held[part.first + first : part.first + after] = True
    return held


def _most(scores: Floats) -> tuple[int, int]:
    """Return the ends of the stretch with the largest sum."""
    sums = np.concatenate(([0.0], np.cumsum(scores)))
    lowest = np.minimum.accumulate(sums)
    after = int((sums - lowest).argmax())
    first = after - 1 - int(sums[:after][::-1].argmin()) if after else 0
    return first, after


def _rolling(values: Floats, length: int) -> Floats:
    """Return at each place the sum of as many values up to it."""
    sums = np.concatenate((np.zeros(length), np.cumsum(values)))
    found: Floats = sums[length:] - sums[:-length]
    return found


def _per_span(step_s: int) -> int:
    return max(1, _SPAN_S // step_s)
