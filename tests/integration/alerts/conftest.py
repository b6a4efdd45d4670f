"""promtool and amtool: from PATH, else from their server's image, which is then made."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kit.edge.tools import tool_command

Tool = Callable[[Sequence[Path]], list[str]]


def _tool(request: pytest.FixtureRequest, name: str, role: str) -> Tool:
    if shutil.which(name) is None:
        request.getfixturevalue("image_of_role")(role)
    return lambda mounts: tool_command(name, mounts)


@pytest.fixture(scope="session")
def promtool(request: pytest.FixtureRequest) -> Tool:
    return _tool(request, "promtool", "prometheus")


@pytest.fixture(scope="session")
def amtool(request: pytest.FixtureRequest) -> Tool:
    return _tool(request, "amtool", "alertmanager")
