"""How good the rules were: detection, precision, recall, false pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from alerts.backtest.replay import Firing
from alerts.backtest.scenario import Expect, Scenario

GRACE_S: Final = 900
"""What an alert may need to notice a fault that has just ended."""
_WEEK_S: Final = 7 * 86_400
PAGING: Final = "critical"
SHOWING: Final = "info"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules did in one scenario; times in seconds after the start of the incident."""

    scenario: Scenario
    seed: int
    right: tuple[Firing, ...]
    wrong: tuple[Firing, ...]
    detected_s: int | None
    reset_s: int | None

    @property
    def missed(self) -> bool:
        """Return whether somebody should have been notified and was not, or not by a page."""
        return self.scenario.expect is not Expect.QUIET and self.detected_s is None

    @property
    def false_pages(self) -> int:
        """Return the pages outside an incident, or about one that is worth a ticket only."""
        ticket = self.scenario.expect is Expect.TICKET
        counted = (*self.wrong, *self.right) if ticket else self.wrong
        return sum(firing.severity == PAGING for firing in counted)


@dataclass(frozen=True, slots=True)
class Total:
    """All outcomes together."""

    scenarios: int
    incidents: int
    detected: int
    firings: int
    wrong: int
    false_pages: int
    median_page_s: float | None
    simulated_s: int

    @property
    def pages_per_week(self) -> float:
        """Return the false pages in a week of what was simulated."""
        return self.false_pages / self.simulated_s * _WEEK_S if self.simulated_s else 0.0

    @property
    def precision(self) -> float | None:
        """Return the share of firings that were about an incident."""
        return None if self.firings == 0 else 1 - self.wrong / self.firings

    @property
    def recall(self) -> float | None:
        """Return the share of incidents that an alert fired for."""
        return None if self.incidents == 0 else self.detected / self.incidents

    def lines(self) -> tuple[str, ...]:
        """Return the figures as lines of text."""

        def share(value: float | None) -> str:
            return "NO DATA" if value is None else f"{value:.3f}"

        page = "NO DATA" if self.median_page_s is None else f"{self.median_page_s / 60:.1f} min"
        return (
            (
                f"{self.scenarios} replays, {self.incidents} with an incident,"
                f" {self.detected} of them detected"
            ),
            (
                f"precision {share(self.precision)}, recall {share(self.recall)},"
                f" {self.firings} firings, {self.wrong} wrong"
            ),
            (
                f"{self.false_pages} false pages ({self.pages_per_week:.2f} a week),"
                f" median time to page {page}"
            ),
        )


def judge(scenario: Scenario, seed: int, firings: Iterable[Firing]) -> Outcome:
    """Sort firings into right and wrong. What only shows on a board (info) is neither.

    Right is what fires in time and is about what happens: another alert is no detection.
    """
    start, end = scenario.incident
    counted = [firing for firing in firings if firing.severity != SHOWING]
    quiet = scenario.expect is Expect.QUIET
    right = tuple(
        f
        for f in counted
        if not quiet and start <= f.start_s <= end + GRACE_S and scenario.is_about(f.name)
    )
    wrong = tuple(f for f in counted if f not in right)
    wanted = [f for f in right if scenario.expect is not Expect.PAGE or f.severity == PAGING]
    return Outcome(
        scenario,
        seed,
        right,
        wrong,
        min(f.start_s for f in wanted) - start if wanted else None,
        max(f.end_s for f in wanted) - end if wanted else None,
    )


def total(outcomes: Sequence[Outcome]) -> Total:
    """Add outcomes up; the median is over the incidents that paged and should have."""
    pages = [
        each.detected_s
        for each in outcomes
        if each.scenario.expect is Expect.PAGE and each.detected_s is not None
    ]
    incidents = [each for each in outcomes if each.scenario.expect is not Expect.QUIET]
    return Total(
        scenarios=len(outcomes),
        incidents=len(incidents),
        detected=sum(not each.missed for each in incidents),
        firings=sum(len(each.right) + len(each.wrong) for each in outcomes),
        wrong=sum(len(each.wrong) for each in outcomes),
        false_pages=sum(each.false_pages for each in outcomes),
        median_page_s=median(pages) if pages else None,
        simulated_s=sum(each.scenario.length_s for each in outcomes),
    )
