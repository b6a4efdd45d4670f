"""Hold a number against its limits."""

import operator
from collections.abc import Callable
from functools import partial
from typing import Final

from kit.pure import words
from ops.checks.finding import Finding, State


def _judged(
    word: str,
    crosses: Callable[[float, float], bool],
    subject: str,
    value: float,
    *,
    warn: float | None = None,
    fail: float | None = None,
    show: Callable[[float], str] = words.percent,
    detail: str = "",
    do_next: str = "",
) -> Finding:
    """Return FAIL where the value crosses `fail`, WARN where it crosses `warn`, else PASS.

    The limit itself still passes. `detail` is what stands beside the value, `do_next` what helps
    where it is not a PASS.
    """
    state, limit = State.PASS, fail if warn is None else warn
    if warn is not None and crosses(value, warn):
        state = State.WARN
    if fail is not None and crosses(value, fail):
        state, limit = State.FAIL, fail
    between = ", " if detail[:1].isdigit() else " "
    return Finding(
        subject,
        state,
        f"{show(value)}{between}{detail}".rstrip(),
        limit="" if limit is None else f"{word} {show(limit)}",
        do_next="" if state is State.PASS else do_next,
        measured=value,
    )


above: Final = partial(_judged, "at most", operator.gt)
"""Return what `_judged` does of a value that must not be above its limits."""
below: Final = partial(_judged, "at least", operator.lt)
"""Return what `_judged` does of a value that must not be below its limits."""


def answering(took_s: float, server: str, patience_s: float, do_next: str) -> Finding:
    """Return how long a ping took: WARN above half of what the service waits, FAIL above all."""
    return above(
        "answers",
        took_s,
        warn=patience_s / 2,
        fail=patience_s,
        show=words.seconds,
        detail=f"from {server}",
        do_next=do_next,
    )
