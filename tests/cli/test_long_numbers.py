"""A number that Python does not read is bad input, named with its file, wherever it stands."""

from pathlib import Path

import pytest

from kit.pure.exits import Exit
from tests.support.command import sre_here

NINES = "9" * 5000


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("sre.toml", f'schema = "sre.project/v1"\nx = {NINES}\n', ["alerts", "build"]),
        ("stack.toml", f"replicas = {NINES}\n", ["stack", "up", "--settings", "stack.toml"]),
        ("api.json", f'{{"a": {NINES}}}', ["load", "import", "api.json"]),
        ("own.yaml", f"name: {NINES}\n", ["load", "run", "own.yaml"]),
        ("day.yaml", "name: 2026-13-45\n", ["load", "run", "day.yaml"]),
    ],
)
def test_a_number_or_day_that_there_is_not_is_named_with_its_file(
    name: str, text: str, words: list[str], tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    done = sre_here(words, folder=tmp_path)
    assert done.returncode == Exit.USAGE
    assert name in done.stderr
    assert "hint" in done.stderr
