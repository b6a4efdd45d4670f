"""The page for other teams: every exporter, every complaint and every link is real."""

import re
from pathlib import Path

import pytest

from ops.init.exporters import EXPORTERS
from sre.running import run

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "your-service.md").read_text(encoding="utf-8")
SOURCE = "\n".join(path.read_text() for path in sorted((ROOT / "ops/init").glob("*.py")))


def test_every_exporter_of_the_table_is_on_the_page() -> None:
    named = {exporter.name.partition(" (")[0] for exporter in EXPORTERS[:-2]}
    assert {name for name in named if name not in PAGE} == set()


def complaints() -> list[str]:
    table = PAGE.split("| `sre init` says | exit | what to do |\n|---|---|---|\n")[1]
    cells = [line.split("|")[1].strip() for line in table.split("\n\n")[0].splitlines()]
    return [said for cell in cells for said in cell.split(", ") if not said.startswith("more")]


@pytest.mark.parametrize("said", complaints())
def test_every_complaint_of_the_page_is_one_of_the_command(said: str) -> None:
    fixed = re.split(r"100,000|2\.0|…|there already", said)
    source = re.sub(r'"\s+f?"', "", SOURCE)
    assert all(part.strip() in source for part in fixed), said


def test_every_link_leads_to_a_file() -> None:
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", PAGE)]
    assert [link for link in links if link and not (ROOT / "docs" / link).exists()] == []


def test_the_project_that_is_written_by_hand_is_valid_and_builds_and_checks_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    part = PAGE.partition("### An exporter that nobody knows")[2]
    toml, stated = (re.findall(rf"```{kind}\n(.*?)```", part, re.DOTALL)[0]
                    for kind in ("toml", "yaml"))  # fmt: skip
    (tmp_path / "slo").mkdir()
    (tmp_path / "sre.toml").write_text(toml)
    (tmp_path / "slo" / "wait.yaml").write_text(stated)
    for words in (["slo", "validate"], ["alerts", "build"], ["alerts", "check"],
                  ["dashboards", "build"], ["dashboards", "check"]):  # fmt: skip
        code = run([*words, "--project", str(tmp_path)])
        assert code == 0, (words, capsys.readouterr())
