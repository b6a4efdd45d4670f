"""Whose turn it is in a run against two targets: A B B A, again and again."""

from typing import Final

ORDER: Final = (0, 1, 1, 0)
"""0 is A, 1 is B: a drift of the machine falls on both alike."""


def side_at(due_s: float, turn_s: float) -> int:
    """Return which target is asked at a moment."""
    return ORDER[int(due_s / turn_s) % len(ORDER)]
