"""Wait for a condition of the stack."""

import time
from collections.abc import Callable
from typing import Final

_LOOK_AGAIN_S: Final = 0.3


def wait_until(condition: Callable[[], bool], within_s: float) -> bool:
    """Wait until a condition holds; return whether it came in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_AGAIN_S)
    return True
