"""How far a long piece of work is, for whoever wants to show it."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Takes what is being done, how much of it is done, and how much there is (0: unknown)."""


def nobody(_what: str, _done: int, _total: int) -> None:
    """Show nothing."""
