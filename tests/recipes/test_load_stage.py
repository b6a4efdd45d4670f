"""A load stage is one line of YAML."""

import pytest

from tests.support.recipes import Tree, after


@pytest.mark.thorough
def test_a_new_stage_makes_the_profile_longer(tree: Tree) -> None:
    stage = after("  - {for_s: 15, per_s: 1200}", "  - {for_s: 15, per_s: 1600}\n")
    said = tree.perform("A load stage", {"synthetic/load/profiles/stress.yaml": stage})
    (line,) = (line for line in said.splitlines() if line.startswith("stress "))
    assert "180 s" in line
