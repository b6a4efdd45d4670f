"""Tests are compiled once before workers begin, by a process that is no part of the run."""

import subprocess
from pathlib import Path

import pytest

from kit.edge.containers.session import FOLDER
from tests.support import first_compile

TEST = "tests/unit/kit/test_json_values.py"


def test_compiling_leaves_the_notes_of_the_run_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FOLDER, str(tmp_path / "notes"))
    (tmp_path / "notes").mkdir()
    first_compile.compile_once(TEST)
    assert (tmp_path / "notes").is_dir()


def test_compiling_asks_for_no_workers_who_would_compile_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "-n 2")
    seen: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda words, **_more: seen.append(words))
    first_compile.compile_once()
    assert "--numprocesses=0" in seen[0]
