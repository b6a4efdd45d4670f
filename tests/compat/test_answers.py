"""No key of a `--json` answer is removed, renamed, or given another type."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.compat import product
from tests.compat.frozen import RELEASES, unpacked

ASKED: Final[dict[str, tuple[str, ...]]] = {
    "slo validate": ("slo", "validate", "--json"),
    "slo show": ("slo", "show", "--json"),
    "slo budget": ("slo", "budget", "availability", "--bad", "3", "--total", "9000", "--json"),
    "alerts history": ("alerts", "history", "{rules}", "--json"),
    "load list": ("load", "list", "--json"),
    "load profiles": ("load", "profiles", "--json"),
    "load compare": ("load", "compare", "{before}", "{after}", "--json"),
    "golden run": ("golden", "run", "--in-process", "--cases", "{golden}", "--json"),
    "golden check": ("golden", "check", "--cases", "{golden}", "--json"),
    "report run": ("report", "run", "load", "--out", "{out}/page.html", "--json"),
    "report capacity": ("report", "capacity", "--as-of", "2026-11-29T17:20:00Z",
                        "--out", "{out}", "--format", "json", "--json"),
    "backup list": ("backup", "list", "--backup-dir", "{backup}", "--json"),
    "backup verify": ("backup", "verify", "--backup-dir", "{backup}", "--json"),
    "drill list": ("drill", "list", "--json"),
    "check health": ("check", "health", "--target", "http://127.0.0.1:9", "--json"),
    "doctor": ("doctor", "--json"),
}  # fmt: skip
LISTS: Final = {
    "slo show": "objectives",
    "slo budget": "budgets",
    "alerts history": "deploys",
    "load list": "runs",
    "load profiles": "profiles",
    "golden check": "findings",
    "doctor": "findings",
}
"""Answers that were a bare list: the key under which an object with a `schema` now holds it."""
BY_NAME: Final = frozenset({"kinds", "stages", "slices", "confusion"})
"""Objects whose keys are what was found: a better parser makes fewer mistakes."""


def paths(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every key path of an answer with its type; a list's entries share a path."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in BY_NAME:
                yield from paths(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from paths(inner, f"{path}[]")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    yield path, "number" if number else type(value).__name__


def shape(value: Any) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for path, kind in paths(value):
        found.setdefault(path, set()).add(kind)
    return {path: sorted(kinds) for path, kinds in sorted(found.items())}


def lost(before: dict[str, list[str]], now: dict[str, list[str]]) -> list[str]:
    """Return the paths that are gone, or whose value is of a type that it never had.

    What was null tells nothing of its type.
    """
    gone = [f"{path} is gone" for path in before if path not in now]
    return gone + [
        f"{path} is {kind}, was {' or '.join(before[path])}"
        for path in before.keys() & now.keys()
        for kind in now[path]
        if kind not in {*before[path], "NoneType"} and before[path] != ["NoneType"]
    ]


def answer(
    release: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> dict[str, list[str]]:
    """Return the shape of what a verb answers today about a release's files."""
    for variable in ("SRE_PROMETHEUS_URL", "SRE_TARGET_URL", "SRE_ALERTMANAGER_URL"):
        monkeypatch.delenv(variable, raising=False)
    runs = unpacked(release / "runs", tmp_path / "runs")
    monkeypatch.setenv("SRE_RUNS_DIR", str(runs))
    before, after = sorted(path.stem for path in (runs / "load").glob("*-pass-*.json"))
    places = {
        "rules": release / "rules", "golden": unpacked(release / "golden", tmp_path / "golden"),
        "backup": release / "backup", "out": tmp_path / "out", "before": before, "after": after,
    }  # fmt: skip
    product.run([word.format(**places) for word in ASKED[name]])
    told = capsys.readouterr()
    assert told.out, told.err
    found = json.loads(told.out)
    return shape(found[LISTS[name]] if name in LISTS else found)


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.name)
def test_no_key_is_lost(
    release: Path,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = json.loads((release / "answers.json").read_text(encoding="utf-8"))
    assert lost(before[name], answer(release, name, tmp_path, monkeypatch, capsys)) == []


def test_a_lost_key_and_another_type_are_named() -> None:
    before = shape({"a": 1, "b": [{"c": None}, {"c": "x"}], "d": None})
    assert lost(before, shape({"a": 1.5, "b": [{"c": "y", "new": 1}], "d": 3})) == []
    assert lost(before, shape({"a": "1", "b": [{"e": "y"}], "d": None})) == [
        "b[].c is gone",
        "a is str, was number",
    ]
