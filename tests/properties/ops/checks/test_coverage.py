"""A log from which a part is gone is no evidence; a service that is idle leaves no hole."""

import gzip
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.checks.coverage import Coverage, judge
from ops.checks.finding import Checked, State
from ops.checks.log_runs import check_logs, check_suspicious_ips
from ops.checks.places import Places
from service.observe.journal import DECISIONS, EVERYTHING, PERFORMANCE
from tests.support.log_lines import alive, log_line

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
Look = Callable[[Path, timedelta], Checked]
CHECKS: dict[str, Look] = {
    "logs": lambda folder, since: check_logs(Places("http://h", logs=folder), (), since),
    "suspicious-ips": lambda folder, since: check_suspicious_ips(
        Places("http://h", logs=folder), since, None
    )[0],
}


def whole_folder(folder: Path, now: datetime, *, hours: float = 3) -> Path:
    """Write what a service logs that answers a request and reads a sentence every ten minutes."""
    asked = [now - timedelta(minutes=n) for n in range(2, round(hours * 60), 10)]
    fields = {"method": "GET", "route": "/events", "status": 200, "duration_ms": 4.0}
    requests = "".join(log_line(at, "request", **fields) for at in asked)
    decisions = "".join(log_line(at, "decision", confidence=0.9) for at in asked)
    (folder / EVERYTHING).write_text(alive(now, hours=hours) + requests + decisions)
    (folder / PERFORMANCE).write_text(requests)
    (folder / DECISIONS).write_text(decisions)
    return folder


