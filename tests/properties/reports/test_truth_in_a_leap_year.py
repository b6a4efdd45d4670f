"""Reports in three zones over a leap day, a month's end and clocks that change, against sums.

They are asked of samples as of a Prometheus, so that counts are taken from their ends. Nothing of
the product's arithmetic is on the right hand side: whole numbers are added up.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from kit.edge.prometheus import QueryRefusedError
from kit.pure.answers import Answer
from kit.pure.query import Query
from reports.edge import period
from reports.gathered.evaluate import answer
from reports.gathered.samples import Samples
from reports.period.report import PeriodReport
from reports.period.window import Kind, containing
from slo.edge.files import load_objectives
from tests.support import leap
from tests.support.leap import Leap
from tests.support.other_projects import CALENDAR

pytestmark = pytest.mark.thorough
TO_THE_MINUTE = 6e-4
"""Of a day: scrapes are seven seconds late, so a window lacks one minute and has another."""


class Server:
    """Answers as a Prometheus that has scraped the samples."""

    def __init__(self, samples: Samples) -> None:
        self.samples = samples

    def answer(self, query: Query) -> Answer:
        return answer(self.samples, query)

    answer_or_problem = answer

    def answers(
        self, queries: Iterable[Query], ask: Callable[[Query], Answer]
    ) -> dict[str, Answer]:
        return {one.name: ask(one) for one in queries}

    def get(self, path: str, **_: str) -> object:
        raise QueryRefusedError(f"no {path} here")


@cache
def truth() -> Leap:
    return Leap()


@cache
def report(kind: Kind, day: date, zone: str) -> PeriodReport:
    @contextlib.contextmanager
    def connect(_url: str) -> Iterator[Server]:
        yield Server(truth().samples())

    objectives = [one for one in load_objectives() if one.name != "accuracy"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(period, "connect", connect)
        return period.make(
            containing(kind, day, ZoneInfo(zone)),
            objectives,
            CALENDAR,
            prometheus_url="http://127.0.0.1:9",
            now=datetime(2029, 1, 1, tzinfo=UTC),
        )


@pytest.fixture(autouse=True)
def no_records(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path_factory.mktemp("runs")))


CASES = [
    (Kind.DAY, date(2028, 2, 29), "Asia/Kathmandu", 24),
    (Kind.DAY, date(2028, 3, 12), "America/New_York", 23),
    (Kind.DAY, date(2028, 4, 2), "Australia/Lord_Howe", 24.5),
    (Kind.WEEK, date(2028, 3, 8), "America/New_York", 167),
    (Kind.WEEK, date(2028, 3, 8), "Asia/Kolkata", 168),
]


@pytest.mark.parametrize(("kind", "day", "zone", "hours"), CASES)
def test_every_count_of_a_window_is_the_sum_of_its_minutes(
    kind: Kind, day: date, zone: str, hours: float
) -> None:
    found = report(kind, day, zone)
    span = (found.window.start.astimezone(UTC), found.window.end.astimezone(UTC))
    asked, failed, slow = (
        truth().count(one, span) for one in (truth().total, truth().failed, truth().slow)
    )
    promises = {one.name: one for one in found.promises}
    assert found.window.hours == hours
    assert found.traffic.requests == pytest.approx(asked, rel=TO_THE_MINUTE)
    assert promises["availability"].events == pytest.approx(asked, rel=TO_THE_MINUTE)
    assert promises["availability"].bad_events == pytest.approx(failed, rel=1e-3, abs=1)
    assert promises["latency"].bad_events == pytest.approx(slow, rel=1e-3, abs=8)
    assert sum(one.requests for one in found.traffic.days) == pytest.approx(asked, rel=1e-3)


def test_an_outage_over_the_end_of_february_is_as_long_wherever_one_is() -> None:
    began, ended = leap.LEAP
    for zone in ("Asia/Kathmandu", "America/New_York"):
        (outage,) = report(
            Kind.DAY, date(2028, 3, 1) if "Asia" in zone else date(2028, 2, 29), zone
        ).outages
        assert outage.kind == "failing"
        assert outage.minutes == 40
        assert abs(outage.start - began) <= timedelta(minutes=2)
        assert abs(outage.end - ended) <= timedelta(minutes=2)


def test_what_was_down_while_clocks_changed_lasted_half_an_hour() -> None:
    (outage,) = report(Kind.WEEK, date(2028, 3, 8), "America/New_York").outages
    assert (outage.kind, outage.minutes) == ("down", 30)
    assert f"{outage.start:%H:%M}, {outage.end:%H:%M}" == "01:46, 03:16"


def test_a_version_with_other_instances_is_one_deploy_and_blamed_for_what_it_made_slow() -> None:
    found = report(Kind.WEEK, date(2028, 3, 8), "Asia/Kolkata")
    (deploy,) = found.deploys
    assert abs(deploy.at - leap.DEPLOY) <= timedelta(minutes=5)
    (slower,) = found.regressions
    assert slower.route == "/parse"
    assert slower.share_before == pytest.approx(0.01, abs=1e-3)
    assert slower.share_after == pytest.approx(0.08, abs=2e-3)
