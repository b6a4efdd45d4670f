"""Failing requests are an outage from its first scrape to its last, in a report of any length."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from reports.gathered.evaluate import answer
from reports.gathered.samples import NAME, Samples
from reports.period.closely import look
from reports.period.evidence import Evidence
from reports.period.outages import Outage, outages
from reports.period.plan import plan
from reports.period.states import State
from reports.period.window import Kind, Window, containing, span
from slo.edge.files import load_objectives
from tests.support.other_projects import CALENDAR

ERRORS = [one for one in load_objectives() if one.name == "errors"]
Span = tuple[datetime, datetime, float]
"""From when to when which share of requests fails."""


def samples(first: datetime, last: datetime, spans: Sequence[Span], *, scrape_s: int = 60,
            a_minute: int = 600, usual: float = 0.0) -> Samples:  # fmt: skip
    """Return two instances' counters; between two scrapes whole numbers of requests fail."""
    times = np.arange(first.timestamp(), last.timestamp() + 1, scrape_s)
    total = np.full(len(times), a_minute * scrape_s / 60)
    share = np.full(len(times), usual)
    for begin, end, failing in spans:
        share[(times > begin.timestamp()) & (times <= end.timestamp())] = failing
    bad = np.diff(np.floor(np.cumsum(total * share) + 1e-6), prepend=0)
    rows, labels = [], []
    for instance in ("a", "b"):
        own = {"job": "calendar-api", "instance": instance}
        labels.append({NAME: "up", **own})
        rows.append(np.ones(len(times)))
        asked = {"method": "POST", "route": "/parse", **own}
        for status, counts in (("200", total - bad), ("503", bad)):
            labels.append({NAME: "http_requests_total", "status": status, **asked})
            rows.append(1000 + np.cumsum(counts / 2))
        labels.append({NAME: "http_request_duration_seconds_count", **asked})
        rows.append(np.cumsum(total / 2))
    return Samples(times, tuple(labels), np.array(rows))


def failing(window: Window, known: Samples, scrape_s: int = 60) -> list[Outage]:
    queries = [one for one in plan(window, ERRORS, CALENDAR, scrape_s) if one.name == "fault"]
    answers = {one.name: answer(known, one) for one in queries}
    evidence = Evidence(window, ERRORS, answers, CALENDAR, scrape_s=scrape_s)
    closer = look(evidence)
    if closer is not None:
        answers[closer.name] = answer(known, closer)
        assert answers[closer.name].problem is None
    return list(outages(replace(evidence, answers=answers)))


UTC_ZONE = ZoneInfo("UTC")
DAY = datetime(2026, 6, 3, tzinfo=UTC)
SPANS: tuple[Span, ...] = (
    (DAY + timedelta(hours=9, minutes=13), DAY + timedelta(hours=9, minutes=21), 0.4),
    (DAY + timedelta(hours=14, minutes=2), DAY + timedelta(hours=14, minutes=7), 0.08),
    (DAY + timedelta(hours=23, minutes=58), DAY + timedelta(hours=24, minutes=20), 0.07),
)


@cache
def history() -> Samples:
    return samples(DAY - timedelta(hours=2), DAY + timedelta(hours=30), SPANS, usual=0.005)


def test_failing_requests_are_an_outage_to_the_scrape_whatever_slots_they_fall_into() -> None:
    found = failing(containing(Kind.DAY, DAY.date(), UTC_ZONE), history())
    assert [(one.start, one.end) for one in found[:2]] == [(b, e) for b, e, _ in SPANS[:2]]
    assert [one.minutes for one in found] == [8, 5, 2]
    assert [round(one.bad) for one in found[:2]] == pytest.approx([8 * 240 + 6, 5 * 48 + 6], abs=4)
    assert [one.peak for one in found[:2]] == pytest.approx([0.4, 0.08], abs=0.005)
    assert (found[2].state, found[2].is_cut) == (State.OPEN, True)


def test_scrapes_that_do_not_divide_five_minutes_are_looked_at_as_closely() -> None:
    begin = DAY + timedelta(hours=9, minutes=14)
    spans: tuple[Span, ...] = ((begin, begin + timedelta(minutes=8), 0.4),)
    known = samples(DAY, DAY + timedelta(hours=14), spans, scrape_s=120)
    window = span(DAY + timedelta(hours=8), DAY + timedelta(hours=12), UTC_ZONE)
    (found,) = failing(window, known, 120)
    assert (found.start, found.minutes) == (begin, 8)


@pytest.mark.thorough
def test_outages_of_days_add_up_to_those_of_their_week() -> None:
    days = [
        one
        for day in (DAY, DAY + timedelta(days=1))
        for one in failing(containing(Kind.DAY, day.date(), UTC_ZONE), history())
    ]
    both = failing(span(DAY, DAY + timedelta(days=2), UTC_ZONE), history())
    assert [one.minutes for one in both] == [8, 5, 22]
    assert [one.minutes for one in days] == [8, 5, 2, 20]
    assert sum(one.bad for one in days) == pytest.approx(sum(one.bad for one in both), abs=8)


def test_what_ends_with_the_newest_scrape_goes_on_and_few_failures_are_no_outage() -> None:
    end = DAY + timedelta(hours=6, seconds=20)
    spans = (
        (DAY + timedelta(hours=1), DAY + timedelta(hours=1, minutes=5), 0.04),
        (DAY + timedelta(hours=5, minutes=40), DAY + timedelta(hours=7), 0.5),
    )
    known = samples(DAY - timedelta(hours=1), end, spans)
    (found,) = failing(span(DAY - timedelta(minutes=30), end, UTC_ZONE), known)
    assert (found.start, found.state) == (spans[1][0], State.OPEN)
    quiet = samples(DAY - timedelta(hours=1), end, [(spans[1][0], end, 1.0)], a_minute=0)
    assert failing(span(DAY, end, UTC_ZONE), quiet) == []


CHANGES = [
    ("Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 29, 0, 30, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 6, 30, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, 40, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 0, tzinfo=UTC)),
    ("Asia/Kolkata", datetime(2026, 3, 29, 18, 10, tzinfo=UTC)),
]


@pytest.mark.thorough
@pytest.mark.parametrize(("zone", "begin"), CHANGES)
def test_fifty_minutes_while_the_clocks_change_are_fifty_minutes(
    zone: str, begin: datetime
) -> None:
    end = begin + timedelta(minutes=50)
    known = samples(begin - timedelta(hours=30), begin + timedelta(hours=26), [(begin, end, 0.5)])
    local = begin.astimezone(ZoneInfo(zone))
    days: list[date] = sorted({local.date(), end.astimezone(ZoneInfo(zone)).date()})
    found = [
        one for day in days for one in failing(containing(Kind.DAY, day, ZoneInfo(zone)), known)
    ]
    assert sum(one.minutes for one in found) == 50
    assert found[0].start == begin
    assert found[-1].end == end
    assert sum(one.bad for one in found) == pytest.approx(50 * 300, abs=2)