def removed(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_text("")


def cut_at_its_begin(path: Path) -> None:
    lines = path.read_text().splitlines(keepends=True)
    lines.sort()
    path.write_text("".join(lines[len(lines) // 2 :]))


def cut_at_its_end(path: Path) -> None:
    lines = sorted(path.read_text().splitlines(keepends=True))
    path.write_text("".join(lines[: len(lines) // 2]))


def cut_in_the_middle(path: Path) -> None:
    lines = sorted(path.read_text().splitlines(keepends=True))
    third = len(lines) // 3
    path.write_text("".join(lines[:third] + lines[-third:]))


def garbled(path: Path) -> None:
    path.write_bytes(os.urandom(4000))


def only_of_the_future(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    at = (f"{datetime.now(UTC) + timedelta(days=1, seconds=n):%FT%TZ}" for n in range(len(lines)))
    path.write_text("".join(json.dumps({**line, "timestamp": next(at)}) + "\n" for line in lines))


def of_objects_that_are_empty(path: Path) -> None:
    path.write_text("{}\n" * 300)


def of_another_service(path: Path) -> None:
    """Write what an application with structlog, or a proxy, logs at the same times."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    others = [{"timestamp": line["timestamp"], "level": "INFO", "event": "GET /cart", "status": 200,
               "duration_ms": 3.0, "confidence": 0.9} for line in lines]  # fmt: skip
    path.write_text("".join(json.dumps(each) + "\n" for each in others))


def of_a_proxy(path: Path) -> None:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    others = [{"timestamp": line["timestamp"], "status": 200, "uri": "/cart"} for line in lines]
    path.write_text("".join(json.dumps(each) + "\n" for each in others))


def packed_and_cut_off(path: Path) -> None:
    packed = gzip.compress(path.read_bytes())
    path.with_name(f"{path.stem}.20260504T090000Z.log.gz").write_bytes(packed[: len(packed) // 2])
    path.unlink()


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("since", [timedelta(minutes=10), timedelta(minutes=95)])
def test_a_whole_log_of_an_idle_service_passes(
    tmp_path: Path, check: str, since: timedelta
) -> None:
    checked = CHECKS[check](whole_folder(tmp_path, datetime.now(UTC)), since)
    assert checked.state is State.PASS, checked.findings


@pytest.mark.parametrize("harm", [removed, emptied, cut_at_its_begin, cut_at_its_end,
                                  cut_in_the_middle, garbled, only_of_the_future, of_a_proxy,
                                  of_objects_that_are_empty, of_another_service,
                                  packed_and_cut_off])  # fmt: skip
@pytest.mark.parametrize(
    ("check", "name"),
    [*(("logs", name) for name in (EVERYTHING, PERFORMANCE, DECISIONS)),
     ("suspicious-ips", EVERYTHING)],
)  # fmt: skip
def test_no_check_of_logs_passes_once_a_file_that_it_reads_is_harmed(
    tmp_path: Path, check: str, name: str, harm: Callable[[Path], None]
) -> None:
    folder = whole_folder(tmp_path, datetime.now(UTC))
    harm(folder / name)
    checked = CHECKS[check](folder, timedelta(minutes=170))
    assert checked.state is State.NO_DATA
    if name == EVERYTHING:
        assert State.PASS not in {one.state for one in checked.findings}


@pytest.mark.parametrize("check", CHECKS)
def test_a_log_that_lost_every_second_line_is_told_by_the_other_one(
    tmp_path: Path, check: str
) -> None:
    now = datetime.now(UTC)
    asked = [now - timedelta(seconds=n) for n in range(2, 4000)]
    fields = {"method": "GET", "route": "/events", "status": 200, "duration_ms": 4.0}
    lines = [log_line(at, "request", **fields) for at in sorted(asked)]
    (tmp_path / EVERYTHING).write_text("".join(lines))
    (tmp_path / PERFORMANCE).write_text("".join(lines))
    (tmp_path / DECISIONS).write_text("")
    assert CHECKS[check](tmp_path, timedelta(hours=1)).state is State.PASS
    (tmp_path / EVERYTHING).write_text("".join(lines[::2]))
    assert CHECKS[check](tmp_path, timedelta(hours=1)).state is State.NO_DATA


@pytest.mark.parametrize("name", [PERFORMANCE, DECISIONS])
def test_lines_of_another_service_are_not_judged_where_ours_had_nothing_to_say(
    tmp_path: Path, name: str
) -> None:
    whole_folder(tmp_path, datetime.now(UTC))
    of_another_service(tmp_path / name)
    (tmp_path / EVERYTHING).write_text(alive(datetime.now(UTC), hours=3))
    checked = CHECKS["logs"](tmp_path, timedelta(minutes=170))
    about = "slow requests" if name == PERFORMANCE else "low confidence"
    assert State.PASS not in {one.state for one in checked.findings if one.subject == about}


def test_the_share_that_is_left_is_said_and_what_would_be_whole(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    (tmp_path / EVERYTHING).write_text(alive(now, hours=0.25))
    found = {one.subject: one for one in CHECKS["logs"](tmp_path, timedelta(hours=1)).findings}
    assert found["coverage"].measured == pytest.approx(0.25, abs=0.03)
    assert "2" in found["coverage"].value
    assert "--since 1" in found["coverage"].do_next  # 14 or 15 minutes
    assert found["coverage"].limit == "at least 95%"


def test_what_our_own_rotation_moved_and_packed_is_no_hole(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    folder = whole_folder(tmp_path, now)
    for name in (EVERYTHING, PERFORMANCE, DECISIONS):
        lines = sorted((folder / name).read_text().splitlines(keepends=True))
        half = len(lines) // 2
        packed = folder / f"{name.removesuffix('.log')}.20260504T090000Z-1.log.gz"
        packed.write_bytes(gzip.compress("".join(lines[:half]).encode()))
        (folder / name).write_text("".join(lines[half:]))
    assert CHECKS["logs"](folder, timedelta(minutes=170)).state is State.PASS


def covered(*events: tuple[float, str], since_s: float = 1000) -> Coverage:
    """Return the coverage of the last `since_s` seconds; events are so many seconds ago."""
    coverage = Coverage(NOW - timedelta(seconds=since_s), NOW)
    for ago, event in events:
        coverage.take(NOW - timedelta(seconds=ago), {"event": event})
    return coverage


def test_a_log_that_begins_with_a_start_does_not_tell_of_what_was_before() -> None:
    lines = [(float(ago), "alive") for ago in range(0, 500, 60)]
    assert covered((500, "started"), *lines).share == pytest.approx(0.5, abs=0.02)


def test_only_a_stop_that_ends_in_a_start_is_no_hole() -> None:
    before = [(float(ago), "alive") for ago in range(700, 1100, 60)]
    after = [(float(ago), "alive") for ago in range(0, 300, 60)]
    assert covered(*before, (690, "stopped"), (305, "started"), *after).share == 1.0
    assert covered(*before, (690, "stopped")).share == pytest.approx(0.31, abs=0.02)
    assert "says stopped" in judge(covered(*before, (690, "stopped"))).do_next
    assert covered(*before, (690, "stopped"), *after).share < 0.7
    assert covered(*before, (305, "started"), *after).share < 0.7


def test_a_short_time_is_not_covered_by_lines_that_begin_in_it() -> None:
    assert covered((30, "request"), (5, "request"), since_s=60).share < 0.6
    assert covered((80, "alive"), (30, "request"), since_s=60).share == 1.0


@given(
    ago=st.lists(st.floats(0, 20_000), max_size=300),
    seed=st.randoms(use_true_random=False),
)
def test_coverage_does_not_depend_on_the_order_of_lines(ago: list[float], seed: object) -> None:
    lines = [(each, "request") for each in ago]
    shown = covered(*lines, since_s=15_000)
    seed.shuffle(lines)  # type: ignore[attr-defined]
    assert shown.holes() == covered(*lines, since_s=15_000).holes()
    assert 0.0 <= shown.share <= 1.0
    for start, end in shown.holes():
        inside = [each for each in ago if start <= NOW - timedelta(seconds=each) < end]
        assert not inside
    assert all(end - start <= timedelta(seconds=15_000) for start, end in shown.holes())
