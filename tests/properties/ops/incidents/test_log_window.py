"""The lines of a window are found by halving, and are those that reading all of it would find."""

import gzip
import json
import os
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.edge.target import Access
from ops.incidents.evidence import from_logs
from ops.incidents.evidence.part import Site, Window
from ops.incidents.log_window import files_of, lines, moment_of, start_of

T0 = datetime(2026, 11, 1, tzinfo=UTC)


def line(seconds: float, filler: int = 0) -> bytes:
    moment = (T0 + timedelta(seconds=seconds)).isoformat()
    return json.dumps({"timestamp": moment, "event": "x" * filler}).encode() + b"\n"


def window(since: float, until: float) -> Window:
    return Window(T0 + timedelta(seconds=since), T0 + timedelta(seconds=until))


@given(
    steps=st.lists(st.floats(0, 90), min_size=1, max_size=60),
    filler=st.integers(0, 9000),
    since=st.integers(0, 3000),
    length=st.integers(1, 2000),
)
def test_halving_finds_what_reading_all_of_it_would(
    steps: list[float], filler: int, since: int, length: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    path, at, written = tmp_path_factory.mktemp("log") / "x.log", 0.0, []
    for number, step in enumerate(steps):
        at += step
        written.append(line(at, filler))
        if number % 7 == 3:
            written.append(b"Traceback, which has no time\n")
    path.write_bytes(b"".join(written))
    wanted, inside = [], False
    wish = window(since, since + length)
    for each in written:
        moment = moment_of(each)
        inside = inside if moment is None else wish.since <= moment <= wish.until
        wanted += [each] * inside
    assert list(lines(path, wish)) == wanted


def test_a_large_log_is_not_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(b"".join(line(n, 500) for n in range(40_000)))
    size = path.stat().st_size
    with path.open("rb") as file:
        assert start_of(file, size, T0 + timedelta(seconds=39_000)) > size * 0.96


def test_only_the_newest_lines_of_too_many_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(from_logs, "_MOST_BYTES", 20_000)
    (tmp_path / "calendar-api.log").write_bytes(b"".join(line(n, 100) for n in range(1000)))
    site = Site("http://x", Access(), "", "", str(tmp_path))
    source = from_logs.sources(site)[f"{tmp_path}/calendar-api.log"]
    (part,) = source(window(0, 2000))
    assert len(part.text) <= 20_000
    assert part.text.encode().endswith(line(999, 100))
    assert "there may be older ones" in part.source


def test_a_rotated_log_that_ended_before_the_window_is_not_opened(tmp_path: Path) -> None:
    old, new = (tmp_path / name for name in ("x.log.1", "x.log"))
    for path in (old, new):
        path.write_bytes(line(0))
    os.utime(old, (0, T0.timestamp()))
    assert files_of(tmp_path, "x.log", window(0, 10)) == [old, new]
    assert files_of(tmp_path, "x.log", window(100, 110)) == [new]


def test_evidence_and_timeline_find_what_our_own_rotation_renamed_and_packed(
    tmp_path: Path,
) -> None:
    stem, written = "calendar-api", [line(n, 50) for n in range(90)]
    places = (f"{stem}.20261101T000030Z.log.gz", f"{stem}.20261101T000100Z-1.log", f"{stem}.log")
    for number, name in enumerate(places):
        text = b"".join(written[30 * number : 30 * (number + 1)])
        path = tmp_path / name
        path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
        os.utime(path, (0, T0.timestamp() + 30 * (number + 1)))
    (tmp_path / f"{stem}-errors.log").write_bytes(line(5))
    source = from_logs.sources(Site("http://x", Access(), "", "", str(tmp_path)))
    (part,) = source[f"{tmp_path}/{stem}.log"](window(10, 70))
    assert part.text.encode() == b"".join(written[10:71])


def test_a_packed_log_that_is_damaged_is_reported_and_not_taken_for_less(tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(os.urandom(40).hex().encode() + b"\n" for _ in range(900)))
    (tmp_path / "calendar-api.log.1.gz").write_bytes(whole[: len(whole) // 2])
    source = from_logs.sources(Site("http://x", Access(), "", "", str(tmp_path)))
    with pytest.raises(OSError, match=r"calendar-api\.log\.1\.gz is damaged"):
        source[f"{tmp_path}/calendar-api.log"](window(0, 10))


def test_a_line_of_any_length_is_reported_in_its_place_and_never_held_whole(tmp_path: Path) -> None:
    secret = b'{"timestamp": "2026-11-01T00:00:03+00:00", "password": "' + b"hunter2!" * 400_000
    whole = [line(1), line(2), secret + b'"}\n', line(4)]
    (tmp_path / "calendar-api.log").write_bytes(b"".join(whole))
    site = Site("http://x", Access(), "", "", str(tmp_path))
    source = from_logs.sources(site)[f"{tmp_path}/calendar-api.log"]
    tracemalloc.start()
    (part,) = source(window(0, 10))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    shown = f"(left out: a line of {len(whole[2])} bytes)\n".encode()
    assert part.text.encode() == line(1) + line(2) + shown + line(4)
    assert "1 of them too long to be kept" in part.source
    assert peak < len(secret)


def test_a_line_that_is_cut_by_the_end_of_the_file_is_reported_too(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_bytes(line(1) + b"x" * 2_000_000)
    assert list(lines(path, window(0, 10))) == [
        line(1), b"(left out: a line of 2000000 bytes)\n"
    ]  # fmt: skip
