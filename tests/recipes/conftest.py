"""A copy of the tree to perform a recipe on."""

from pathlib import Path

import pytest

from tests.support.recipes import Tree, copied


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return copied(tmp_path / "tree")
