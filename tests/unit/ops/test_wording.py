"""Numbers with their nouns."""

import pytest

from kit.pure.words import counted


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 errors"), (1, "1 error"), (2, "2 errors"), (1200, "1,200 errors")]
)
def test_one_is_one_and_everything_else_is_many(number: int, said: str) -> None:
    assert counted(number, "error") == said
