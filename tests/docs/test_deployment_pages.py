"""What the pages on deployment and upgrades say to type can be typed."""

from pathlib import Path

import pytest
from typer._click.exceptions import ClickException

from ops.schedules.table import TASKS
from tests.docs.test_runbook import commands
from tests.support.command_line import options_of, parsed

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {
    name: (DOCS / f"{name}.md").read_text(encoding="utf-8") for name in ("deployment", "upgrade")
}
RUNBOOK = (DOCS / "runbook.md").read_text(encoding="utf-8")
NAMED = (
    "ps", "restart calendar-api", "logs calendar-api", "stop", "start", "pull", "docker update",
    "docker stats", "docker image prune", "docker volume prune", "trivy", "pip list --outdated",
    "pip install --upgrade", "tar czf", "full-backup",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_is_one_that_sre_takes(page: str) -> None:
    typed = commands(PAGES[page].replace("```sh", "```bash"))
    found = [words for words in typed if "NAME" not in words]
    wrong = []
    for words in found:
        try:
            parsed(words)
        except ClickException as err:
            wrong.append(f"sre {' '.join(words)}: {err.format_message()}")
    assert wrong == []
    assert len(found) >= 4


@pytest.mark.parametrize("command", NAMED)
def test_each_command_of_the_usual_procedures_stands_in_the_table(command: str) -> None:
    section = RUNBOOK.partition("## Docker and Compose")[2].partition("\n## ")[0]
    rows = [line.split(" | ")[0] for line in section.splitlines() if line.startswith("| `")]
    assert any(command in row for row in rows), command


def test_every_timer_is_switched_on_and_every_option_of_an_upgrade_explained() -> None:
    timers = PAGES["deployment"].partition("calendar-{")[2].partition("}")[0].split(",")
    assert set(timers) == {task.name for task in TASKS}
    own = set(options_of("stack upgrade")) - {"--json", "--help", "--home"}
    assert all(option in PAGES["upgrade"] for option in own), own
