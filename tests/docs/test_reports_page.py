"""What docs/reports.md shows is what the command understands."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

from tests.support.command_line import options_of, verbs_of

PAGE = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", PAGE, re.DOTALL)


def test_every_verb_and_option_on_the_page_exists() -> None:
    words = " ".join(re.findall(r"sre report (\w[^\n`&|]*)", PAGE))
    assert {"daily", "weekly", "monthly", "capacity", "send", "run"} <= set(words.split())
    options = {verb: options_of(f"report {verb}") for verb in verbs_of("report")}
    for line in re.findall(r"sre report (\w[^\n`]*)", PAGE):
        verb, *rest = line.split()
        for option in (word for word in rest if word.startswith("--")):
            assert option in options[verb] or option in set().union(*options.values()), line


def test_every_verb_of_the_command_is_on_the_page() -> None:
    for name in verbs_of("report"):
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
