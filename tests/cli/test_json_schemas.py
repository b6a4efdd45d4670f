"""Every verb's `--json` prints one object that keeps its published schema, also when it fails."""

import json
import os
import pkgutil
import re
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest
from jsonschema import Draft202012Validator

import tests.support
from sre.running import run
from sre.table import VERBS
from tests.compat.frozen import RELEASES, unpacked
from tests.support.json_schemas import SCHEMAS, keeps_schema

ROWS: Final[list[tuple[list[str], str, int]]] = [
    row
    for module in pkgutil.iter_modules(tests.support.__path__)
    if module.name.startswith("json_answers_")
    for row in import_module(f"tests.support.{module.name}").ROWS
]
STREAMING: Final = {
    "serve": "runs until it is stopped and prints the service's log",
    "load worker": "runs until its run ends and is told what to do by it",
}
"""Verbs whose output is no answer, and why."""
NOWHERE: Final = "http://127.0.0.1:9"


@pytest.mark.parametrize(("words", "stem", "code"), ROWS, ids=lambda value: str(value)[:80])
def test_one_object_that_keeps_its_schema_is_printed(
    words: list[str],
    stem: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for variable in [name for name in os.environ if re.fullmatch(r"SRE_\w+_URL", name)]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    monkeypatch.chdir(tmp_path)
    placed = [w.replace("{tmp}", str(tmp_path)).replace("{prometheus}", NOWHERE) for w in words]
    found = run([*placed, "--json"])
    told = capsys.readouterr()
    keeps_schema(told.out, stem)
    assert found == code, told.err


@pytest.mark.parametrize(
    ("words", "stem"),
    [
        (["capacity", "--as-of", "2026-11-29T17:20:00Z"], "capacity-report"),
        (
            ["weekly", "--from", "2026-11-29T16:00:00Z", "--to", "2026-11-29T17:30:00Z"],
            "period-report",
        ),
    ],
)
def test_reports_of_runs_on_record_keep_their_schemas(
    words: list[str],
    stem: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("SRE_PROMETHEUS_URL", raising=False)
    runs = unpacked(RELEASES[0] / "runs", tmp_path / "runs")
    monkeypatch.setenv("SRE_RUNS_DIR", str(runs))
    run(["report", *words, "--format", "json", "--json"])
    keeps_schema(capsys.readouterr().out, stem)


def test_every_verb_of_a_group_that_has_rows_has_one() -> None:
    asked = {_verb(words) for words, _, _ in ROWS}
    groups = {verb.split()[0] for verb in asked}
    expected = {verb for verb in VERBS if verb.split()[0] in groups}
    assert expected - asked - STREAMING.keys() == set()
    assert STREAMING.keys() <= VERBS.keys()


def _verb(words: list[str]) -> str:
    """Return the verb that a command line begins with; StopIteration for none."""
    return next(verb for verb in (words[0], " ".join(words[:2])) if verb in VERBS)


@pytest.mark.parametrize("path", sorted(SCHEMAS.iterdir()), ids=lambda path: path.name)
def test_every_published_schema_is_one_is_closed_and_is_found_by_its_id(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    stem, version, _ = path.name.split(".")
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"calendar-sre/{stem}/{version}"
    assert schema["properties"]["schema"] == {"const": schema["$id"]}
    assert "schema" in schema["required"]
    assert schema["additionalProperties"] is False


def test_what_does_not_keep_a_schema_is_seen() -> None:
    right = {
        "schema": "calendar-sre/error/v1",
        "error": {"code": "usage", "message": "m", "hint": ""},
    }
    keeps_schema(json.dumps(right), "error")
    for wrong in (
        [right],
        {**right, "more": 1},
        {"schema": right["schema"], "error": {"code": "No word", "message": "m", "hint": ""}},
        {**right, "schema": "calendar-sre/other/v1"},
    ):
        with pytest.raises(AssertionError):
            keeps_schema(json.dumps(wrong), "error")
    with pytest.raises(ValueError, match="Extra data"):
        keeps_schema(json.dumps(right) * 2, "error")
