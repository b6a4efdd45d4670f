"""Whatever the runbook says to type can be typed: verbs, options, drills and alerts exist."""

import re
import shlex
from pathlib import Path

import pytest
from typer._click.exceptions import ClickException

from alerts.edge.shipped import HOME
from ops.drills.files import shipped_drills
from tests.support.command_line import parsed
from tests.support.yaml_text import from_yaml

ROOT = Path(__file__).resolve().parents[2]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
SCENARIOS = (
    "High error rate", "High latency", "Database", "Cache corruption", "Low accuracy", "Outage",
    "Data corruption", "Security incident",
)  # fmt: skip
BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)
INLINE = re.compile(r"`(sre [^`]+)`")


def commands(text: str) -> list[list[str]]:
    """Return every `sre` command of a page in words, without comments and redirections."""
    blocks = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    lines = [line.strip() for line in blocks if line.strip().startswith("sre ")]
    lines += [line.strip() for line in text.splitlines() if line.startswith("    sre ")]
    lines += [" ".join(line.split()) for line in INLINE.findall(text) if not set("[|…") & set(line)]
    return [shlex.split(line.partition(" > ")[0], comments=True)[1:] for line in lines]


def test_every_command_of_the_runbook_is_one_that_sre_takes() -> None:
    found = commands(RUNBOOK)
    wrong = []
    for words in found:
        try:
            parsed(words)
        except ClickException as err:
            wrong.append(f"sre {' '.join(words)}: {err.format_message()}")
    assert wrong == []
    assert len(found) > 60


@pytest.mark.parametrize(
    "words",
    [["incident", "mode", "--wy", "x"], ["check", "helth"], ["backup", "restore", "x"],
     ["golden", "propose", "--now"], ["incident", "notify", "P1"]],
)  # fmt: skip
def test_a_command_that_sre_does_not_take_would_be_noticed(words: list[str]) -> None:
    with pytest.raises(ClickException):
        parsed(words)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_each_scenario_has_what_is_seen_what_is_typed_and_what_is_decided(scenario: str) -> None:
    (section,) = re.findall(rf"^## {scenario}\n(.*?)(?=^## |\Z)", RUNBOOK, re.DOTALL | re.MULTILINE)
    assert section.lstrip().startswith("**You see**")
    assert BLOCK.search(section)
    assert re.search(r"^- ", section, re.MULTILINE)


def test_every_drill_and_every_alert_that_is_named_exists() -> None:
    rules = from_yaml((HOME / "generated/calendar.yaml").read_text())
    alerts = {r["alert"] for g in rules["groups"] for r in g["rules"] if "alert" in r}
    seen = re.findall(r"\*\*You see\*\*: (.*?)\n\n", RUNBOOK, re.DOTALL)
    named = {name for text in seen for name in re.findall(r"`([A-Z][A-Za-z]+)`", text)}
    assert len(named) > 15
    assert named <= alerts
    rehearsed = set(re.findall(r"sre drill run ([a-z-]+)`", RUNBOOK))
    assert len(rehearsed) >= 7
    assert rehearsed <= set(shipped_drills())
