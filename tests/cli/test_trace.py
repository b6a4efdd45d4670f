"""`sre trace` on log files: what it lists, shows and blames, and what it says of broken ones."""

import gzip
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from service.observe.traces_log import TracesLog
from sre.running import run
from tests.compat.frozen import RELEASES, unpacked
from tests.support.json_schemas import keeps_schema
from tests.support.made_traces import Made, line, write
from traces.edge import files
from traces.edge.server_times import server_ms

NOW = datetime(2026, 11, 29, 18, 0, tzinfo=UTC)
WINDOW = ("--until", "2026-11-29T18:00:00Z")
Ask = Callable[..., dict[str, Any]]


def minutes_ago(number: float) -> datetime:
    return NOW - timedelta(minutes=number)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A MongoDB find that takes 2 s since release 2.5.0, and took 40 ms in the hour before."""
    before = [Made(minutes_ago(60 + n), 0.04 + n / 1000, version="2.4.9") for n in range(1, 21)]
    after = [Made(minutes_ago(n), 2.0 + n / 100, version="2.5.0") for n in range(1, 13)]
    return write(tmp_path / "logs", [*before, *after])


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    def asked(*words: object, stem: str, code: int = 0) -> dict[str, Any]:
        found = run([*map(str, words), "--json"])
        told = capsys.readouterr()
        assert found == code, told.err + told.out
        answer: dict[str, Any] = keeps_schema(told.out, stem)
        return answer

    return asked


def test_slow_names_the_command_and_the_release_it_began_with(logs: Path, ask: Ask) -> None:
    answer = ask("trace", "slow", "--logs", logs, *WINDOW, stem="trace-slow")
    (finding,) = answer["findings"]
    assert (finding["kind"], finding["version"], finding["since_version"]) == (
        "MongoDB find", "2.5.0", True,
    )  # fmt: skip
    assert finding["share"]["low"] > 0.95
    assert finding["text"].startswith("slow GET /events: 100 %")
    assert "of the excess in MongoDB find, since 2.5.0" in finding["text"]
    assert (answer["requests"], answer["requests_before"]) == (12, 20)
    assert sum(row["ms"] for row in answer["by_kind"]) == pytest.approx(
        sum(2000 + n * 10 + 10 for n in range(1, 13)), rel=1e-6
    )


def test_slow_is_told_over_the_files_of_several_instances(
    tmp_path: Path, logs: Path, ask: Ask
) -> None:
    other = [Made(minutes_ago(n), 0.5, host="b", version="2.5.0") for n in range(40, 50)]
    folder = write(tmp_path / "b", other)
    packed = gzip.compress((folder / "traces.log").read_bytes().replace(b"0" * 20, b"f" * 20))
    (folder / "traces.log.1.gz").write_bytes(packed)
    (folder / "traces.log").unlink()
    answer = ask("trace", "slow", "--logs", logs, "--logs", folder, *WINDOW, stem="trace-slow")
    assert {row["name"]: row["requests"] for row in answer["by_instance"]} == {"a": 12, "b": 10}


def test_without_an_hour_before_it_says_that_nothing_can_be_compared(
    tmp_path: Path, ask: Ask
) -> None:
    folder = write(tmp_path, [Made(minutes_ago(n), 3.0) for n in range(1, 7)])
    (finding,) = ask("trace", "slow", "--logs", folder, *WINDOW, stem="trace-slow")["findings"]
    assert finding["compared"] is False
    assert "of the time in MongoDB find, in 2.4.0" in finding["text"]
    assert "nothing was kept before" in finding["text"]


def test_fewer_than_five_requests_have_no_interval(tmp_path: Path, ask: Ask) -> None:
    folder = write(tmp_path, [Made(minutes_ago(n), 3.0) for n in range(1, 5)])
    (finding,) = ask("trace", "slow", "--logs", folder, *WINDOW, stem="trace-slow")["findings"]
    assert finding["share"]["low"] is None


def test_only_sampled_traces_are_not_enough_to_say_what_is_slow(tmp_path: Path, ask: Ask) -> None:
    folder = write(tmp_path, [Made(minutes_ago(n), 0.01, why="sampled") for n in range(1, 9)])
    ask("trace", "slow", "--logs", folder, *WINDOW, stem="error", code=5)


def test_a_trace_is_found_by_its_id_its_beginning_its_request_or_a_span(
    logs: Path, ask: Ask
) -> None:
    (listed,) = ask("trace", "list", "--slowest", "--limit", "1", "--logs", logs, *WINDOW,
                    stem="trace-list")["traces"]  # fmt: skip
    shown = ask("trace", "show", listed["trace_id"], "--logs", logs, stem="trace-show")
    assert shown["duration_ms"] == pytest.approx(2130, abs=0.01)
    assert [span["name"] for span in shown["spans"]] == [
        "GET /events", "mongodb call", "find events",
    ]  # fmt: skip
    assert sum(span["own_ms"] for span in shown["spans"]) == pytest.approx(shown["duration_ms"])
    for name in (shown["request_id"], shown["spans"][2]["span_id"]):
        assert ask("trace", "show", name, "--logs", logs, stem="trace-show") == shown


def test_a_page_is_written_whose_text_is_data_and_never_markup(tmp_path: Path, ask: Ask) -> None:
    made = Made(minutes_ago(1), 1.0, version="<script>alert(1)</script>")
    folder, page = write(tmp_path / "logs", [made]), tmp_path / "page.html"
    ask("trace", "show", "req-0", "--logs", folder, "--html", page, stem="trace-show")
    text = page.read_text()
    assert "<script" not in text
    assert "find events" in text
    assert "&lt;script&gt;" in text


def test_a_line_that_was_cut_short_is_told_and_the_rest_is_read(logs: Path, ask: Ask) -> None:
    with (logs / "traces.log").open("ab") as file:
        file.write(
            b'not json\n\n{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"zz"}]}]}]}\n'
        )
        file.write(line(99, Made(minutes_ago(2), 1.0))[:200])
    answer = ask("trace", "list", "--logs", logs, *WINDOW, stem="trace-list")
    assert answer["found"] == 12
    assert answer["notes"] == ["3 lines of 35 could not be read: what follows is of the rest"]


def test_a_packed_file_that_ends_early_is_told(logs: Path, ask: Ask) -> None:
    packed = gzip.compress((logs / "traces.log").read_bytes())
    (logs / "traces.log.1.gz").write_bytes(packed[: len(packed) // 2])
    (note,) = ask("trace", "list", "--logs", logs, *WINDOW, stem="trace-list")["notes"]
    assert "could not be read to its end" in note


def test_an_id_that_means_several_is_asked_for_again(tmp_path: Path, ask: Ask) -> None:
    folder = write(tmp_path, [Made(minutes_ago(n), 1.0) for n in range(2)])
    error = ask("trace", "show", "0" * 20, "--logs", folder, stem="error", code=2)["error"]
    assert "2 traces" in error["message"]
    assert "req-1, req-0" in error["hint"]


@pytest.mark.parametrize(
    "alert",
    ["ManyRequestsSlow", "ResponseTimeVeryHigh", "ResponseTimeHigh", "RouteSlow", "RouteErrors",
     "LatencyBudgetBurnFast", "LatencyBudgetBurnSlow", "ErrorsBudgetBurnFast",
     "AvailabilityBudgetBurnSlow", "ErrorRateVeryHigh", "ManyRequestsFail"],
)  # fmt: skip
def test_the_page_of_a_latency_or_error_alert_begins_with_the_traces(alert: str, ask: Ask) -> None:
    answer = ask("alerts", "show", alert, stem="alerts-show")
    assert answer["commands"][0] == "sre trace slow --since 1h --logs logs"


def test_an_alert_on_what_no_request_is_in_names_no_traces(ask: Ask) -> None:
    answer = ask("alerts", "show", "AccuracyBudgetBurnFast", stem="alerts-show")
    assert not [command for command in answer["commands"] if "trace" in command]


def test_the_report_of_a_period_says_the_same(
    tmp_path: Path, logs: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SRE_RUNS_DIR", str(unpacked(RELEASES[0] / "runs", tmp_path / "runs")))
    monkeypatch.delenv("SRE_PROMETHEUS_URL", raising=False)
    (finding,) = ask("trace", "slow", "--logs", logs, *WINDOW, stem="trace-slow")["findings"]
    answer = ask("report", "weekly", "--from", "2026-11-29T17:00:00Z", "--to",
                 "2026-11-29T18:00:00Z", "--format", "md,json", "--logs", logs,
                 stem="period-report", code=5)  # fmt: skip
    assert answer["slow"] == [finding["text"]]
    (page,) = (tmp_path / "runs" / "report").glob("*.md")
    assert "of the excess in MongoDB find, since 2.5.0" in page.read_text()


def test_no_trace_is_missed_where_the_log_is_rotated_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [Made(minutes_ago(9 - number), 1.0) for number in range(5)]
    old = TracesLog(tmp_path, most_bytes=1)
    for number in range(2):
        old.append(line(number, made[number]))
    TracesLog(tmp_path).append(line(2, made[2]))
    opened, seen = files.opened, []

    def rotated_meanwhile(path: Path) -> AbstractContextManager[BinaryIO]:
        seen.append(path)
        if len(seen) == 2:
            old.append(line(3, made[3]))
            TracesLog(tmp_path).append(line(4, made[4]))
        return opened(path)

    monkeypatch.setattr(files, "opened", rotated_meanwhile)
    reading = files.read([tmp_path])
    assert [trace.request_id for trace in reading.traces] == [f"req-{n}" for n in range(5)]
    assert (reading.files, reading.lines, reading.notes()) == (4, 5, [])


def test_times_of_the_server_are_told_beside_a_packed_log_that_is_spoiled(tmp_path: Path) -> None:
    text = b'{"request_id":"old","duration_ms":1}\n' * 5000
    packed = bytearray(gzip.compress(text, compresslevel=1))
    packed[12:40] = b"\xff" * 28
    (tmp_path / "performance-metrics.log.1.gz").write_bytes(packed)
    (tmp_path / "performance-metrics.log").write_bytes(text.replace(b"old", b"new"))
    assert server_ms(tmp_path, {"old", "new"}) == {"new": 1.0}
