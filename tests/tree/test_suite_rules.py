"""What holds for every test: it judges nothing by a clock, hangs long, and skips for one reason."""

import ast
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeGuard

import pytest

TESTS: Final = Path(__file__).resolve().parents[1]
LEAST_LIMIT_S: Final = 900
CLOCKS: Final = frozenset({"monotonic", "perf_counter", "process_time", "thread_time"})
READ: Final = frozenset({"seconds", "elapsed"})
"""Attributes of what tests measured, as far as they hold a time taken."""

MAY_SKIP: Final = MappingProxyType({
    "support/wanted.py": "fails instead where SRE_REQUIRE_CONTAINERS or CI is set",
    "containers/test_dashboards_grafana.py": "Grafana's image cannot be built here",
    "containers/test_stack.py": "thorough: MongoDB's official image cannot be built here",
    "containers/test_ladder.py": "only root can become somebody else",
    "containers/test_reports_history.py": "thorough: a case that Prometheus 2 cannot have",
})  # fmt: skip


@cache
def texts() -> Mapping[str, str]:
    """Return what each file of the tests says, by its path below them."""
    return {
        str(path.relative_to(TESTS)): path.read_text(encoding="utf-8")
        for path in sorted(TESTS.rglob("*.py"))
        if "bench" not in path.parts and path != Path(__file__).resolve()
    }


def trees(*words: str) -> Mapping[str, ast.Module]:
    """Return the files in which one of the words stands, read as Python."""
    return {
        name: ast.parse(text)
        for name, text in texts().items()
        if any(word in text for word in words)
    }


def limits(tree: ast.AST) -> Iterator[float]:
    """Yield the seconds of each `timeout` mark."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and marks(node.func) == "timeout":
            yield float(ast.literal_eval(node.args[0]))


def skips(tree: ast.AST) -> bool:
    """Say whether there is a skip, by a call or by a mark."""
    return any(
        marks(node) in {"skip", "skipif"} or is_skip(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
    )


def is_skip(node: ast.Attribute) -> bool:
    return node.attr in {"skip", "importorskip"} and last_of(node.value) == "pytest"


def marks(node: ast.AST) -> str:
    """Return the mark of pytest that an expression names, or nothing."""
    if isinstance(node, ast.Attribute) and last_of(node.value) == "mark":
        return node.attr
    return ""


def last_of(node: ast.AST) -> str:
    """Return the last part of a dotted name, or nothing."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def judgements(tree: ast.AST) -> Iterator[str]:
    """Yield each assertion that holds a time taken against nothing but numbers."""
    for scope in ast.walk(tree):
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            asserted = [
                (node.test, compared)
                for node in ast.walk(scope)
                if isinstance(node, ast.Assert)
                for compared in ast.walk(node.test)
                if compares_with_a_number(compared)
            ]
            timed = times_in(scope) if asserted else frozenset()
            for test, compared in asserted:
                if any(is_time(side, timed) for side in sides(compared)):
                    yield f"{scope.name}: {ast.unparse(test)}"


def times_in(scope: ast.AST) -> frozenset[str]:
    """Return the names in a function that hold what a clock said, or something made of it."""
    timed = set[str]()
    while True:
        found = {
            name.id
            for node in ast.walk(scope)
            if isinstance(node, ast.Assign) and is_time(node.value, timed)
            for target in node.targets
            for name in ast.walk(target)
            if isinstance(name, ast.Name)
        }
        if found <= timed:
            return frozenset(timed)
        timed |= found


def is_time(node: ast.AST, timed: frozenset[str] | set[str]) -> bool:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and each.id in timed:
            return True
        if isinstance(each, ast.Attribute) and each.attr in READ:
            return True
        if isinstance(each, ast.Call) and (
            last_of(each.func) in CLOCKS
            or (last_of(each.func) == "time" and ast.unparse(each.func) == "time.time")
        ):
            return True
    return False


def compares_with_a_number(node: ast.AST) -> TypeGuard[ast.Compare]:
    order = ast.Lt | ast.LtE | ast.Gt | ast.GtE
    if not isinstance(node, ast.Compare) or not all(isinstance(how, order) for how in node.ops):
        return False
    return any(is_number(side) for side in sides(node))


def sides(node: ast.Compare) -> list[ast.expr]:
    return [node.left, *node.comparators]


def is_number(node: ast.AST) -> bool:
    """Say whether an expression is made of nothing but numbers and constants of the module."""
    match node:
        case ast.Constant(value=int() | float()):
            return True
        case ast.Name():
            return node.id.isupper()
        case ast.BinOp():
            return is_number(node.left) and is_number(node.right)
        case ast.UnaryOp():
            return is_number(node.operand)
        case _:
            return False


def test_nothing_is_judged_by_seconds_alone() -> None:
    """Hold it against a control in the same run, or put it into tests/bench."""
    assert {
        name: found
        for name, tree in trees(*CLOCKS, *READ, "time.time").items()
        if (found := list(judgements(tree)))
    } == {}


def test_a_limit_guards_against_hanging_and_is_far_away() -> None:
    options = tomllib.loads((TESTS.parent / "pyproject.toml").read_text())["tool"]["pytest"]
    assert options["ini_options"]["timeout"] >= LEAST_LIMIT_S
    short = {
        name
        for name, tree in trees("timeout").items()
        if min(limits(tree), default=9e9) < LEAST_LIMIT_S
    }
    assert short == set()


def test_nothing_is_skipped_but_for_a_known_reason() -> None:
    assert {
        name
        for name, tree in trees("pytest.skip", "importorskip", "mark.skip").items()
        if skips(tree)
    } == set(MAY_SKIP)


@pytest.mark.parametrize(
    ("body", "judged"),
    [
        ("assert time.monotonic() - began < 5", True),
        ("took = perf_counter() - began\n assert 5 > took", True),
        ("a = time.monotonic()\n b = a\n assert work() - b < LIMIT_S * 2", True),
        ("assert max(each.seconds for each in made) < 3", True),
        ("assert time.monotonic() < began + 5 or took(1)", False),
        ("a, b = cpu(1), time.time()\n assert a < 5", True),
        ("a = process_time()\n control = process_time() - a\n assert a < 5 * control + 0.1", False),
        ("assert [each.hour for each in day.time()] == [8, 7]", False),
        ("assert week.seconds == 168 * 3600", False),
        ("assert len(found) < 5", False),
        ("deadline = time.monotonic() + 5\n assert time.monotonic() < deadline", False),
    ],
)
def test_a_judgement_by_the_clock_is_found(body: str, *, judged: bool) -> None:
    assert bool(list(judgements(ast.parse(f"def test_it():\n {body}")))) is judged


@pytest.mark.parametrize(
    ("source", "skipped", "limited"),
    [
        ("@pytest.mark.timeout(300)\ndef test_it(): ...", False, True),
        ("pytestmark = [pytest.mark.timeout(300)]", False, True),
        ("@pytest.mark.skipif(x, reason='')\ndef test_it(): ...", True, False),
        ("def test_it():\n pytest.skip('no')", True, False),
        ("def test_it(): ...", False, False),
    ],
)
def test_a_short_limit_and_a_skip_are_found(source: str, *, skipped: bool, limited: bool) -> None:
    tree = ast.parse(source)
    assert (skips(tree), list(limits(tree)) == [300]) == (skipped, limited)
