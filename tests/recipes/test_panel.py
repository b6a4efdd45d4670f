"""A panel is one edit."""

import json

import pytest

from tests.support.recipes import Tree, after

PANEL = """\
          - title: Busy connections to MongoDB
            kind: stat
            unit: count
            queries:
              - {query: 'sum(mongodb_pool_connections{<target>,state="in_use"})', legend: in use}
            good: well below the size of the pool.
            otherwise: see slow commands beside this, then raise the pool.
            width: 12
"""


@pytest.mark.thorough
def test_a_new_panel_is_on_its_dashboard_and_every_rule_holds(tree: Tree) -> None:
    anchor = "      - question: Are database and cache in order?\n        panels:"
    tree.perform("A panel", {"service/boards/operations.yaml": after(anchor, PANEL)})
    board = json.loads((tree.folder / "dashboards/generated/calendar-operations.json").read_text())
    titles = json.dumps(board)
    assert "Busy connections to MongoDB" in titles
    tree.run("sre dashboards build --check")
