"""Wait for a level, never for an edge, and say what was seen last when it is missed."""

import time
from collections.abc import Callable

_LOOK_AGAIN_S = 0.05


def wait_for(
    condition: Callable[[], object], *, what: str, within_s: float, told: Callable[[], str] = str
) -> None:
    """Return once `condition()` is true; exceptions of the operating system count as not yet.

    Raises AssertionError after `within_s` seconds, with `what` was awaited, the last exception,
    and `told()`: a child's log, for instance.
    """
    deadline = time.monotonic() + within_s
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
    message = f"{what}: not within {within_s:g} s; last seen: {last!r}\n{told()}"
    raise AssertionError(message)
