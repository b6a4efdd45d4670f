"""From where a value is no longer good."""

from dashboards.panel import State, Step


def too_high(*, bad: float, warning: float | None = None) -> tuple[Step, ...]:
    """Return the steps of a value that should stay low; `warning` lies below `bad`."""
    middle = () if warning is None else (Step(warning, State.WARNING),)
    return (Step(None, State.GOOD), *middle, Step(bad, State.BAD))


def too_low(*, bad: float, warning: float | None = None) -> tuple[Step, ...]:
    """Return the steps of a value that should stay high.

    Under `bad` it is bad, under `warning`, which lies above, it is a warning.
    """
    if warning is None:
        return (Step(None, State.BAD), Step(bad, State.GOOD))
    return (Step(None, State.BAD), Step(bad, State.WARNING), Step(warning, State.GOOD))


def warn_above(warning: float) -> tuple[Step, ...]:
    """Return the steps of a value that is worth a look above `warning` and never worse."""
    return (Step(None, State.GOOD), Step(warning, State.WARNING))


def warn_below(warning: float) -> tuple[Step, ...]:
    """Return the steps of a value that is worth a look under `warning` and never worse."""
    return (Step(None, State.WARNING), Step(warning, State.GOOD))
