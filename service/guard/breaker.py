"""Not asking a dependency that is known to be away."""

from collections.abc import Callable
from typing import Final

FAILURES_TO_OPEN: Final = 3


class Breaker:
    """Opens after some failures in a row; then lets one trial through per `retry_s`.

    `clock` is monotonic, in seconds. A success closes it. A background check that succeeds
    closes it too, so that recovery does not wait for a user's request.
    """

    def __init__(self, *, retry_s: float, clock: Callable[[], float]) -> None:
        self._retry_s, self._clock = retry_s, clock
        self._failures, self._next_trial = 0, 0.0

    @property
    def is_open(self) -> bool:
        """Whether calls are refused, but for trials."""
        return self._failures >= FAILURES_TO_OPEN

    def allows(self) -> bool:
        """Return whether a call may be made now; when open, taking the trial."""
        if not self.is_open:
            return True
        now = self._clock()
        if now < self._next_trial:
            return False
        self._next_trial = now + self._retry_s
        return True

    def succeeded(self) -> None:
        """Note that the dependency answered."""
        self._failures = 0

    def failed(self) -> None:
        """Note that it did not."""
        self._failures += 1
        if self._failures == FAILURES_TO_OPEN:
            self._next_trial = self._clock() + self._retry_s

    def trip(self) -> None:
        """Open at once, because a check has shown that the dependency is away."""
        if not self.is_open:
            self._failures = FAILURES_TO_OPEN
            self._next_trial = self._clock() + self._retry_s
