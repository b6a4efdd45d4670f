"""What is committed is what would be generated, and every alert is complete."""

import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from alerts.edge.shipped import HOME, stale
from tests.support.calendar_alerts import generated
from tests.support.yaml_text import from_yaml

RULE_FILES = (HOME / "generated/calendar.yaml", HOME / "generated/routing/escalation.yaml")


def rules() -> list[dict[str, Any]]:
    return [
        rule
        for path in RULE_FILES
        for group in from_yaml(path.read_text())["groups"]
        for rule in group["rules"]
    ]


ALERTS = {rule["alert"]: rule for rule in rules() if "alert" in rule}


def test_the_committed_files_are_the_ones_generated_from_the_objectives() -> None:
    assert stale(generated(), HOME) == ()


def test_generating_twice_gives_the_same_bytes() -> None:
    assert generated() == generated()


def test_another_target_changes_the_rules(tmp_path: Path) -> None:
    for path in (HOME.parent / "slo/objectives").glob("*.yaml"):
        text = path.read_text().replace("target: 0.999", "target: 0.995")
        (tmp_path / path.name).write_text(text)
    changed = generated(tmp_path)
    assert changed["generated/calendar.yaml"] != generated()["generated/calendar.yaml"]
    assert changed.keys() == generated().keys()


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.name)
def test_promtool_accepts_the_rules(
    path: Path, promtool: Callable[[Sequence[Path]], list[str]]
) -> None:
    done = subprocess.run(
        [*promtool([path.parent]), "check", "rules", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_every_alert_says_how_bad_it_is_and_what_to_do(name: str) -> None:
    rule = ALERTS[name]
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    assert rule["labels"]["priority"] in {"P1", "P2", "P3", "P4"}
    notes = rule["annotations"]
    assert notes["summary"]
    assert notes["runbook_url"].endswith(f"/{name}.md")
    assert notes["dashboard_url"]
    page = (HOME / "runbooks" / f"{name}.md").read_text()
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert headings == [f"# {name}", "## Meaning", "## Impact", "## Diagnosis", "## Mitigation"]
    assert "```bash" in page


def test_no_page_is_left_over_from_an_alert_that_is_gone() -> None:
    assert {path.stem for path in (HOME / "runbooks").iterdir()} == ALERTS.keys()


@pytest.mark.parametrize(
    ("alert", "severity"),
    [
        ("ErrorRateHigh", "critical"),
        ("ServiceDown", "critical"),
        ("DatabaseConnectionLost", "critical"),
        ("MemoryHigh", "critical"),
        ("ResponseTimeHigh", "warning"),
        ("CpuHigh", "warning"),
        ("DiskNearlyFull", "warning"),
        ("CacheHitRateLow", "warning"),
    ],
)
def test_the_runbook_s_thresholds_have_the_runbook_s_severity(alert: str, severity: str) -> None:
    assert ALERTS[alert]["labels"]["severity"] == severity
