"""`sre check` as people and scripts use it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from sre.running import run
from tests.support.command_line import verbs_of
from tests.support.log_lines import alive

AWAY = "http://127.0.0.1:9"  # the discard port: refused
VERBS = verbs_of("check")


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("CALENDAR_MONGODB_URL", "CALENDAR_REDIS_URL", "CALENDAR_LOG_DIR",
                 "SRE_PROMETHEUS_URL", "SRE_TARGET_URL"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))


@pytest.mark.parametrize("verb", VERBS)
def test_every_check_says_what_it_takes(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", verb, "--help"]) == 0
    assert "--json" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["mongodb"], "CALENDAR_MONGODB_URL"),
        (["redis"], "CALENDAR_REDIS_URL"),
        (["logs"], "CALENDAR_LOG_DIR"),
        (["suspicious-ips", "--logs", "/nowhere/at/all"], "/nowhere/at/all"),
        (["logs", "--logs", ".", "--since", "yesterday"], "24h"),
        (["logs", "--logs", ".", "--since", "0h"], "24h"),
        (["health", "--target", "localhost"], "http://"),
        (["redis", "--redis", "localhost:6379"], "redis://"),
        (["mongodb", "--mongodb", "mongodb://a:b@c:d:e/f"], "mongodb://HOST"),
        (["evening", "--prometheus", "ftp://x"], "http://"),
        (["performance", "--objectives", "/nowhere/at/all", "--target", AWAY], "/nowhere"),
    ],
)
def test_a_wrong_use_is_one_line_with_what_to_write(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", *arguments]) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: ")
    assert len(told.splitlines()) == 2
    assert says in told


@pytest.mark.parametrize("verb", ["health", "cache", "security"])
def test_the_first_line_is_the_verdict_and_what_follows_says_what_to_do(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", verb, "--target", AWAY]) in {1, 3}
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"FAIL  {verb}: ")
    assert "connection refused" in lines[0]
    assert lines[2].strip().startswith("do  ")


def test_figures_of_a_service_that_is_away_are_unreachable(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["check", "performance", "--target", AWAY]) == 3
    assert "connection refused" in capsys.readouterr().err


def test_an_evening_without_any_data_is_not_a_good_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["check", "evening"]) == 5
    assert "SRE_PROMETHEUS_URL" in capsys.readouterr().err


def lines_of(address: str, times: int) -> str:
    moment = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    refusal = {"timestamp": moment, "level": "WARNING", "event": "unauthorized",
               "reason": "wrong", "address": address}  # fmt: skip
    return "".join(json.dumps({**refusal, "request_id": f"r{n}"}) + "\n" for n in range(times))


def test_who_guesses_keys_is_shut_out_by_a_policy_that_can_be_applied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "calendar-api.log").write_text(lines_of("203.0.114.7", 40))
    policy = tmp_path / "made" / "block.yaml"
    arguments = ["--logs", str(tmp_path), "--block", str(policy), "--json"]
    assert run(["check", "suspicious-ips", *arguments]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["findings"][1]["subject"] == "203.0.114.7"
    document = yaml.safe_load(policy.read_text())
    assert document["kind"] == "NetworkPolicy"
    assert "203.0.114.7/32" in policy.read_text()
    few = ["check", "suspicious-ips", "--logs", str(tmp_path), "--fewest", "41"]
    assert run(few) == 5
    with (tmp_path / "calendar-api.log").open("a") as log:
        log.write(alive(datetime.now(UTC)))
    assert run(few) == 0


def test_a_folder_of_no_logs_is_not_enough_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "logs", "--logs", str(tmp_path)]) == 5
    assert capsys.readouterr().out.startswith("NO DATA  logs: ")
