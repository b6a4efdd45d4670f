"""Wait for a level, never for an edge, and never for ever."""

import time
from collections.abc import Callable
from typing import Final

_LOOK_AGAIN_S: Final = 0.1


def wait_until(condition: Callable[[], object], *, within_s: float) -> bool:
    """Return whether `condition()` became true in time; OSError counts as not yet."""
    deadline = time.monotonic() + within_s
    while True:
        try:
            if condition():
                return True
        except OSError:
            pass
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_AGAIN_S)
