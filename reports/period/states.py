"""Whether what was found is still so."""

from enum import StrEnum


class State(StrEnum):
    """How a finding stands at the end of the window."""

    OPEN = "open"
    MENDED = "mended"  # it ended with a deploy
    GONE = "gone"  # it ended by itself, or nobody knows why
