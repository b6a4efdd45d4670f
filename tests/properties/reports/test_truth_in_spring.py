"""Reports over the change to summer time and a month's end, against sums of our own.

Nothing of the product's arithmetic is used on the right hand side: whole numbers are added up.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from reports.edge import period
from reports.period.report import PeriodReport
from reports.period.states import State
from reports.period.window import Kind, containing
from slo.edge.files import load_objectives
from tests.support import spring
from tests.support.other_projects import CALENDAR
from tests.support.spring import Spring

pytestmark = pytest.mark.thorough
BERLIN = ZoneInfo("Europe/Berlin")
# Local midnights in UTC, by hand: winter time is one hour ahead, summer time two.
MIDNIGHTS = [
    datetime(2026, 3, 22, 23, tzinfo=UTC) + timedelta(days=n, hours=-1 if n > 6 else 0)
    for n in range(15)
]
PLACED = 3e-3
Report = Callable[[Kind, date], PeriodReport]


@cache
def truth() -> Spring:
    return Spring()


@cache
def report(kind: Kind, day: date) -> PeriodReport:
    objectives = [one for one in load_objectives() if one.name != "accuracy"]
    window = containing(kind, day, BERLIN)
    return period.of_samples(window, objectives, CALENDAR, truth().samples(), source="spring")


@pytest.fixture(autouse=True)
def no_records(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path_factory.mktemp("runs")))


def day_report(number: int) -> PeriodReport:
    return report(Kind.DAY, date(2026, 3, 23) + timedelta(days=number))


WEEK = date(2026, 3, 25)


@pytest.mark.parametrize("number", [3, 5, 6, 7, 9])
def test_the_figures_of_a_day_are_the_sums_of_its_minutes(number: int) -> None:
    found, span = day_report(number), (MIDNIGHTS[number], MIDNIGHTS[number + 1])
    asked = truth().count(truth().total, span)
    assert found.window.hours == (23 if number == 6 else 24)
    assert found.traffic.requests == pytest.approx(asked, rel=PLACED)
    assert found.traffic.failed == pytest.approx(
        truth().count(truth().failed, span), rel=0.01, abs=2
    )
    slow = truth().count(truth().slow, span)
    (latency,) = [row for row in found.promises if row.name == "latency"]
    assert latency.bad_events == pytest.approx(slow, rel=0.01, abs=3)
    mean = (0.2 * (asked - slow) + 3 * slow) / asked
    assert found.summary.mean_response_s == pytest.approx(mean, rel=PLACED)


def test_the_week_of_the_change_has_167_hours_and_its_days_add_up_to_it() -> None:
    week, days = report(Kind.WEEK, WEEK), [day_report(n) for n in range(7)]
    span = (MIDNIGHTS[0], MIDNIGHTS[7])
    assert week.window.hours == 167
    assert week.traffic.requests == pytest.approx(truth().count(truth().total, span), rel=PLACED)
    assert sum(one.traffic.requests or 0 for one in days) == pytest.approx(
        week.traffic.requests, rel=1e-3
    )
    assert [one.minutes for one in week.outages] == [
        one.minutes for day in days for one in day.outages
    ]
    assert sum(one.requests for one in week.traffic.days) == pytest.approx(
        week.traffic.requests, rel=PLACED
    )


@pytest.mark.parametrize("kind", [Kind.DAY, Kind.WEEK, Kind.MONTH])
def test_what_was_down_while_the_clocks_changed_is_as_long_in_every_report(kind: Kind) -> None:
    found = report(kind, date(2026, 3, 29))
    (down,) = [one for one in found.outages if one.kind == "down"]
    assert down.minutes == 19
    assert (down.end - down.start) == timedelta(minutes=19)
    assert abs(down.start - spring.DOWN[0]) <= timedelta(minutes=1)
    assert "01:50 to 03:09" in next(a.because for a in found.actions if a.key.startswith("down"))
    uptime = 1 - 19 / (found.window.hours * 60)
    if kind is not Kind.MONTH:  # which begins before there are any data
        assert found.summary.uptime == pytest.approx(uptime, abs=2e-4)


def test_what_failed_is_counted_and_what_a_version_made_slow_is_over() -> None:
    found = report(Kind.WEEK, WEEK)
    (failing,) = [one for one in found.outages if one.kind == "failing"]
    assert failing.bad == pytest.approx(truth().count(truth().failed, spring.FAILING), rel=0.02)
    assert failing.peak == pytest.approx(0.6, abs=0.02)
    assert [one.version for one in found.deploys] == ["2.4.0", "2.4.1"]
    assert [one.at for one in found.deploys] == list(spring.SLOW)
    (slower,) = found.regressions
    assert (slower.route, slower.state, slower.mended_by) == ("/events", State.MENDED, "2.4.1")
    more = truth().count(truth().slow, spring.SLOW, "/events")
    usual = 0.01 * truth().count(truth().total, spring.SLOW, "/events")
    assert slower.excess == pytest.approx(more - usual, rel=0.05)
    assert slower.share_after == pytest.approx(0.15, abs=0.01)
    assert not [one for one in (*found.actions, *found.further) if one.key.startswith("slow")]
    assert found.quality.resets == 3


def test_a_gap_loses_nothing_of_a_total_and_is_named_for_what_it_is() -> None:
    found = report(Kind.WEEK, date(2026, 4, 1))
    span = (MIDNIGHTS[7], MIDNIGHTS[14])
    assert found.traffic.requests == pytest.approx(truth().count(truth().total, span), rel=PLACED)
    (gap,) = [one for one in found.quality.gaps if one.job == "calendar-api"]
    assert gap.minutes == pytest.approx(45, abs=1)
    assert found.quality.covered == pytest.approx(1 - 45 / (168 * 60), abs=3e-4)


def test_a_month_ends_at_local_midnight_and_counts_to_it() -> None:
    found = report(Kind.MONTH, date(2026, 3, 5))
    assert found.window.hours == 743
    assert found.window.end.isoformat() == "2026-04-01T00:00:00+02:00"
    span = (spring.START, datetime(2026, 3, 31, 22, tzinfo=UTC))
    assert found.traffic.requests == pytest.approx(truth().count(truth().total, span), rel=PLACED)
