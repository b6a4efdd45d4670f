"""The page of alerts says what the code has."""

import re
from pathlib import Path

import pytest

from alerts.backtest.scenario import FAULTS
from alerts.checks.run import CHECKS
from alerts.routing.receivers import KINDS, MORE

PAGE = (Path(__file__).parents[2] / "docs/alerts.md").read_text(encoding="utf-8")


def rows(head: str) -> dict[str, str]:
    """Return the rows of the table under a heading: first cell, without its marks, to second."""
    _, _, rest = PAGE.partition(f"\n{head}\n")
    assert rest, head
    lines = rest.splitlines()[1:]
    found = {}
    for line in lines:
        if not line.startswith("| "):
            break
        first, second = line.strip("| ").split(" | ", 1)
        found[first.strip("`")] = second
    return found


def test_the_kinds_of_faults_and_their_levels_are_those_of_the_code() -> None:
    assert rows("| `kind` | `level` is the |") == FAULTS


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_is_on_the_page(name: str) -> None:
    assert re.search(rf"^\| `{name}` \| \S", PAGE, re.MULTILINE)


def test_the_kinds_of_receivers_are_those_of_the_code() -> None:
    page = {kind: re.findall(r"`(\w+)`", cells) for kind, cells in rows(
        "| kind | has | may have |").items()}  # fmt: skip
    assert page == {kind: [*has, *MORE.get(kind, ())] for kind, has in KINDS.items()}
