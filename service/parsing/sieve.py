"""What a text is free of, told by its pieces between spaces: nearly all were seen before."""

from collections.abc import Callable, Iterable

_MOST_KEPT = 20_000  # far more than ordinary requests need; no text can fill the memory
_LONGEST_KEPT = 24  # characters; what is longer seldom comes again


class Sieve:
    """Remember the pieces of texts in which `holds` found nothing, so that they are looked at once.

    `holds` says of one piece, which has no space in it, whether it has what is looked for.
    """

    def __init__(self, holds: Callable[[str], bool]) -> None:
        self._holds = holds
        self._free: set[str] = set()

    def is_free(self, pieces: Iterable[str]) -> bool:
        """Say whether no piece has what is looked for."""
        return self._free.issuperset(pieces) or not any(map(self._look, pieces))

    def cache_clear(self) -> None:
        """Forget every piece."""
        self._free.clear()

    def _look(self, piece: str) -> bool:
        if piece in self._free:
            return False
        if self._holds(piece):
            return True
        if len(self._free) >= _MOST_KEPT:
            self._free.clear()
        if len(piece) <= _LONGEST_KEPT:
            self._free.add(piece)
        return False
