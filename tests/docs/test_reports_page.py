"""What docs/reports.md shows is what the command understands."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from sre.report import app

PAGE = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE, re.DOTALL)


def test_every_verb_and_option_on_the_page_exists() -> None:
    runner = CliRunner()
    words = " ".join(re.findall(r"sre report (\w[^\n`&|]*)", PAGE))
    assert {"daily", "weekly", "monthly", "capacity", "send", "run"} <= set(words.split())
    helps = {
        verb: runner.invoke(app, [verb, "--help"], env={"COLUMNS": "200"}).output
        for verb in ("daily", "weekly", "monthly", "capacity", "send", "run")
    }
    for line in re.findall(r"sre report (\w[^\n`]*)", PAGE):
        verb, *rest = line.split()
        for option in (word for word in rest if word.startswith("--")):
            assert option in helps[verb] or option in " ".join(helps.values()), line


def test_every_verb_of_the_command_is_on_the_page() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__
        assert f"sre report {name}" in PAGE


@pytest.mark.parametrize("text", [text for kind, text in BLOCKS if kind == "yaml"])
def test_the_cron_job_is_yaml_with_a_schedule(text: str) -> None:
    job = yaml.safe_load(text)
    assert job["kind"] == "CronJob"
    assert job["spec"]["schedule"] == "0 7 * * 1"
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    assert container["args"][:2] == ["report", "weekly"]


def test_the_units_can_be_read() -> None:
    units = []
    for kind, text in BLOCKS:
        if kind == "ini":
            unit = ConfigParser(interpolation=None)
            unit.read_string(text)
            units.append(unit)
    service, timer = units
    assert service["Service"]["SuccessExitStatus"] == "1 5"
    assert timer["Timer"]["OnCalendar"].startswith("Mon")
