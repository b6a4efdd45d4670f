"""Outside edges a type is known, or the line says why it is not: `# Any: reason`."""

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = (
    "kit", "slo", "synthetic", "alerts", "dashboards", "reports", "traces", "status", "console",
    "ops", "service",
)  # fmt: skip
REASON = re.compile(r"# Any: \w")


def typed(tree: ast.Module) -> Iterator[ast.AST | None]:
    """Yield the types of arguments, answers and fields, and what a module calls by a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.returns
        elif isinstance(node, ast.arg):
            yield node.annotation
        elif isinstance(node, ast.ClassDef):
            yield from (one.annotation for one in node.body if isinstance(one, ast.AnnAssign))
    yield from (one.value for one in tree.body if isinstance(one, ast.Assign))


def parts_of(found: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a type, also of what it names in quotation marks."""
    for part in ast.walk(found):
        yield part
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and "Any" in part.value:
            with suppress(SyntaxError):
                for inner in ast.walk(ast.parse(part.value, mode="eval")):
                    yield ast.copy_location(inner, part) if isinstance(inner, ast.expr) else inner


def without_reason(text: str) -> list[int]:
    """Return the lines on which a type is `Any` and nobody says why."""
    lines = text.splitlines()
    return sorted(
        {
            part.lineno
            for found in typed(ast.parse(text))
            for part in (parts_of(found) if found is not None else ())
            if isinstance(part, ast.Name | ast.Attribute)
            and ast.unparse(part).rpartition(".")[2] == "Any"
            and not REASON.search(lines[part.lineno - 1])
        }
    )


@pytest.mark.parametrize(
    "text",
    ["def read(value: Any) -> int: ...", "def read(value: 'dict[str, Any]') -> int: ...",
     "def read() -> dict[str, Any]: ...",
     "async def read(*values: typing.Any) -> int: ...", "Row = Mapping[str, Any]",
     "class Row:\n    def read(self, **more: list[Any]) -> int: ...", "class Row:\n    body: Any",
     "def read() -> int:\n    def inner(value: Any) -> int: ..."],
)  # fmt: skip
def test_the_search_finds_any_in_each_place_of_a_type(text: str) -> None:
    assert len(without_reason(text)) == 1
    assert not without_reason(f"{text}  # Any: the driver has no types")
    assert without_reason(f"{text}  # Any:")
    assert not without_reason(text.replace("Any", "int"))


def test_no_type_outside_edges_is_unknown_without_a_reason() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in (ROOT / "hatch_build.py", *(p for r in ROOMS for p in (ROOT / r).rglob("*.py")))
        if "edge" not in path.parts and "Any" in (text := path.read_text(encoding="utf-8"))
        for line in without_reason(text)
    ]
    assert sorted(found) == [], "give a type, or say on the line why there is none: # Any: reason"
