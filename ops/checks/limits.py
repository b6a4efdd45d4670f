"""Hold a number against its limits."""

from collections.abc import Callable

from kit.pure import words
from ops.checks.finding import Finding, State


def above(
    subject: str,
    value: float,
    *,
    warn: float | None = None,
    fail: float | None = None,
    show: Callable[[float], str] = words.percent,
    detail: str = "",
    do_next: str = "",
) -> Finding:
    """Return FAIL above `fail`, WARN above `warn`, else PASS; the limit itself still passes.

    `detail` is what stands beside the value, `do_next` what helps where it is not a PASS.
    """
    state = State.PASS
    if warn is not None and value > warn:
        state = State.WARN
    if fail is not None and value > fail:
        state = State.FAIL
    limit = _limit("at most", warn, fail, show, state)
    return _finding(subject, value, state, limit, show, detail, do_next)


def below(
    subject: str,
    value: float,
    *,
    warn: float | None = None,
    fail: float | None = None,
    show: Callable[[float], str] = words.percent,
    detail: str = "",
    do_next: str = "",
) -> Finding:
    """Return FAIL below `fail`, WARN below `warn`, else PASS; the limit itself still passes."""
    state = State.PASS
    if warn is not None and value < warn:
        state = State.WARN
    if fail is not None and value < fail:
        state = State.FAIL
    limit = _limit("at least", warn, fail, show, state)
    return _finding(subject, value, state, limit, show, detail, do_next)


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


def _limit(
    word: str,
    warn: float | None,
    fail: float | None,
    show: Callable[[float], str],
    state: State,
) -> str:
    """Return the limit that was crossed, or that would be crossed first."""
    crossed = fail if state is State.FAIL or warn is None else warn
    return "" if crossed is None else f"{word} {show(crossed)}"


def _finding(
    subject: str,
    value: float,
    state: State,
    limit: str,
    show: Callable[[float], str],
    detail: str,
    do_next: str,
) -> Finding:
    between = ", " if detail[:1].isdigit() else " "
    value_text = f"{show(value)}{between}{detail}".rstrip()
    step = "" if state is State.PASS else do_next
    return Finding(subject, state, value_text, limit=limit, do_next=step, measured=value)
