"""A panel is one edit."""

import json

import pytest

from tests.support.recipes import Tree, after

PANEL = """\
    yield Panel(
        title="Busy connections to MongoDB",
        kind=Kind.STAT,
        unit=Unit.COUNT,
        queries=(Query(f'sum(mongodb_pool_connections{{{TARGET},state="in_use"}})', "in use"),),
        good="well below the size of the pool.",
        otherwise="see slow commands beside this, then raise the pool.",
        width=12,
    )
"""


@pytest.mark.thorough
def test_a_new_panel_is_on_its_dashboard_and_every_rule_holds(tree: Tree) -> None:
    anchor = "def _panels(facts: Facts) -> Iterator[Panel]:"
    tree.perform("A panel", {"dashboards/boards/stores.py": after(anchor, PANEL)})
    board = json.loads((tree.folder / "dashboards/generated/calendar-operations.json").read_text())
    titles = json.dumps(board)
    assert "Busy connections to MongoDB" in titles
    tree.run("sre dashboards build --check")
