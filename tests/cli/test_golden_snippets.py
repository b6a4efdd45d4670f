"""The CI snippets of docs/golden.md, run as a CI system would run them."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from synthetic.edge.golden.files import SHIPPED
from tests.support.golden_cases import shipped_cases
from tests.support.waiting import HANGS_S

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "golden.md"


def snippets() -> list[Any]:
    return [
        yaml.safe_load(text)
        for text in re.findall(r"```yaml\n(.*?)```", DOCS.read_text(), re.DOTALL)
    ]


def commands(snippet: Any) -> list[str]:
    if "jobs" in snippet:
        steps = snippet["jobs"]["golden"]["steps"]
        return [step["run"] for step in steps if "run" in step]
    return list(snippet["golden"]["script"])


def test_the_snippets_differ_in_nothing_but_where_the_summary_goes() -> None:
    first, second = (commands(snippet) for snippet in snippets()[:2])
    assert [line.replace('"$GITHUB_STEP_SUMMARY"', "runs/golden.md") for line in first] == second


@pytest.mark.thorough
@pytest.mark.parametrize("number", [0, pytest.param(1, marks=pytest.mark.thorough)])
def test_every_command_of_a_snippet_succeeds_and_leaves_its_files(
    number: int, tmp_path: Path
) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    environment = {**os.environ, "GITHUB_STEP_SUMMARY": str(tmp_path / "runs" / "golden.md")}
    environment.pop("SRE_RUNS_DIR", None)
    lines = commands(snippets()[number])
    assert lines[0] == "make setup"  # proved on a fresh machine elsewhere
    for line in lines[1:]:
        told = subprocess.run(
            ["sh", "-ec", line], cwd=tmp_path, env=environment, capture_output=True, text=True,
            timeout=HANGS_S, check=False,
        )  # fmt: skip
        assert told.returncode == 0, f"{line}\n{told.stdout}\n{told.stderr}"
    for name in ("golden.xml", "golden.md", "golden.html"):
        assert (tmp_path / "runs" / name).stat().st_size > 100


def test_the_documented_schema_describes_every_shipped_case() -> None:
    schema = json.loads((SHIPPED / "case.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for case in shipped_cases():
        errors = [error.message for error in validator.iter_errors(case.to_json())]
        assert errors == [], case.id
    broken = {**shipped_cases()[0].to_json(), "now": "today"}
    assert not validator.is_valid(broken)
