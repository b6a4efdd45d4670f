"""The container engine and the images, each reached by a ladder that says which rung it took."""

from collections.abc import Callable

Say = Callable[[str], None]
"""Where a ladder announces the rung that it takes, one line each."""
