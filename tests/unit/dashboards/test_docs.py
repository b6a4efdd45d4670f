import re
from pathlib import Path

from dashboards.edge.files import ALL_RULES, GENERATED

TEXT = (GENERATED.parent.parent / "docs" / "dashboards.md").read_text()


def test_every_rule_is_explained_and_every_explained_rule_exists() -> None:
    table = TEXT.split("| rule | wants |")[1].split("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]

    assert {name.strip() for cell in cells for name in cell.split(",")} == ALL_RULES


def test_every_dashboard_is_listed() -> None:
    named = set(re.findall(r"`(calendar-[a-z]+)`", TEXT))

    assert {path.stem for path in GENERATED.glob("*.json")} == {
        *named,
        *(path.stem for path in Path(GENERATED).glob("calendar-slo-*.json")),
    }
