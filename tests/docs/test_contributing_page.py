"""CONTRIBUTING.md leads somewhere: each recipe has its test, each link its file."""

import re
from pathlib import Path

import pytest
import yaml

from tests.support.recipes import PAGE, ROOT, recipes

TESTS = "\n".join(path.read_text() for path in (ROOT / "tests/recipes").glob("test_*.py"))
TEXT = PAGE.read_text(encoding="utf-8")
MADE = {"ops/checks/mode.py", "tests/unit/ops/checks/test_mode.py", "service/api/zones.py",
        "slo/objectives/slots.yaml"}  # fmt: skip
"""What the examples of the recipes make."""


def test_every_recipe_is_performed_by_a_test_and_every_test_performs_one() -> None:
    performed = re.findall(r"tree\.perform\(\s*\"([^\"]+)\"", TESTS)
    assert len(recipes()) == 8
    assert set(performed) == set(recipes())


@pytest.mark.parametrize("heading", recipes())
def test_every_file_of_a_recipe_is_there_or_made_by_it(heading: str) -> None:
    recipe = recipes()[heading]
    assert recipe.files
    assert recipe.commands
    assert {name for name in recipe.files if not (ROOT / name).exists()} <= MADE


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/debugging.md"])
def test_every_link_of_a_page_for_engineers_leads_to_a_file(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text)]
    assert links
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


def test_every_file_and_folder_that_the_page_names_in_the_loop_exists() -> None:
    loop = TEXT.partition("## The loop")[2].partition("## Where")[0]
    named = re.findall(r"tests/[\w/.]+", loop)
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_hooks_run_what_make_check_runs() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    recipe = (ROOT / "Makefile").read_text().partition("\ncheck:")[2].partition("\n\n")[0]
    wanted = {" ".join(line.split("/")[1].split()[:3]) for line in recipe.splitlines()[1:]}
    entries = " ; ".join(hook["entry"] for hook in hooks)
    assert len(wanted) == len(hooks)
    for command in wanted:
        assert command.removesuffix(" .") in entries, command


@pytest.mark.parametrize("path", [".github/workflows/ci.yml", ".gitlab-ci.yml"])
def test_a_workflow_runs_what_ci_runs_and_on_a_schedule_the_thorough_tests(path: str) -> None:
    text = (ROOT / path).read_text()
    assert yaml.safe_load(text)
    assert re.search(r"(run: |- )\.ci/run$", text, re.MULTILINE)
    assert re.search(r"(run: |- )make thorough$", text, re.MULTILINE)
    assert "schedule" in text
    assert Path(ROOT / ".ci/run").stat().st_mode & 0o111
