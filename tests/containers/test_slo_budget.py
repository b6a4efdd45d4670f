"""Budgets counted by a real Prometheus of half a day of which every figure is known."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from sre.running import run
from tests.support.backfill import backfill, spec_of_the_past
from tests.support.container import Server
from tests.support.examples import EXAMPLES
from tests.support.json_schemas import keeps_schema
from tests.support.sharing import shared_server
from tests.support.starting import start_server

pytestmark = pytest.mark.containers

# In the night of this half day Zurich's clocks change: the day has 23 hours, 11 of them behind.
BEGIN: Final = datetime(2026, 3, 28, 22, tzinfo=UTC)
NOW: Final = BEGIN + timedelta(hours=12)
MINUTES: Final = 12 * 60
FAILING: Final = range(301, 306)  # five minutes that make one slice
GAP: Final = range(400, 420)  # nobody scraped: four slices have not two samples
LATE: Final = range(200, 210)  # ten points
CALLS_FAIL: Final = 500

Told = tuple[int, dict[str, dict[str, Any]]]
Budget = Callable[..., Told]


def past() -> Iterator[str]:
    """Yield what was scraped, in OpenMetrics, two hours at a time."""
    for first in range(0, MINUTES + 1, 120):
        minutes = [n for n in range(first, min(first + 120, MINUTES + 1)) if n not in GAP]
        yield "\n".join([*_lines(minutes), "# EOF\n"])


def _lines(minutes: list[int]) -> Iterator[str]:
    checkout = 'http_server_requests_seconds_count{job="checkout",status="%s"}'
    calls = 'grpc_server_handled_total{job="payments",grpc_code="%s"}'
    series: dict[str, tuple[str, Callable[[int], int]]] = {
        checkout % "200": ("unknown", lambda n: 100 * n - _failed(n)),
        checkout % "500": ("unknown", _failed),
        calls % "OK": ("counter", lambda n: 600 * n),
        calls % "Internal": ("counter", lambda n: 12 * (n >= CALLS_FAIL)),
        'queue_oldest_message_age_seconds{job="order-queue"}': (
            "gauge", lambda n: 61 if n in LATE else 5,
        ),
    }  # fmt: skip
    told = set()
    for name, (kind, value) in series.items():
        family = name.split("{", maxsplit=1)[0].removesuffix("_total")
        if family not in told:
            yield f"# TYPE {family} {kind}"
        told.add(family)
        for minute in minutes:
            yield f"{name} {value(minute)} {BEGIN.timestamp() + 60 * minute:.0f}"


def _failed(minute: int) -> int:
    return 50 * len([n for n in FAILING if n <= minute])


@pytest.fixture(
    scope="session",
    params=["prometheus", pytest.param("prometheus-3", marks=pytest.mark.thorough)],
)
def prometheus(request: pytest.FixtureRequest, image_of_role: Callable[[str], str]) -> Server:
    """Return a server that has lived through the half day, of each major version."""

    def started() -> Server:
        server = start_server(spec_of_the_past(), image_of_role(request.param))
        backfill(server, past())
        return server

    return shared_server(f"{request.param}-with-half-a-day", started)


def url_of(server: Server) -> str:
    return f"http://{server.host}:{server.port}"


@pytest.fixture
def budget(prometheus: Server, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Budget:
    daily = (EXAMPLES / "checkout-month.yaml").read_text().replace("duration: 1M", "duration: 1d")
    for name in ("payments-availability", "queue-lag"):
        (tmp_path / f"{name}.yaml").write_text((EXAMPLES / f"{name}.yaml").read_text())
    (tmp_path / "checkout.yaml").write_text(daily)
    half_day = (EXAMPLES / "payments-availability.yaml").read_text().replace("28d", "12h")
    named = half_day.replace("name: payments-availability", "name: payments-half-day")
    (tmp_path / "half-day.yaml").write_text(named.partition("---")[2])

    documents = list(yaml.safe_load_all(half_day))
    (slo,) = (each for each in documents if each["kind"] == "SLO")
    slo["metadata"]["name"] = "several"
    slo["spec"]["timeWindow"][0]["duration"] = "5h"  # after the gap
    slo["spec"]["objectives"] = [{"target": 0.9999}, {"target": 0.99999, "compositeWeight": 0.1}]
    (tmp_path / "several.yaml").write_text(yaml.safe_dump(slo))

    def asked(name: str, *options: str, at: datetime = NOW) -> Told:
        where = ["--objectives", str(tmp_path), "--prometheus", url_of(prometheus)]
        code = run(["slo", "budget", name, *where, "--at", at.isoformat(), "--json", *options])
        told = capsys.readouterr()
        assert told.out, told.err
        return code, {
            each["objective"]: each for each in keeps_schema(told.out, "slo-budget")["budgets"]
        }

    return asked


def test_slices_are_counted_one_by_one_and_missing_ones_decide_nothing(budget: Budget) -> None:
    code, told = budget("checkout-month")
    row = told["checkout-month"]
    assert (row["bad"], row["total"], row["missing"], row["idle"]) == (1, 128, 4, 0)
    assert row["window"]["length_s"] == 23 * 3600
    assert row["window"]["passed"] == pytest.approx(11 / 23)
    assert row["spent"] == pytest.approx(1 / 128 / 0.005 * 11 / 23)
    assert row["spent"] + row["left"] == pytest.approx(1)
    assert (code, row["verdict"]) == (5, "INCONCLUSIVE")


def test_maintenance_is_left_out_and_said_never_silently(budget: Budget, tmp_path: Path) -> None:
    file = tmp_path / "maintenance.yml.txt"
    start, end = (BEGIN + timedelta(minutes=n) for n in (400, 420))
    file.write_text(f"- {{start: {start.isoformat()}, end: {end.isoformat()}, reason: a move}}\n")
    code, told = budget("checkout-month", "--maintenance", str(file))
    row = told["checkout-month"]
    assert (row["bad"], row["total"], row["missing"]) == (1, 128, 0)
    assert (code, row["verdict"]) == (0, "PASS")
    assert row["excluded"]["time_s"] == 20 * 60
    assert row["excluded"]["windows"][0]["reason"] == "a move"

    start, end = (BEGIN + timedelta(minutes=n) for n in (490, 510))
    file.write_text(f"- {{start: {start.isoformat()}, end: {end.isoformat()}, reason: a move}}\n")
    _, told = budget("payments-availability", "--maintenance", str(file))
    row = told["payments-availability"]
    assert row["bad"] == pytest.approx(0, abs=0.1)
    assert row["excluded"]["bad"] == pytest.approx(12, rel=0.1)
    assert row["excluded"]["total"] == pytest.approx(20 * 600, rel=0.1)


def test_events_are_counted_and_not_averaged(budget: Budget) -> None:
    code, told = budget("payments-availability")
    row = told["payments-availability"]
    assert row["total"] == pytest.approx(600 * MINUTES, rel=0.01)
    assert row["bad"] == pytest.approx(12, rel=0.01)
    assert row["spent"] == pytest.approx(12 / (600 * MINUTES) / 0.0005, rel=0.01)
    assert (code, row["counted"]) == (0, "events")
    assert row["since"] is not None


def test_events_that_nobody_counted_could_all_have_been_bad(budget: Budget, tmp_path: Path) -> None:
    code, told = budget("payments-half-day")
    row = told["payments-half-day"]
    assert row["missing"] == pytest.approx(600 * len(GAP), rel=0.3)
    assert row["spent"] < 1
    assert (code, row["verdict"]) == (5, "INCONCLUSIVE")
    file = tmp_path / "maintenance.txt"
    start, end = (BEGIN + timedelta(minutes=n) for n in (GAP.start - 1, GAP.stop + 1))
    file.write_text(f"- {{start: {start.isoformat()}, end: {end.isoformat()}, reason: known}}\n")
    code, told = budget("payments-half-day", "--maintenance", str(file))
    assert (code, told["payments-half-day"]["missing"]) == (0, 0)


def test_several_promises_are_as_far_spent_as_the_worst_times_its_weight(budget: Budget) -> None:
    code, told = budget("several")
    one, other, whole = (told[name] for name in ("several-1", "several-2", "several"))
    assert one["spent"] == pytest.approx(12 / (600 * 300) / 0.0001, rel=0.05)
    assert other["spent"] == pytest.approx(10 * one["spent"])
    assert whole["spent"] == pytest.approx(one["spent"])
    assert (one["verdict"], other["verdict"], whole["verdict"], code) == ("PASS", "FAIL", "PASS", 0)


def test_a_query_that_prometheus_refuses_decides_nothing(
    prometheus: Server, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = (EXAMPLES / "queue-lag.yaml").read_text()
    both = '{__name__=~"http_.+|grpc_.+"}'
    path = tmp_path / "clash.yaml"
    path.write_text(
        text.replace(
            "max(queue_oldest_message_age_seconds{",
            f"max(rate({both}[5m]) * on() {both}) + max(queue_oldest_message_age_seconds{{",
        )
    )
    code = run(["slo", "budget", "--objectives", str(path), "--prometheus", url_of(prometheus),
                "--at", NOW.isoformat()])  # fmt: skip
    assert code == 5
    assert "queue-freshness cannot be counted" in capsys.readouterr().err


def test_points_over_a_threshold_are_counted_by_the_minute(budget: Budget) -> None:
    code, told = budget("queue-freshness")
    row = told["queue-freshness"]
    assert row["bad"] == pytest.approx(len(LATE))
    # A gauge lives on for five minutes when nobody scrapes it.
    assert row["total"] == pytest.approx(MINUTES - len(GAP) + 5, abs=2)
    assert (code, row["verdict"]) == (1, "FAIL")


def test_a_calendar_that_goes_on_like_this_runs_out_when_it_is_said_to(budget: Budget) -> None:
    after = BEGIN + timedelta(minutes=320)
    _, told = budget("checkout-month", at=after)
    row = told["checkout-month"]
    begun = BEGIN + timedelta(hours=1)
    whole = timedelta(hours=23)
    rate = row["bad"] / row["total"] / 0.005
    assert row["burn"] == pytest.approx(rate)
    expected = begun + whole / rate
    assert abs(datetime.fromisoformat(row["runs_out"]) - expected) < timedelta(seconds=2)


@pytest.mark.parametrize("at", [BEGIN - timedelta(days=9), NOW + timedelta(days=40)])
def test_where_there_are_no_data_nothing_is_promised(budget: Budget, at: datetime) -> None:
    code, told = budget("queue-freshness", at=at)
    assert code == 5
    assert told["queue-freshness"]["verdict"] == "NO DATA"
    assert told["queue-freshness"]["spent"] is None


def test_what_the_server_does_not_have_is_told(
    prometheus: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--prometheus", url_of(prometheus)]
    assert run(["slo", "validate", str(EXAMPLES / "search-latency.yaml"), *where]) == 2
    assert "search_duration_seconds_bucket" in capsys.readouterr().err
    assert run(["slo", "validate", str(EXAMPLES / "queue-lag.yaml"), *where]) == 0
    assert "nothing matched queue_oldest_message_age_seconds" in capsys.readouterr().err
