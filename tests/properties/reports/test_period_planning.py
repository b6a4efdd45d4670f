"""What the monthly report says of the months to come: capacity and thresholds."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import jsonschema
import numpy as np

from alerts.backtest.score import Total
from alerts.backtest.tune import Trial
from alerts.edge.tuning import SCHEMA, to_record
from alerts.thresholds import Thresholds
from kit.pure.answers import Answer, Series
from reports.markdown import to_markdown
from reports.period.as_json import schema
from reports.period.as_json import to_record as to_plain
from reports.period.capacity_summary import queries
from reports.period.compose import document
from reports.period.evidence import Evidence, Record, read_record
from reports.period.plan import plan
from reports.period.report import PeriodReport, period_report
from reports.period.tuning import TUNING_SCHEMA
from reports.period.window import Kind, Window, containing
from slo.edge.files import load_objectives
from tests.pages.reports.test_capacity import climb
from tests.support.other_projects import CALENDAR

UTC_ZONE = ZoneInfo("UTC")
MONTH = containing(Kind.MONTH, date(2026, 11, 10), UTC_ZONE)
WEEK = containing(Kind.WEEK, date(2026, 11, 10), UTC_ZONE)


def report(
    *records: Record, window: Window = MONTH, answers: dict[str, Answer] | None = None
) -> PeriodReport:
    return period_report(
        Evidence(window, load_objectives(), answers or {}, CALENDAR, records=records)
    )


def text(found: PeriodReport) -> str:
    return to_markdown(document(found))


def trial(false_pages: int, **change: float) -> Trial:
    return Trial(tuple(change.items()), Total(9, 8, 8, 20, 2, false_pages, 240.0, 9000))


def searched(*trials: Trial) -> Record:
    now = asdict(Thresholds())
    kept = to_record(trials, now, at=datetime(2026, 11, 20, tzinfo=UTC), commit="abc")
    record = read_record("tune", kept)
    assert record is not None
    return record


def test_a_search_that_found_something_is_shown_with_what_it_gains() -> None:
    proposed = Thresholds().error_ratio_high * 2
    record = searched(trial(5), trial(1, error_ratio_high=proposed))
    found = report(record)
    assert found.tuning is not None
    (one,) = found.tuning.proposals
    assert (one.threshold, one.now, one.proposed) == (
        "error_ratio_high",
        Thresholds().error_ratio_high,
        proposed,
    )
    assert ("false pages", 5.0, 1.0) in found.tuning.figures
    assert "error_ratio_high" in text(found)
    assert SCHEMA == TUNING_SCHEMA
    jsonschema.validate(to_plain(found), schema())


def test_a_search_that_found_nothing_better_says_so() -> None:
    found = report(searched(trial(0), trial(7, error_ratio_high=0.9)))
    assert found.tuning is not None
    assert found.tuning.proposals == ()
    assert "None was better than what there is" in text(found)


def test_without_a_search_the_month_says_how_to_make_one_and_a_week_says_nothing() -> None:
    assert "sre alerts tune" in text(report())
    assert "sre alerts tune" not in text(report(window=WEEK))
    assert report(searched(trial(0)), window=WEEK).tuning is None


def test_a_month_tells_its_room_by_the_newest_climb_and_its_own_traffic() -> None:
    asked = {query.name: query for query in queries(MONTH, CALENDAR)}
    times = np.arange(asked["capacity.requests"].start_s, MONTH.end_s + 1, 3600, dtype=np.float64)
    answers = {
        "capacity.requests": Answer((Series({}, times, np.full(len(times), 3600 * 20.0)),)),
        "capacity.replicas": Answer((Series({}, times[-1:], np.array([2.0])),)),
    }
    room = report(climb(40.0), answers=answers).room
    assert room is not None
    assert (room.safe_per_s, room.replicas, room.busiest_per_s) == (40, 2, 20)
    assert room.used == 0.25


def test_only_a_month_asks_about_room_and_stays_within_forty_queries() -> None:
    assert queries(WEEK, CALENDAR) == ()
    assert len(plan(MONTH, load_objectives(), CALENDAR)) + len(queries(MONTH, CALENDAR)) <= 40
