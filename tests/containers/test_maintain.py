"""Maintenance on real servers: it finds what is wrong, repairs what it may, and loses nothing."""

import gzip
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from sre.running import run
from tests.support.json_schemas import keeps_schema
from tests.support.service_process import RunningService, running_service
from tests.support.warm import sre_warm

SRE = str(Path(sys.executable).parent / "sre")
EVENT = {"title": "Review", "start": "2026-03-01T10:00:00Z", "end": "2026-03-01T11:00:00Z"}
NAMES = ("calendar-api", "calendar-api-errors", "parsing-decisions", "performance-metrics")


@pytest.fixture
def database(mongodb_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give a database that the command is pointed at, as the service itself leaves it."""
    monkeypatch.setenv("CALENDAR_MONGODB_URL", mongodb_url)
    with running_service(mongodb_url) as service:
        service.wait_until_ready()
        series = {"recurrence": "FREQ=DAILY;COUNT=5"}
        for more in ({}, series):
            answer = service.ask("POST", "/events", json=EVENT | more)
            assert answer.status_code == 201, answer.text
        key = {"Idempotency-Key": "one"}
        assert service.ask("POST", "/events", json=EVENT, headers=key).status_code == 201
    client = MongoClient[dict[str, Any]](mongodb_url, serverSelectionTimeoutMS=5000)
    with client:
        yield client.get_default_database()


def _maintain(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = run(["maintain", "db", "--json", *words])
    told: dict[str, Any] = keeps_schema(capsys.readouterr().out, "maintain-db")
    return code, told


def _bad(told: dict[str, Any] | None) -> dict[str, str]:
    assert told is not None
    data = next(part for part in told["parts"] if part["check"] == "data")
    return {f["subject"]: f["value"] for f in data["findings"] if f["state"] in {"FAIL", "WARN"}}


def test_what_the_service_itself_leaves_is_found_well(
    database: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert database["events"].count_documents({}) == 3
    code, told = _maintain(capsys, "--validate")
    assert _bad(told["before"]) == {}
    assert (code, told["steps"]) == (0, [])


def test_missing_indexes_and_expired_records_are_put_right_only_when_told(
    database: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    database["events"].drop_index("by_time")
    database["idempotency"].drop_index("expiry")
    database["idempotency"].create_index(
        [("created_at", 1)], name="expiry", expireAfterSeconds=999_999
    )
    long_ago = datetime.now(UTC) - timedelta(days=3)
    database["idempotency"].insert_one({"_id": "old", "done": True, "created_at": long_ago})
    code, told = _maintain(capsys)
    assert code == 1
    assert [step["outcome"] for step in told["steps"]] == ["would"] * 3
    assert "by_time" not in database["events"].index_information()
    code, told = _maintain(capsys, "--apply", "--compact")
    assert {step["outcome"] for step in told["steps"]} == {"done"}
    assert _bad(told["after"]) == {}
    assert code == 0
    indexes = database["idempotency"].index_information()
    assert indexes["expiry"]["expireAfterSeconds"] == 86_400
    assert not database["idempotency"].find_one({"_id": "old"})


def test_data_that_the_service_would_stumble_over_are_named(
    database: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = database["events"].find({"recurrence": None}).limit(2)
    database["events"].drop_index("by_uid")
    database["events"].update_one({"_id": first["_id"]}, {"$set": {"uid": second["uid"]}})
    database["events"].update_one({"_id": second["_id"]}, {"$set": {"span": 3}})
    database["api_keys"].insert_one({"_id": "k", "owner": "o", "scopes": ["root"], "hash": "$x"})
    code, told = _maintain(capsys, "--apply")
    assert code == 1
    bad = _bad(told["after"])
    assert second["_id"] in bad["events can be read and found by time"]
    assert second["uid"] in bad["events are unique by owner and uid"]
    assert "scopes root" in bad["keys open known scopes"]
    failed = [step for step in told["steps"] if step["outcome"] == "FAILED"]
    assert ["duplicates" in step["detail"] for step in failed] == [True]


def test_an_index_that_is_otherwise_than_declared_is_told_and_left(
    database: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    database["events"].drop_index("by_uid")
    database["events"].create_index([("uid", 1)], name="by_uid")
    database["events"].create_index([("title", 1)], name="somebody's")
    code, told = _maintain(capsys, "--apply")
    assert code == 1
    assert list(_bad(told["after"])) == ["index events.by_uid"]
    assert {"by_uid", "somebody's"} <= database["events"].index_information().keys()


@pytest.mark.thorough
@pytest.mark.parametrize("workers", [1, pytest.param(3, marks=pytest.mark.thorough)])
def test_no_line_is_lost_when_logs_are_rotated_under_load(workers: int, tmp_path: Path) -> None:
    logs, archive = tmp_path / "logs", tmp_path / "archive"
    rotate = ["maintain", "logs", "--logs", str(logs), "--over", "0", "--apply"]
    rotate += ["--archive-dir", str(archive)]
    with running_service(workers=workers, log_dir=logs) as service:
        sent: list[str] = []
        stopping = threading.Event()
        asking = [
            threading.Thread(target=_ask_until, args=(service, stopping, sent, n)) for n in range(3)
        ]
        for thread in asking:
            thread.start()
        for _ in range(4):
            done = sre_warm(rotate, folder=tmp_path, environment=os.environ)
            assert done.returncode == 0, done.stdout + done.stderr
        stopping.set()
        for thread in asking:
            thread.join()
    assert len(list(logs.glob("calendar-api.2*.log.gz"))) == 4
    assert len(list(archive.glob("logs-*.tar.gz"))) == 4
    for name in ("calendar-api", "performance-metrics"):
        lines = _lines(logs, name)
        asked = [line["request_id"] for line in lines if line.get("route") == "/healthz"]
        mine = [one for one in asked if one.startswith("mine-")]
        assert len(mine) == len(sent) > 100
        assert set(mine) == set(sent)


def _ask_until(
    service: RunningService, stopping: threading.Event, sent: list[str], number: int
) -> None:
    count = 0
    while not stopping.is_set():
        name = f"mine-{number}-{count}"
        service.ask("GET", "/healthz", headers={"X-Request-ID": name})
        sent.append(name)
        count += 1


def _lines(logs: Path, name: str) -> list[dict[str, Any]]:
    """Return every line of a log, from its compressed parts and the file that is written now."""
    texts = [gzip.decompress(path.read_bytes()) for path in sorted(logs.glob(f"{name}.2*.log.gz"))]
    texts.append((logs / f"{name}.log").read_bytes())
    assert all(not text or text.endswith(b"\n") for text in texts)
    return [json.loads(line) for text in texts for line in text.splitlines()]


def test_a_log_that_somebody_keeps_open_stays_whole_until_it_is_closed(tmp_path: Path) -> None:
    log = tmp_path / "other.log"
    words = ["maintain", "logs", "--logs", str(tmp_path), "--over", "0", "--apply", "--wait", "0.3"]
    with log.open("ab", buffering=0) as writer:
        writer.write(b"one\n")
        assert run(words) == 1
        writer.write(b"two\n")
    assert run(words) == 0
    (packed,) = tmp_path.glob("*.gz")
    assert gzip.decompress(packed.read_bytes()) == b"one\ntwo\n"
    assert list(tmp_path.iterdir()) == [packed]


@pytest.mark.thorough
def test_a_full_disk_costs_no_log(tmp_path: Path) -> None:
    text = os.urandom(600_000)
    (tmp_path / "calendar-api.log").write_bytes(text)
    limited = f"ulimit -f 500; exec {SRE} maintain logs --logs {tmp_path} --over 0 --apply"
    done = subprocess.run(["sh", "-c", limited], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "File too large" in done.stdout
    (left,) = tmp_path.iterdir()
    assert left.read_bytes() == text
    assert run(["maintain", "logs", "--logs", str(tmp_path), "--apply"]) == 0
    (packed,) = tmp_path.iterdir()
    assert gzip.decompress(packed.read_bytes()) == text
