"""How many events an objective counted in a span, and how many of them were bad."""

from dataclasses import dataclass
from typing import Final

from reports.period.evidence import Evidence
from reports.period.plan import FOUR_WEEKS, tally_name
from reports.period.window import Window
from slo.objective import Objective, RawRatio

FOUR_WEEKS_SPAN: Final = "four_weeks"
_PARTS: Final = ("this", "earlier")


@dataclass(frozen=True, slots=True)
class Tally:
    """Bad and all events of a span; for a ready-made share `bad` is the share and `total` 1."""

    bad: float
    total: float

    @property
    def good(self) -> float | None:
        """Return the share of good events, None without any."""
        return None if self.total <= 0 else 1.0 - self.bad / self.total


def tally(evidence: Evidence, objective: Objective, span: str) -> Tally | None:
    """Return the tally of `this` window, the one `before`, or of `four_weeks`; None for no sample.

    Four weeks are this window and what is `earlier`, so that no sample is read twice; a window of
    four weeks or more asks for them by themselves. None, too, where `trouble` says that a part is
    not known: a sum without it would be another figure.
    """
    if trouble(evidence, objective, span) is not None:
        return None
    window = evidence.window
    if span == FOUR_WEEKS_SPAN and asks_earlier(objective, window):
        found = [tally(evidence, objective, part) for part in _PARTS]
        known = [one for one in found if one is not None]
        if not known:
            return None
        return Tally(sum(one.bad for one in known), sum(one.total for one in known))
    bad = evidence.answer(tally_name(objective, "bad", span, window))
    if isinstance(objective.indicator, RawRatio):
        return None if bad.value is None else Tally(min(max(bad.value, 0.0), 1.0), 1.0)
    total = evidence.answer(tally_name(objective, "total", span, window))
    failed = bad.count
    if total.value is None or failed is None:
        return None
    seconds = _seconds(window, span)
    return Tally(min(max(failed, 0.0), total.value) * seconds, total.value * seconds)


def trouble(evidence: Evidence, objective: Objective, span: str) -> str | None:
    """Return why a span's tally is not known; None where it is, or where there is no sample."""
    in_parts = span == FOUR_WEEKS_SPAN and asks_earlier(objective, evidence.window)
    sides = ("bad",) if isinstance(objective.indicator, RawRatio) else ("bad", "total")
    answers = [
        evidence.answer(tally_name(objective, side, part, evidence.window))
        for part in (_PARTS if in_parts else (span,))
        for side in sides
    ]
    return next((one.trouble for one in answers if one.trouble is not None), None)


def asks_earlier(objective: Objective, window: Window) -> bool:
    """Tell whether four weeks are asked for in two parts: counts add up, ready shares do not."""
    counted = not isinstance(objective.indicator, RawRatio)
    return counted and window.seconds < FOUR_WEEKS.total_seconds()


def _seconds(window: Window, span: str) -> float:
    four_weeks = FOUR_WEEKS.total_seconds()
    spans = {
        "this": window.seconds,
        "before": window.before().seconds,
        "earlier": four_weeks - window.seconds,
        FOUR_WEEKS_SPAN: four_weeks,
    }
    return spans[span]
