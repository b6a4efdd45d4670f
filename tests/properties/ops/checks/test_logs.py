import gzip
import json
import os
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.edge.log_files import files_of
from kit.pure.errors import BadInputError
from ops.checks import logs
from ops.checks.finding import Finding, State
from ops.checks.groups import OTHERS, Groups
from ops.checks.log_runs import check_logs
from ops.checks.observe.logs import Reading, lost_since, read
from ops.checks.own_limits import own_limits
from ops.checks.places import Places
from tests.support.log_lines import alive

LIMITS = own_limits()
NOW = datetime.now(UTC)
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ALWAYS = {"since": datetime(2000, 1, 1, tzinfo=UTC), "until": datetime(2100, 1, 1, tzinfo=UTC)}


def line(seconds_ago: float = 60, **fields: Any) -> str:
    moment = (NOW - timedelta(seconds=seconds_ago)).isoformat().replace("+00:00", "Z")
    return json.dumps({"timestamp": moment, "level": "INFO", **fields}) + "\n"


def request(status: int = 200, **fields: Any) -> str:
    level = "ERROR" if status >= 500 else "INFO"
    usual = {
        "level": level,
        "event": "request",
        "method": "GET",
        "route": "/events",
        "status": status,
    }
    return line(**{**usual, "duration_ms": 5, **fields})


def folder(path: Path, **files: str) -> Path:
    names = {
        "api": "calendar-api",
        "decisions": "parsing-decisions",
        "performance": "performance-metrics",
    }
    for name, text in files.items():
        (path / f"{names[name]}.log").write_text(text)
    everything = "".join(files.values())  # every line is also in the log of everything
    (path / "calendar-api.log").write_text(alive(NOW) + everything)
    return path


def found_in(path: Path) -> dict[str, Finding]:
    checked = check_logs(Places("http://h", logs=path), (), timedelta(hours=24))
    return {one.subject: one for one in checked.findings}


def test_errors_are_grouped_with_their_count_and_times(tmp_path: Path) -> None:
    fault: dict[str, Any] = {
        "level": "ERROR",
        "event": "fault",
        "error": "KeyError",
        "where": ["a.py:1", "b.py:9"],
    }
    text = "".join([*(request() for _ in range(200)), request(503), request(503), line(**fault)])
    found = found_in(folder(tmp_path, api=text))
    assert found["errors"].state is State.FAIL
    assert found["· 503 on GET /events"].value.startswith("2 times, ")
    assert "1 time" in found["· KeyError at b.py:9"].value


def test_a_few_failures_warn_and_more_than_promised_fail(tmp_path: Path) -> None:
    few = folder(tmp_path, api="".join([request()] * 500 + [request(500)]))
    assert found_in(few)["errors"].state is State.WARN
    many = folder(tmp_path, api="".join([request()] * 100 + [request(500)] * 10))
    assert found_in(many)["errors"].state is State.FAIL


def test_probes_are_no_users(tmp_path: Path) -> None:
    text = "".join([request()] * 100 + [request(503, route="/readyz")] * 100)
    assert "0 of 100 requests failed" in found_in(folder(tmp_path, api=text))["errors"].value


def test_slow_requests_name_their_route_and_the_slowest_part(tmp_path: Path) -> None:
    slow = request(duration_ms=2500, component_latency={"mongodb": 2400.0, "redis": 3.0})
    found = found_in(folder(tmp_path, performance=slow * 10 + request() * 10))
    assert found["slow requests"].state is State.WARN
    shown = found["· GET /events"].value
    assert "worst 2.5 s" in shown
    assert "mostly in mongodb" in shown


def test_uncertain_decisions_warn_and_name_the_weakest_part(tmp_path: Path) -> None:
    low = line(event="decision", confidence=0.3, confidence_breakdown={"start": 0.9, "title": 0.2})
    sure = line(event="decision", confidence=0.9, confidence_breakdown={"start": 0.9, "title": 0.9})
    found = found_in(folder(tmp_path, decisions=low * 30 + sure * 30))["low confidence"]
    assert found.state is State.WARN
    assert "least sure of title" in found.value
    few = found_in(folder(tmp_path, decisions=low * 3 + sure * 60))["low confidence"]
    assert few.state is State.PASS


def test_what_is_older_is_left_out(tmp_path: Path) -> None:
    found = found_in(folder(tmp_path, api=request(500, seconds_ago=90_000) + request()))
    assert found["errors"].state is State.PASS


def test_absent_files_are_no_data_and_an_empty_one_is_no_pass(tmp_path: Path) -> None:
    (tmp_path / "calendar-api.log").write_text("")
    found = found_in(tmp_path)
    assert found["errors"].state is State.NO_DATA
    assert found["performance-metrics.log"].state is State.NO_DATA


def test_lines_cut_short_are_counted_and_reported(tmp_path: Path) -> None:
    cut = folder(tmp_path, api="".join([request()] * 300) + '{"timestamp":"2026-')
    assert "1 line of 1,748" in found_in(cut)["· unread"].value
    assert found_in(cut)["· unread"].state is State.INFO
    other = folder(tmp_path, api="Mar  2 host app[1]: hello\n[1,2]\n7\n" * 10 + request())
    assert found_in(other)["· unread"].state is State.NO_DATA


