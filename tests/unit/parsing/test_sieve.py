"""Pieces of texts in which nothing was found are looked at once."""

from service.parsing.sieve import Sieve


def test_a_piece_is_looked_at_once_while_it_holds_nothing() -> None:
    looked: list[str] = []

    def holds(piece: str) -> bool:
        looked.append(piece)
        return piece == "bell"

    sieve = Sieve(holds)
    assert sieve.is_free(["a", "b", "a"])
    assert not sieve.is_free(["b", "bell"])
    assert not sieve.is_free(["bell"])
    assert sieve.is_free([])
    assert looked == ["a", "b", "bell", "bell"]
    sieve.cache_clear()
    assert sieve.is_free(["a"])
    assert looked[-1] == "a"


def test_what_is_long_is_not_kept() -> None:
    looked: list[str] = []

    def holds(piece: str) -> bool:
        looked.append(piece)
        return False

    sieve = Sieve(holds)
    for _ in range(2):
        assert sieve.is_free(["x" * 200])
    assert len(looked) == 2
