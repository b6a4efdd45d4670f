"""What check, backup, maintain and incident print when there is something to tell keeps its schema.

Command lines that need nothing beside them are in `tests/support/json_answers_operations.py`.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ops.incidents.evidence.bundle import keep, manifest_of, packed
from ops.incidents.evidence.part import Missing, Part
from sre.running import run
from tests.integration.ops.incidents.test_notify import listening
from tests.support.backups import make_backup
from tests.support.json_schemas import keeps_schema
from tests.support.kubernetes_api import listening_cluster, pod
from tests.support.log_lines import alive
from tests.support.wanted import command_from_debian

AWAY = "http://127.0.0.1:9"
Answer = Callable[..., dict[str, Any]]


@pytest.fixture
def answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Answer:
    """Give a function that runs a line, and returns what it prints once that keeps its schema."""
    for name in ("CALENDAR_MONGODB_URL", "CALENDAR_REDIS_URL", "CALENDAR_LOG_DIR",
                 "SRE_PROMETHEUS_URL", "SRE_TARGET_URL", "SRE_ALERTMANAGER_URL"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))

    def asked(*words: str, stem: str, codes: set[int]) -> dict[str, Any]:
        code = run([*words, "--json"])
        told = capsys.readouterr()
        assert code in codes, told.err
        found: dict[str, Any] = keeps_schema(told.out, stem)
        return found

    return asked


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "calendar-api.log").write_text(alive(datetime.now(UTC)))
    return folder


@pytest.mark.parametrize(
    "words",
    [("check", "system"), ("check", "morning", "--target", AWAY, "--timeout", "0.5"),
     ("check", "logs", "--logs", "LOGS"), ("check", "suspicious-ips", "--logs", "LOGS"),
     ("maintain", "dependencies", "--offline", "--timeout", "5")],
    ids=" ".join,
)  # fmt: skip
def test_a_check_leaves_with_the_code_that_it_prints(
    words: tuple[str, ...], logs: Path, answer: Answer
) -> None:
    told = answer(
        *(str(logs) if word == "LOGS" else word for word in words),
        stem="check", codes={0, 1, 3, 5},
    )  # fmt: skip
    assert told["findings"] or told["parts"]


def test_logs_that_would_be_and_are_rotated(logs: Path, answer: Answer) -> None:
    words = ("maintain", "logs", "--logs", str(logs), "--over", "0")
    would = answer(*words, stem="maintain-logs", codes={0})
    done = answer(*words, "--apply", stem="maintain-logs", codes={0})
    assert [step["outcome"] for step in (*would["steps"], *done["steps"])] == ["would", "done"]


def test_backups_that_are_whole_damaged_and_unfinished(tmp_path: Path, answer: Answer) -> None:
    old = make_backup(tmp_path, [{"_id": 1}], redis=True)
    make_backup(tmp_path, [{"_id": 1}], at=datetime.now(UTC) - timedelta(hours=1), only="events")
    (old / "mongodb-001-events.bson.gz").write_bytes(b"")
    (tmp_path / "20200101T000000Z-0000.partial").mkdir()
    where = ("--backup-dir", str(tmp_path))
    listed = answer("backup", "list", "--verify", *where, stem="backup-list", codes={0})
    states = [each["state"] for each in listed["backups"]]
    assert states == ["ok", "damaged", "unfinished"]
    told = answer("backup", "verify", "--every", *where, stem="backup-verified", codes={1})
    assert [each["state"] for each in told["backups"]] == states


def test_a_list_of_backups_of_which_none_is_good_is_one_object_and_no_success(
    tmp_path: Path, answer: Answer
) -> None:
    (make_backup(tmp_path, [{"_id": 1}]) / "manifest.sha256").write_text("0")
    told = answer("backup", "list", "--backup-dir", str(tmp_path), stem="backup-list", codes={5})
    assert [each["state"] for each in told["backups"]] == ["damaged"]


@pytest.mark.parametrize("left", [None, 100, 0])
def test_a_bundle_that_is_whole_or_was_cut(
    left: int | None, tmp_path: Path, answer: Answer
) -> None:
    path, stamp = tmp_path / "e.tar.gz", "2026-11-01T10:00:00Z"
    about = dict.fromkeys(("made_at", "since", "until"), stamp)
    about |= dict.fromkeys(("who", "why", "target", "commit"), "x")
    parts = [Part("logs/calendar-api.log", "one\n", "a file")]
    keep(path, packed(parts, manifest_of(parts, [Missing("Redis", "refused")], about), 0))
    path.write_bytes(path.read_bytes()[:left])
    words = ("incident", "evidence", str(path), "--verify")
    told = answer(*words, stem="evidence-bundle", codes={0 if left is None else 1})
    assert bool(told["wrong"]) == (left is not None)


def test_a_bundle_that_is_made_of_what_there_is(tmp_path: Path, logs: Path, answer: Answer) -> None:
    words = ("incident", "evidence", str(tmp_path / "e.tar.gz"), "--target", AWAY)
    told = answer(*words, "--logs", str(logs), stem="evidence-bundle", codes={1})
    assert told["manifest"]["parts"]
    assert told["manifest"]["missing"]


def test_who_was_notified_and_who_was_not(tmp_path: Path, answer: Answer) -> None:
    with listening() as hook:
        contacts = tmp_path / "contacts.yaml"
        contacts.write_text(
            f'receivers:\n  team: [{{kind: webhook, url: "{hook.url}"}}]\n'
            f'  gone: [{{kind: webhook, url: "{AWAY}"}}]\nseverities:\n'
            + "".join(f"  P{n}: {{tell: [team, gone], next_update: 1h}}\n" for n in range(1, 5))
        )
        words = (
            "incident",
            "notify",
            "P2",
            "--what",
            "x",
            "--impact",
            "y",
            "--contacts",
            str(contacts),
        )
        told = answer(*words, stem="notify", codes={3})
        answer(*words, "--state", "resolved", "--to", "team", stem="notify", codes={0})
    assert [bool(each["problem"]) for each in told["receivers"]] == [False, True]


def test_steps_that_isolate_and_what_is_open_after_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    command_from_debian("kubectl")
    words = ("incident", "isolate", "network", "--namespace", "prod")
    with listening_cluster(tmp_path) as (cluster, config):
        monkeypatch.setenv("KUBECONFIG", str(config))
        monkeypatch.setenv("HOME", str(tmp_path))
        cluster.pods.append(pod("calendar-assistant-1", app="calendar-assistant"))
        answer(*words, stem="isolation", codes={0})
        told = answer(*words, "--apply", "--no-evidence", stem="isolation", codes={0})
    assert (told["still_open"], told["unseen"]) == ([], "")