def test_rotated_and_packed_files_are_read_and_other_logs_are_not(tmp_path: Path) -> None:
    (tmp_path / "calendar-api.log").write_text(request())
    (tmp_path / "calendar-api.log.1").write_text(request(500))
    (tmp_path / "calendar-api-20260301.log.gz").write_bytes(gzip.compress(request(502).encode()))
    (tmp_path / "calendar-api-errors.log").write_text(line(level="ERROR", event="fault"))
    names = {path.name for path in files_of(tmp_path, "calendar-api.log")}
    assert names == {"calendar-api.log", "calendar-api.log.1", "calendar-api-20260301.log.gz"}
    assert "2 of 3 requests failed" in found_in(tmp_path)["errors"].value


def test_a_packed_file_that_ends_early_gives_what_it_has_and_is_reported(tmp_path: Path) -> None:
    # Lines that differ, so that the packed text is longer than one block of the packer.
    lines = "".join(request(request_id=os.urandom(40).hex()) for _ in range(3000)).encode()
    whole = gzip.compress(lines)
    (tmp_path / "calendar-api.log.gz").write_bytes(whole[: len(whole) // 2])
    found = found_in(tmp_path)
    assert found["· unread"].state is State.NO_DATA
    assert "calendar-api.log.gz" in found["· unread"].value
    assert found["errors"].state is State.NO_DATA


def test_reading_takes_the_same_memory_for_any_length(tmp_path: Path) -> None:
    def peak(lines: int) -> int:
        (tmp_path / "calendar-api.log").write_text(request() * lines)
        tracemalloc.start()
        count = sum(1 for _ in read(tmp_path, "calendar-api.log", reading=Reading(), **ALWAYS))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count == lines
        return most

    assert peak(20_000) < 2 * peak(2_000) + 100_000


def test_a_file_last_written_before_is_not_opened(tmp_path: Path) -> None:
    path = folder(tmp_path, api=request()) / "calendar-api.log"
    os.utime(path, (1, 1))
    reading = Reading()
    list(read(tmp_path, "calendar-api.log", since=NOW, until=NOW, reading=reading))
    assert reading.files == 0


def test_no_folder_is_a_wrong_use() -> None:
    with pytest.raises(BadInputError):
        check_logs(Places("http://h"), (), timedelta(hours=1))
    with pytest.raises(BadInputError):
        check_logs(Places("http://h", logs=Path("/nowhere/at/all")), (), timedelta(hours=1))


def test_the_last_loss_of_each_dependency_is_known(tmp_path: Path) -> None:
    lost = {"level": "ERROR", "event": "dependency_down", "reason": "TimeoutError"}
    text = line(500, dependency="redis", **lost) + line(400, dependency="redis", **lost)
    (tmp_path / "calendar-api-errors.log").write_text(text)
    found = lost_since(tmp_path, NOW)
    assert set(found) == {"redis"}
    assert (NOW - found["redis"]).total_seconds() == pytest.approx(400, abs=1)
    assert lost_since(None, NOW) == {}


EVENTS = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 10_000)), min_size=1)


@given(EVENTS, st.integers(1, 8))
def test_groups_count_everything_within_their_bound(
    events: Sequence[tuple[str, int]], most: int
) -> None:
    groups = Groups(most)
    for name, second in events:
        groups.add(name, START + timedelta(seconds=second))
    assert groups.total == len(events)
    found = groups.largest()
    assert len([one for one in found if one.name != OTHERS]) <= most
    assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
    assert min(one.first for one in found) == START + timedelta(seconds=min(s for _, s in events))
    assert max(one.last for one in found) == START + timedelta(seconds=max(s for _, s in events))


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                [
                    "event",
                    "level",
                    "status",
                    "route",
                    "where",
                    "error",
                    "duration_ms",
                    "component_latency",
                    "confidence",
                    "confidence_breakdown",
                    "dependency",
                ]
            ),
            st.none()
            | st.integers()
            | st.text(max_size=3)
            | st.lists(st.text(max_size=2), max_size=2)
            | st.dictionaries(st.text(max_size=2), st.none() | st.integers(), max_size=2),
        ),
        max_size=5,
    )
)
def test_no_line_however_odd_breaks_the_count(lines: list[dict[str, Any]]) -> None:  # fmt: skip
    errors, slow, uncertain = logs.Errors(), logs.Slow(), logs.Uncertain(0.6)
    for one in lines:
        for taker in (errors, slow, uncertain):
            taker.take(START, one)
    found = [
        *logs.judge_errors(errors, 0.01),
        *logs.judge_slow(slow, LIMITS),
        *logs.judge_uncertain(uncertain, LIMITS),
    ]
    assert found


@pytest.mark.parametrize("then", ["renamed", "packed"])
@pytest.mark.parametrize("when", ["before the log is opened", "while it is read"])
def test_each_line_counts_once_where_the_log_is_rotated_while_it_is_read(
    tmp_path: Path, when: str, then: str
) -> None:
    older, log = tmp_path / "a.20260302T000000Z.log", tmp_path / "a.log"
    older.write_text(line(event="first"))
    os.utime(older, (NOW.timestamp() - 60,) * 2)
    log.write_text(line(event="second"))
    reading = Reading()
    lines = read(tmp_path, "a.log", **ALWAYS, reading=reading)
    seen = [next(lines)[1]["event"] for _ in range(1 if when.startswith("before") else 2)]
    aside = log.rename(tmp_path / "a.20260302T010000Z.log")
    log.write_text(line(event="third"))  # nothing is packed before its writer has let go of it
    if then == "packed":
        aside.with_name(f"{aside.name}.gz").write_bytes(gzip.compress(aside.read_bytes()))
        aside.unlink()
    seen += [each["event"] for _, each in lines]
    assert sorted(map(str, seen)) == ["first", "second", "third"]
    assert (reading.files, reading.problems) == (3, ())
