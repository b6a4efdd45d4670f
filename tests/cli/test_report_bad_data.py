"""`sre report weekly` on data that are not as they should be, over HTTP.

The server keeps samples made by hand and answers them as Prometheus 3 does; that it does is tested
against one in tests/containers/test_reports_history.py.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final, Protocol
from urllib.parse import parse_qs

import pytest

from kit.pure.query import Query
from reports.gathered.evaluate import answer
from reports.gathered.samples import NAME, Labels, Page, Samples, table_of
from sre.running import run

START: Final = int(datetime(2026, 6, 3, 9, tzinfo=UTC).timestamp())
HOURS: Final = 3
END: Final = START + HOURS * 3600
STATUSES: Final = {"200": 60.0, "503": 0.0}
API: Final = {"job": "calendar-api", "instance": "api-1"}
Told = list[tuple[Labels, float]]
Change = Callable[[int, Told], Told]


def page(minute: int) -> Told:
    """Return what a healthy service told after so many minutes: one request a second, all fast."""
    total = 60.0 * minute
    timed = {"method": "POST", "route": "/parse", **API}
    told = [(f"http_request_duration_seconds_{part}", timed, total) for part in ("count", "sum")]
    told += [
        ("http_request_duration_seconds_bucket", timed | {"le": le}, total)
        for le in ("2.0", "+Inf")
    ]
    told += [
        ("http_requests_total", timed | {"status": status}, each * minute)
        for status, each in STATUSES.items()
    ]
    told += [
        ("parsing_accuracy_ratio", {"suite": "golden", "slice": "all", "job": "prober"}, 0.95),
        ("process_start_time_seconds", API, START - 86_400.0),
        ("service_build_info", API | {"version": "1.0"}, 1.0),
        ("up", API, 1.0),
    ]
    return [({NAME: name, **labels}, value) for name, labels, value in told]


def samples(change: Change) -> Samples:
    minutes = range(-HOURS * 60, HOURS * 60 + 1)
    pages = ((minute, change(minute, page(minute + HOURS * 60))) for minute in minutes)
    return table_of(Page(START + 60.0 * minute, told) for minute, told in pages)


class Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {key: values[0] for key, values in parse_qs(body).items()}
        begin, end = (
            round(float(asked.get(key, asked.get("time", "0")))) for key in ("start", "end")
        )
        query = Query("it", asked["query"], begin, end, round(float(asked.get("step", "60"))))
        assert isinstance(self.server, Server)
        harmed = self.server.harmed
        harm = self.server.harm if harmed and harmed in query.expression else {}
        self._tell(query, answer(self.server.samples, query).series, harm)

    def do_GET(self) -> None:
        self._send({"groups": []})

    def _tell(self, query: Query, series: Any, harm: dict[str, Any]) -> None:
        points = [
            [[at, f"{value:.17g}"] for at, value in zip(one.times, one.values, strict=True)]
            for one in series
        ]
        kind, key = ("vector", "value") if query.is_instant else ("matrix", "values")
        result = [
            {"metric": one.labels, key: told[0] if query.is_instant else told}
            for one, told in zip(series, points, strict=True)
        ]
        self._send({"resultType": kind, "result": result}, harm)

    def _send(self, data: Any, harm: dict[str, Any] | None = None) -> None:
        body = json.dumps({"status": "success", "data": data, **(harm or {})}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Answers; what its `harmed` queries (those that hold this text) get is changed by `harm`."""

    samples: Samples
    harmed: str = ""
    harm: dict[str, Any]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)


class Report(Protocol):
    def __call__(
        self, change: Change, *, harmed: str = "", harm: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]: ...


@pytest.fixture
def report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Report]:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path))
    span = [
        f"--{name}={datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M}"
        for name, at in (("from", START), ("to", END))
    ]
    with Server() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()

        def made(
            change: Change, *, harmed: str = "", harm: dict[str, Any] | None = None
        ) -> tuple[int, dict[str, Any]]:
            server.samples, server.harmed, server.harm = samples(change), harmed, harm or {}
            url = f"http://127.0.0.1:{server.server_port}"
            code = run(["report", "weekly", *span, "--prometheus", url, "--json"])
            told = capsys.readouterr()
            assert told.out, told.err
            return code, json.loads(told.out)

        yield made
        server.shutdown()
        thread.join()


