"""How many of what, as people say it."""

import pytest

from kit.pure.words import counted


@pytest.mark.parametrize(
    ("number", "words", "says"),
    [
        (0, ("case",), "0 cases"),
        (1, ("case",), "1 case"),
        (1000, ("case",), "1,000 cases"),
        (1, ("entry", "entries"), "1 entry"),
        (2, ("entry", "entries"), "2 entries"),
    ],
)
def test_a_noun_follows_its_number(number: int, words: tuple[str, ...], says: str) -> None:
    assert counted(number, *words) == says
