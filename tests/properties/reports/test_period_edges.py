"""Reports at the edges of time: clocks that change, short outages, instances that come and go."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kit.pure.answers import Answer, Series
from kit.pure.query import Query
from reports.period import wording
from reports.period.evidence import Evidence, Record
from reports.period.outages import Outage, outages
from reports.period.paging import paging
from reports.period.plan import plan
from reports.period.quality import quality
from reports.period.resolution import how_often, in_order, scrape_interval_s
from reports.period.states import State
from reports.period.window import Kind, Window, containing, span
from tests.support.other_projects import CALENDAR
from tests.support.promises import promises
from tests.support.sampling import quick

PROMISES = promises()
Values = Callable[[np.ndarray], np.ndarray]
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")


def answer_to(query: Query, values: Values, labels: dict[str, str] | None = None) -> Answer:
    """Return what a Prometheus would answer of something that is `values` at each moment."""
    at = np.arange(query.start_s, query.end_s + 1, query.step_s, dtype=np.float64)
    looks = re.findall(r'"ago", "(\d+)"', query.expression)
    return Answer(
        tuple(
            Series({**(labels or {}), **({"ago": ago} if looks else {})}, at, values(at - int(ago)))
            for ago in looks or ["0"]
        )
    )


def evidence(window: Window, scrape_s: int = 30, rules: dict[str, float] | None = None,
             records: tuple[Record, ...] = (), **given: Values) -> Evidence:  # fmt: skip
    queries = {one.name: one for one in plan(window, PROMISES, CALENDAR, scrape_s)}
    labels = {"alerts": {"alertname": "Slow", "severity": "critical", "priority": "P1"}}
    answers = {name: answer_to(queries[name], v, labels.get(name)) for name, v in given.items()}
    return Evidence(
        window, PROMISES, answers, CALENDAR, records=records, rules=rules, scrape_s=scrape_s
    )


def during(*spans: tuple[datetime, datetime], inside: float = 0.0, outside: float = 1.0) -> Values:
    """Return values of the slot that ends at each moment."""

    def values(at: np.ndarray) -> np.ndarray:
        found = np.full(len(at), outside)
        for begin, end in spans:
            found[(at > begin.timestamp()) & (at <= end.timestamp())] = inside
        return found

    return values


def down(kind: Kind, day: date, zone: str, *spans: tuple[datetime, datetime]) -> tuple[Outage, ...]:
    window = containing(kind, day, ZoneInfo(zone))
    return outages(evidence(window, up=during(*spans)))


@pytest.mark.thorough
@pytest.mark.parametrize("zone", quick(ZONES, first=1))
def test_an_outage_of_minutes_is_found_in_a_month_as_in_its_day_and_they_add_up(zone: str) -> None:
    spans = [
        (begin := datetime(2026, 6, day, 9, 13, 30, tzinfo=UTC), begin + timedelta(minutes=length))
        for day, length in ((3, 8), (4, 1), (20, 3))
    ]
    month = down(Kind.MONTH, date(2026, 6, 1), zone, *spans)
    days = [
        one
        for n in range(1, 31)
        for one in down(Kind.DAY, date(2026, 6, n), zone, *spans)
    ]  # fmt: skip
    assert [one.minutes for one in month] == [8, 1, 3]
    assert [(one.start, one.end, one.minutes) for one in month] == [
        (one.start, one.end, one.minutes) for one in days
    ]
    week = down(Kind.WEEK, date(2026, 6, 3), zone, *spans)
    assert [one.minutes for one in week] == [8, 1]
    quarter = down(Kind.QUARTER, date(2026, 6, 3), zone, *spans)
    assert [one.minutes for one in quarter] == [8, 1, 3]


def test_an_outage_over_midnight_is_cut_in_two_days_whose_minutes_are_those_of_the_week() -> None:
    spans = ((datetime(2026, 6, 3, 21, 50, tzinfo=UTC), datetime(2026, 6, 3, 22, 7, tzinfo=UTC)),)
    first, second = (down(Kind.DAY, date(2026, 6, n), "Europe/Berlin", *spans) for n in (3, 4))
    (whole,) = down(Kind.WEEK, date(2026, 6, 3), "Europe/Berlin", *spans)
    assert first[0].minutes + second[0].minutes == whole.minutes == 17
    assert (first[0].state, first[0].is_cut, second[0].is_cut) == (State.OPEN, True, True)
    assert (whole.state, whole.is_cut) == (State.GONE, False)


CHANGES = [
    # zone, when it was down (UTC), and the hours that are printed
    ("Europe/Berlin", (2026, 10, 25, 0, 30), (2026, 10, 25, 1, 20), "02:30 CEST", "02:20 CET"),
    ("America/New_York", (2026, 11, 1, 5, 30), (2026, 11, 1, 6, 20), "01:30 EDT", "01:20 EST"),
    ("Australia/Lord_Howe", (2026, 4, 4, 14, 40), (2026, 4, 4, 15, 30), "01:40 +11", "02:00"),
    ("Europe/Berlin", (2026, 3, 29, 0, 30), (2026, 3, 29, 1, 20), "01:30", "03:20"),
    ("America/New_York", (2026, 3, 8, 6, 30), (2026, 3, 8, 7, 20), "01:30", "03:20"),
    ("Australia/Lord_Howe", (2026, 10, 3, 15, 0), (2026, 10, 3, 15, 50), "01:30", "02:50"),
]


@pytest.mark.parametrize("kind", [Kind.DAY, Kind.WEEK, Kind.MONTH])
@pytest.mark.parametrize(("zone", "begin", "end", "from_", "to"), CHANGES)
def test_an_outage_while_the_clocks_change_lasts_as_long_as_it_did(
    kind: Kind, zone: str, begin: tuple[int, ...], end: tuple[int, ...], from_: str, to: str
) -> None:
    start, stop = (datetime(*one, tzinfo=UTC) for one in (begin, end))  # type: ignore[arg-type,misc]
    local_day = start.astimezone(ZoneInfo(zone)).date()
    (found,) = down(kind, local_day, zone, (start, stop))
    assert found.minutes == 50
    assert (found.end - found.start).total_seconds() == 3000
    assert wording.lasting(found.start, found.end) == "50 min"
    assert (wording.clock(found.start), wording.clock(found.end)) == (from_, to)


def test_ten_pods_by_day_and_three_by_night_are_no_gap_and_a_missing_scrape_is_none() -> None:
    window = containing(Kind.DAY, date(2026, 6, 3), ZoneInfo("UTC"))
    late = datetime(2026, 6, 3, 12, tzinfo=UTC)
    gap = (datetime(2026, 6, 3, 3, tzinfo=UTC), datetime(2026, 6, 3, 3, 4, tzinfo=UTC))
    missed = (late, datetime(2026, 6, 3, 12, 0, 30, tzinfo=UTC))
    found = quality(evidence(window, up=during(gap, missed, inside=np.nan)))
    assert [(one.start, one.minutes) for one in found.gaps] == [(gap[0], 4.0)]
    assert found.covered == pytest.approx(1 - 4 / 1440)
    (scrapes,) = (q for q in plan(window, PROMISES, CALENDAR) if q.name == "scrapes")
    assert scrapes.expression.startswith("max by (job)")


@pytest.mark.parametrize(
    ("most", "expected"),
    [(21, 30), (20, 30), (41, 15), (40, 15), (11, 60), (10, 60), (120, 5), (61, 10), (0, 30)],
)
def test_the_scrape_interval_is_read_from_what_was_scraped(most: int, expected: int) -> None:
    window = containing(Kind.DAY, date(2026, 6, 3), ZoneInfo("UTC"))
    asked = how_often(window, CALENDAR.target)
    assert (
        scrape_interval_s(window, answer_to(asked, lambda at: np.full(len(at), most))) == expected
    )


def test_the_looks_of_one_query_are_put_together_in_the_order_of_time() -> None:
    window = containing(Kind.MONTH, date(2026, 6, 1), ZoneInfo("UTC"))
    (query,) = (one for one in plan(window, PROMISES, CALENDAR, 15) if one.name == "up")
    (one,) = in_order(answer_to(query, lambda at: at)).series
    assert np.array_equal(one.times, one.values)
    assert set(np.diff(one.times)) == {15.0}
    assert one.times[0] == window.start_s + 15
    assert one.times[-1] >= window.end_s


@pytest.mark.parametrize(("kept_s", "actionable"), [(0.0, 1), (600.0, 0), (240.0, 1)])
def test_an_alert_that_goes_on_by_itself_was_not_there_to_act_upon(
    kept_s: float, actionable: int
) -> None:
    window = containing(Kind.DAY, date(2026, 6, 3), ZoneInfo("UTC"))
    fired = (datetime(2026, 6, 3, 9, tzinfo=UTC), datetime(2026, 6, 3, 9, 14, tzinfo=UTC))
    alerts = during(fired, inside=1.0, outside=0.0)
    (one,) = paging(evidence(window, rules={"Slow": kept_s}, alerts=alerts), ()).alerts
    assert (one.firings, one.actionable) == (1, actionable)


def test_a_quarter_is_three_months_of_the_calendar() -> None:
    found = containing(Kind.QUARTER, date(2026, 5, 17), ZoneInfo("Europe/Berlin"))
    assert (found.label, str(found.start.date()), str(found.end.date())) == (
        "2026-Q2",
        "2026-04-01",
        "2026-07-01",
    )
    assert found.before().label == "2026-Q1"
    assert len(plan(found, PROMISES, CALENDAR, 15)) <= 40


def test_a_span_over_a_change_of_the_clocks_is_as_long_as_a_clock_measures() -> None:
    zone = ZoneInfo("Europe/Berlin")
    begin, end = (datetime(2026, 10, 25, h, tzinfo=zone) for h in (0, 12))
    found = span(begin, end, zone)
    assert found.seconds == 13 * 3600
    assert found.before().seconds == 13 * 3600
