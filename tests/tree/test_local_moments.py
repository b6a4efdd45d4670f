"""Moments with a zone are made in one place, where their differences are those of UTC."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HARNESS = (
    "kit", "slo", "synthetic", "alerts", "dashboards", "reports", "traces", "ops", "sre",
)  # fmt: skip
ALLOWED = {
    "kit/pure/moments.py",  # the one place where it is done
    "slo/period.py",  # a wall-clock time becomes one of UTC in the same expression
    "ops/in_process.py",  # the service's parser is given a zone, as over HTTP
    "synthetic/golden/comparators.py",  # answers have an offset and no zone
}


MADE_BY = ("astimezone(", "tzinfo=", "tz=", "fromtimestamp(", "now(", "combine(")


def makers(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls that make an aware datetime of a zone other than UTC."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        zones = [k.value for k in node.keywords if k.arg in {"tzinfo", "tz"}]
        if node.func.attr == "astimezone":
            zones += node.args
        elif node.func.attr in {"fromtimestamp", "now"}:
            zones += node.args[node.func.attr == "fromtimestamp" :]
        elif node.func.attr == "combine":
            zones += node.args[2:]
        if any(ast.unparse(one) not in {"UTC", "None", "timezone.utc"} for one in zones):
            yield node


@pytest.mark.parametrize(
    "text",
    ["a.astimezone(zone)", "datetime.fromtimestamp(s, zone)", "a.replace(tzinfo=zone)",
     "datetime.combine(day, time(), tzinfo=zone)", "datetime.now(tz=zone)"],
)  # fmt: skip
def test_the_search_for_them_finds_each_way_to_make_one(text: str) -> None:
    assert len(list(makers(ast.parse(text)))) == 1
    assert not list(makers(ast.parse(text.replace("zone", "UTC"))))


def test_no_other_module_of_the_harness_makes_datetimes_that_subtract_by_the_wall_clock() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for part in HARNESS
        for path in sorted((ROOT / part).rglob("*.py"))
        if str(path.relative_to(ROOT)) not in ALLOWED
        for text in [path.read_text(encoding="utf-8")]
        if any(word in text for word in MADE_BY)
        for call in makers(ast.parse(text))
        if not (part == "ops" and "now.tzinfo" in ast.unparse(call))
    ]
    assert found == [], "make them with kit.pure.moments.local"
