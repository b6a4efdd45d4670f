"""Wait for a level, never for an edge, and say what was seen last when it is missed."""

import time
from collections.abc import Callable
from typing import Final

HANGS_S: Final = 600
"""After this a child or a condition is taken to hang, on a machine however slow."""
_LOOK_AGAIN_S: Final = 0.05


def wait_for(
    condition: Callable[[], object], *, what: str, within_s: float, told: Callable[[], str] = str
) -> None:
    """Return once `condition()` is true; exceptions of the operating system count as not yet.

    `within_s` is what a machine at rest needs; far more is given, as nothing is judged by it.
    Raises AssertionError when even that is over, with `what` was awaited, the last exception, and
    `told()`: a child's log, for instance.
    """
    deadline = time.monotonic() + max(HANGS_S / 5, 4 * within_s)
    last: object = None
    while time.monotonic() < deadline:
        try:
            last = condition()
        except OSError as err:
            last = err
        else:
            if last:
                return
        time.sleep(_LOOK_AGAIN_S)
    message = f"{what}: did not come; last seen: {last!r}\n{told()}"
    raise AssertionError(message)
