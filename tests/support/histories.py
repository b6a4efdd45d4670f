"""Five histories of made events: whatever speaks of a budget is held against their count."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from tests.support.made_events import Counts, Made, Span, made
from tests.support.other_projects import ROLLING, slo

TARGETS: Final = {"no-errors": ("failed", 0.99), "fast": ("slow", 0.95)}
ZURICH: Final = ZoneInfo("Europe/Zurich")
_LOOKS: Final = 500
"""At so many moments of a window it is looked whether anything was measured."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def spanning(start: str, end: str) -> Span:
    return Span(at(start), at(end))


def calendar(zone: str) -> str:
    begin = '{startTime: "2026-01-01 00:00:00", timeZone: ' + zone + "}"
    return "{duration: 1M, calendar: " + begin + "}"


@dataclass(frozen=True)
class Told:
    """A history, the window of its objectives, and which day, week and month are reported on."""

    events: Made
    window: str
    day: str
    zone: str = "UTC"

    def window_at(self, moment: datetime) -> Span:
        """Return the whole window of the objectives that ends, or is passing, at a moment."""
        if "rolling" in self.window.lower():
            days = int(self.window.partition("duration: ")[2].partition("d")[0])
            return Span(moment - timedelta(days=days), moment)
        local = (moment - timedelta(seconds=1)).astimezone(ZoneInfo(self.zone))
        first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        after = (first + timedelta(days=32)).replace(day=1)
        return Span(first.astimezone(UTC), after.astimezone(UTC))


BRIEF = Told(
    made("brief", spanning("2026-02-10T10:00Z", "2026-02-10T10:18Z"), every_s=15, a_minute=400,
         failing=0.33),
    ROLLING, "2026-02-10",
)  # fmt: skip
GAPS = Told(
    made("gaps", spanning("2026-02-08T00:00Z", "2026-02-11T00:00Z"), every_s=60, a_minute=20,
         failing=0.004, gaps=(spanning("2026-02-09T03:00Z", "2026-02-09T05:00Z"),
                              spanning("2026-02-10T12:00Z", "2026-02-10T12:30Z"))),
    ROLLING.replace("30d", "7d"), "2026-02-10",
)  # fmt: skip
MONTH = Told(
    made("month", spanning("2026-01-30T00:00Z", "2026-03-01T00:00Z"), every_s=600, a_minute=5,
         failing=0.008),
    ROLLING, "2026-02-28",
)  # fmt: skip
CLOCK = Told(
    made("clock", spanning("2026-02-28T23:00Z", "2026-03-31T22:00Z"), every_s=600, a_minute=5,
         failing=0.012),
    calendar("Europe/Zurich"), "2026-03-29", "Europe/Zurich",
)  # fmt: skip
CALENDAR = Told(
    made("window", spanning("2026-02-01T00:00Z", "2026-02-19T12:00Z"), every_s=300, a_minute=6,
         failing=0.009),
    calendar("Etc/UTC"), "2026-02-18",
)  # fmt: skip
HISTORIES: Final = (BRIEF, GAPS, MONTH, CLOCK, CALENDAR)
DEAR: Final = {"month", "clock"}
CASES: Final = [
    pytest.param(
        one,
        id=one.events.job,
        marks=[pytest.mark.thorough] if one.events.job in DEAR else [],
    )
    for one in HISTORIES
]


def objectives(told: Told) -> tuple[str, str]:
    job = told.events.job
    all_of_them = f'http_requests_total{{job="{job}"}}'
    times = "http_request_duration_seconds"
    return (
        slo("no-errors", job, total=all_of_them, target=0.99, window=told.window,
            bad=all_of_them.replace("}", ',code=~"5.."}')),
        slo("fast", job, total=f'{times}_count{{job="{job}"}}', target=0.95, window=told.window,
            good=f'{times}_bucket{{job="{job}",le="0.3"}}'),
    )  # fmt: skip


def between(least: float, value: float | None, most: float) -> bool:
    return value is not None and least <= value <= most


def of_window(told: Told, moment: datetime, bad: str) -> tuple[Counts, Span, float]:
    """Return what the objectives' window counted up to a moment, it, and how much has passed."""
    whole = told.window_at(moment)
    so_far = Span(whole.start, min(moment, whole.end))
    return told.events.counted(so_far, bad), so_far, so_far.seconds / whole.seconds


def check_watched(told: Told, so_far: Span, watched: float) -> None:
    truth, step_s = told.events.watched(so_far), max(300, so_far.seconds / _LOOKS + 60)
    looks = 2 + len(told.events.gaps)
    assert watched == pytest.approx(truth, abs=looks * step_s / so_far.seconds, rel=0.5)
