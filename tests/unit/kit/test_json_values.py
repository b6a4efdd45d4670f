"""What a JSON text holds, whatever somebody wrote into it."""

from pathlib import Path

import pytest

from kit.pure.errors import BadInputError
from kit.pure.json_values import from_json
from synthetic.edge.golden.files import load_cases


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a": ' * 100_000, "9" * 5000, "{", ""])
def test_what_cannot_be_read_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        from_json(text)


def test_a_golden_case_that_is_nested_without_end_is_an_error_of_its_line(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text("[" * 100_000 + "]" * 100_000)
    with pytest.raises(BadInputError, match=r"mine\.jsonl:1: not JSON: it is nested too deep"):
        load_cases(tmp_path / "mine.jsonl")
