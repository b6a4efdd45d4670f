"""The CI files that `sre init` writes: what they run is there, and installs what it needs."""

import re
from pathlib import Path

import pytest

from ops.init import writing
from sre.table import VERBS
from tests.support.command_line import options_of
from tests.support.yaml_text import from_yaml

FILES = sorted((Path(writing.__file__).parent / "snippets").glob("*.yml"))


def commands(text: str) -> list[str]:
    """Return every command line of `sre` in a file."""
    return [line.strip() for line in re.findall(r"\bsre (?!init)[a-z].*", text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_ci_file_runs_verbs_and_options_that_are_there(path: Path) -> None:
    text = path.read_text()
    assert from_yaml(text)
    lines = commands(re.sub(r"(?m)^#.*", "", text))
    assert len(lines) == 3
    for line in lines:
        verb = next(v for v in VERBS if line.startswith(f"sre {v}"))
        assert set(re.findall(r"--[a-z-]+", line)) <= set(options_of(verb))
    assert 'pip install "calendar-sre[harness]"' in text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_ci_file_caches_keeps_and_compares_with_main(path: Path) -> None:
    text = path.read_text()
    files = [f"--{kind} {gate}" for gate in ("load", "golden") for kind in ("junit", "markdown")]
    for wanted in (*files, "--baseline last", "runs-main", "comment.md"):
        assert wanted in text
