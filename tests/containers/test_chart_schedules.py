"""A run that is missed is an alert, by Prometheus's own tool; one that ended well is none."""

import subprocess
from pathlib import Path

import pytest
import yaml

from kit.edge.tools import tool_command
from tests.support.chart import of_kind
from tests.support.waiting import HANGS_S

JOB = 'namespace="calendar",cronjob="calendar-assistant-morning"'


@pytest.mark.thorough
def test_a_run_that_does_not_end_well_in_its_time_is_an_alert_and_so_is_one_that_nobody_sees(
    tmp_path: Path,
) -> None:
    spec = of_kind("default", "PrometheusRule")["calendar-assistant-schedules"]["spec"]
    rules = [one for one in spec["groups"][0]["rules"] if one["labels"]["schedule"] == "morning"]
    (tmp_path / "rules.yaml").write_text(
        yaml.safe_dump({"groups": [{"name": "x", "rules": rules}]})
    )
    created, ended = (
        f"kube_cronjob_created{{{JOB}}}",
        f"kube_cronjob_status_last_successful_time{{{JOB}}}",
    )

    # absent() gives the labels that it was asked for.
    which = {"namespace": "calendar", "cronjob": "calendar-assistant-morning"}
    seen = {"CronJobUnseen": which}

    def world(series: list[tuple[str, str]], firing: dict[str, list[str]]) -> dict[str, object]:
        return {
            "interval": "2m",
            "input_series": [{"series": name, "values": values} for name, values in series],
            "alert_rule_test": [
                {"eval_time": at, "alertname": alert, "exp_alerts": [
                    {"exp_labels": one["labels"] | seen.get(alert, {}),
                     "exp_annotations": one["annotations"]}
                    for one in rules if one["alert"] == alert and at in firing.get(alert, [])]}
                for at in ("20h", "40h", "60h")
                for alert in ("CronJobMissed", "CronJobUnseen")
            ],
        }  # fmt: skip

    tests = [
        world([(created, "0x1900"), (ended, "0x719 86400x719 172800x500")], {}),  # every day
        world([(created, "0x1900"), (ended, "0x1900")], {"CronJobMissed": ["40h", "60h"]}),
        world([(created, "0x1900")], {"CronJobMissed": ["40h", "60h"]}),  # never once
        world([], {"CronJobUnseen": ["20h", "40h", "60h"]}),
    ]
    file = tmp_path / "tests.yaml"
    file.write_text(yaml.safe_dump({"rule_files": ["rules.yaml"], "evaluation_interval": "5m",
                                    "tests": tests}))  # fmt: skip
    done = subprocess.run([*tool_command("promtool", [tmp_path]), "test", "rules", str(file)],
                          capture_output=True, text=True, timeout=HANGS_S, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
