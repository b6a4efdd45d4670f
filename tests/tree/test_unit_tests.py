"""A test in tests/unit starts nothing (process, server, browser, tool), and takes no long time."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).resolve().parents[1]
STARTS: Final = frozenset({
    "subprocess", "multiprocessing", "socketserver", "http.server", "uvicorn", "playwright",
    "tests.support.warm", "tests.support.small_calendar", "tests.support.shop",
    "tests.support.awkward", "tests.support.mail_server", "tests.support.webhook",
    "tests.support.browser", "tests.support.tool_environments", "tests.support.starting",
    "tests.support.service_process",
})  # fmt: skip
"""Modules that are of use only to who starts something."""
SERVERS: Final = frozenset({
    "amtool", "browser", "calendar", "chromium", "engine", "image_of_role", "mongodb_server",
    "mongodb_url", "private_mongodb", "private_network", "private_redis", "promtool",
    "redis_server", "redis_url", "start_private", "tools",
})  # fmt: skip
"""Fixtures that start something."""


def starting(tree: ast.AST) -> Iterator[str]:
    """Yield what a module imports or asks for that starts something."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names if one.name in STARTS)
        elif isinstance(node, ast.ImportFrom):
            named = {node.module or "", *(f"{node.module}.{one.name}" for one in node.names)}
            yield from named & STARTS
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield from {one.arg for one in node.args.args} & SERVERS


def test_a_unit_test_starts_nothing() -> None:
    """Whatever does lies in tests/integration."""
    found = {
        str(path.relative_to(TESTS)): sorted(set(said))
        for path in sorted((TESTS / "unit").rglob("*.py"))
        if (said := list(starting(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert found == {}


def test_a_unit_test_takes_no_long_time() -> None:
    """What only `make thorough` runs lies in tests/properties or beside what it is about."""
    files = (TESTS / "unit").rglob("*.py")
    assert [one.name for one in files if "mark.thorough" in one.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    "text",
    ["import subprocess", "from http.server import HTTPServer", "from tests.support import awkward",
     "def test_it(promtool): pass"],
)  # fmt: skip
def test_what_starts_something_is_seen(text: str) -> None:
    assert list(starting(ast.parse(text)))
