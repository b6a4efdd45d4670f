"""A missed run is an alert, by promtool: it fires when the deadline passes, and a run ends it."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

RULES = Path(__file__).resolve().parents[3] / "deployment" / "prometheus" / "schedules.yaml"
DEADLINE = 'scheduled_run_deadline_timestamp_seconds{job="node",task="backup"}'
FAILED = 'scheduled_run_failed{job="node",task="backup"}'


def test_a_missed_run_fires_and_the_next_run_ends_it(
    promtool: Callable[[Sequence[Path]], list[str]], tmp_path: Path
) -> None:
    def fires(minute: int, alert: str, *, yes: bool) -> dict[str, object]:
        labels = {"severity": "warning", "priority": "P3", "service": "calendar-assistant"}
        labels |= {"task": "backup", "topic": "schedule-backup"}
        wanted = [{"exp_labels": labels}] if yes else []
        return {"eval_time": f"{minute}m", "alertname": alert, "exp_alerts": wanted}

    # 600 s is the first deadline; at minute 20 a run was noted, and the next is due much later.
    series = [
        {"series": DEADLINE, "values": "600x19 90000x40"},
        {"series": FAILED, "values": "0x29 1x30"},
    ]
    rules = yaml.safe_load(RULES.read_text())
    for group in rules["groups"]:
        for rule in group["rules"]:
            rule["annotations"] = {}
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(rules))
    cases = [
        fires(9, "ScheduledRunMissed", yes=False),
        fires(13, "ScheduledRunMissed", yes=True),
        fires(30, "ScheduledRunMissed", yes=False),
        fires(20, "ScheduledRunFailed", yes=False),
        fires(40, "ScheduledRunFailed", yes=True),
        {"eval_time": "40m", "alertname": "SchedulesUnwatched", "exp_alerts": []},
    ]
    silent = {"severity": "warning", "priority": "P3", "service": "calendar-assistant",
              "topic": "schedule", "job": "node"}  # fmt: skip
    gone = [
        {
            "eval_time": "20m",
            "alertname": "SchedulesUnwatched",
            "exp_alerts": [{"exp_labels": silent}],
        }
    ]
    tests = {
        "rule_files": ["rules.yaml"],
        "evaluation_interval": "1m",
        "tests": [
            {"interval": "1m", "input_series": series, "alert_rule_test": cases},
            {"interval": "1m", "input_series": [], "alert_rule_test": gone},
        ],
    }
    (tmp_path / "tests.yaml").write_text(yaml.safe_dump(tests))
    command = [*promtool([tmp_path]), "test", "rules", str(tmp_path / "tests.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