def promise(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(row for row in found["promises"] if row["name"] == name)


def unchanged(_: int, told: Told) -> Told:
    return told


def test_a_healthy_span_passes_and_is_counted_to_the_request(report: Report) -> None:
    code, found = report(unchanged)
    assert code == 0, found["headline"]
    assert found["traffic"]["requests"] == pytest.approx(HOURS * 3600)
    assert found["quality"]["covered"] == 1
    assert found["quality"]["problems"] == []


REFUSED: Final = {"status": "error", "errorType": "timeout", "error": "query timed out"}
PARTIAL: Final = {"warnings": ["remote_read: 1 of 2 stores did not answer"]}
ADVICE: Final = {"warnings": ["PromQL info: metric might not be a counter"]}


@pytest.mark.parametrize("harm", [REFUSED, PARTIAL])
def test_a_budget_whose_window_was_refused_or_answered_in_part_is_not_known(
    report: Report, harm: dict[str, Any]
) -> None:
    # Counts are asked by the ends of their span: this one's begins 30 days ago.
    code, found = report(unchanged, harmed=f"offset {30 * 86_400}s", harm=harm)
    assert code == 5
    for name in ("availability", "errors", "latency"):
        row = promise(found, name)
        assert (row["kept"], row["budget_left"]) == (None, None)
        assert row["status"] == "INSUFFICIENT DATA"
        assert "timed out" in row["reason"] or "did not answer" in row["reason"]
    assert "No verdict" in found["headline"]


@pytest.mark.thorough
def test_advice_on_how_a_query_is_written_loses_nothing(report: Report) -> None:
    code, found = report(unchanged, harmed=f"offset {30 * 86_400}s", harm=ADVICE)
    assert (code, found["quality"]["problems"]) == (0, [])


@pytest.mark.thorough
def test_half_a_span_without_scrapes_gives_its_figures_and_no_verdict(report: Report) -> None:
    def halved(minute: int, told: Told) -> Told:
        return [] if 30 < minute <= 125 else told

    code, found = report(halved)
    assert code == 5
    assert found["quality"]["covered"] == pytest.approx(85 / 180, abs=0.02)
    assert "scraped" in promise(found, "availability")["reason"]
    assert found["traffic"]["requests"] == pytest.approx(HOURS * 3600, rel=0.01)


@pytest.mark.thorough
def test_counters_that_begin_again_lose_nothing_but_are_reported(report: Report) -> None:
    def restarted(minute: int, told: Told) -> Told:
        if minute < 60:
            return told
        fresh = dict_of(page(minute - 60))
        start = NAME, "process_start_time_seconds"
        return [
            (labels, START + 3590.0 if start in labels.items() else fresh[key_of(labels)])
            for labels, _ in told
        ]

    code, found = report(restarted)
    assert code == 0, found["headline"]
    assert found["quality"]["resets"] == 1
    assert found["traffic"]["requests"] == pytest.approx(HOURS * 3600, rel=0.01)
    assert [one["kind"] for one in found["timeline"]] == ["restart"]


@pytest.mark.thorough
def test_a_series_with_another_label_set_since_a_deploy_is_counted_on(report: Report) -> None:
    def relabelled(minute: int, told: Told) -> Told:
        if minute < 90:
            return told
        fresh = dict_of(page(minute - 90))
        swapped = {"route": "/v2/parse", "version": "2.0"}
        return [
            ({k: swapped.get(k, v) for k, v in labels.items()}, fresh[key_of(labels)])
            for labels, _ in told
        ]

    code, found = report(relabelled)
    assert code == 0, found["headline"]
    assert found["traffic"]["requests"] == pytest.approx(HOURS * 3600, rel=0.02)
    assert "route /v2/parse is new in this window" in found["quality"]["notes"]
    assert [one["version"] for one in found["deploys"]] == ["2.0"]


def test_what_is_not_a_number_is_left_out_and_reported(report: Report) -> None:
    def broken(minute: int, told: Told) -> Told:
        infinite = NAME, "parsing_accuracy_ratio"
        strange = minute > 0 and minute % 2
        return [(k, float("inf") if strange and infinite in k.items() else v) for k, v in told]

    code, found = report(broken)
    assert code == 5
    assert promise(found, "accuracy")["status"] == "INSUFFICIENT DATA"
    assert promise(found, "availability")["status"] == "OK"
    assert any("not numbers" in note for note in found["quality"]["notes"])


def test_a_span_without_traffic_is_no_pass(report: Report) -> None:
    def silent(_: int, told: Told) -> Told:
        return [(k, 0.0 if k[NAME].startswith("http_") else v) for k, v in told]

    code, found = report(silent)
    assert code == 5
    reasons = {row["name"]: row["reason"] for row in found["promises"]}
    assert reasons["availability"] == reasons["latency"] == "no traffic in the window"
    assert found["quality"]["covered"] == 1


def test_a_clock_that_is_ahead_is_reported(report: Report) -> None:
    def ahead(minute: int, told: Told) -> Told:
        start = NAME, "process_start_time_seconds"
        wrong = START + 60.0 * minute + 600
        return [(k, wrong if start in k.items() and minute > 0 else v) for k, v in told]

    code, found = report(ahead)
    assert code == 0, found["headline"]
    assert any("ahead of Prometheus's" in note for note in found["quality"]["notes"])


def key_of(labels: Labels) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(labels.items()))


def dict_of(told: Told) -> dict[tuple[tuple[str, str], ...], float]:
    return {key_of(labels): value for labels, value in told}
