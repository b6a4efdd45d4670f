"""How much work a calculation may be: counted in steps, the same for the same wish everywhere.

A step is one day or one occurrence looked at, about a microsecond or two. Whoever calls passes in
what counts; it raises when there is to be no more.
"""

from collections.abc import Callable
from typing import Final

from service.planning.errors import PlanError

Work = Callable[[int], None]
MOST_STEPS: Final = 400_000


class Steps:
    """Counts steps down and raises what `refusal` returns when none is left."""

    __slots__ = ("_refusal", "left")

    def __init__(self, most: int, refusal: Callable[[], Exception]) -> None:
        self.left, self._refusal = most, refusal

    def __call__(self, steps: int) -> None:
        """Count some steps."""
        self.left -= steps
        if self.left < 0:
            raise self._refusal()


def too_much(code: str) -> PlanError:
    """Return the refusal of a calculation that would take too long."""
    what = "this part of time takes too long to work out; ask for less"
    if code != "window_too_large":
        what = "the rule happens so seldom, if ever, that its times take too long to find"
    field = "recurrence" if code != "window_too_large" else "from"
    return PlanError(code, field, what)


def bounded() -> Work:
    """Return a count for callers who set no limit of their own."""
    return Steps(MOST_STEPS, lambda: too_much("window_too_large"))


def unlimited(steps: int) -> None:
    """Count nothing: for callers whose work is little anyhow."""
