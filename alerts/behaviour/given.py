"""Recorded series that are written down instead of being made of raw ones.

That puts every clause of an alert at its limit to the last digit while all others hold, which no
world of requests does. What makes the recorded series is shown by `records.py`, and both together
by the other cases.
"""

from collections.abc import Mapping, Sequence

from alerts.behaviour.case import Case, Segment, length
from slo.objective import Objective
from slo.recorded import labels_of

Given = Mapping[str, Sequence[Segment]]
ERRORS, LATENCY, ACCURACY = (f'{{stream="{name}"}}' for name in ("errors", "latency", "accuracy"))
ROUTE = '{stream="%s",route="/small"}'


def given(name: str, series: Given, *, fires: bool, more: Mapping[str, str] | None = None) -> Case:
    """Return a case in which series have these values from minute to minute."""
    written = {key: _exact(story) for key, story in series.items()}
    return Case(name, {**written, **(more or {})}, max(map(length, series.values())), fires)


def labelled(objective: Objective, *more: tuple[str, str]) -> str:
    """Return the labels of what is recorded of an objective, as a series has them."""
    labels = (f'{name}="{value}"' for name, value in (*labels_of(objective), *more))
    return f"{{{','.join(labels)}}}"


def _exact(story: Sequence[Segment]) -> str:
    """Return samples to the last digit, so that ten in a window times the window are ten."""
    return " ".join(f"{float(value)!r}x{minutes - 1}" for value, minutes in story if minutes)


def ratio(window: str, slo: str = ERRORS) -> str:
    """Return the series of the share of bad events."""
    return f"slo:bad_ratio:{window}{slo}"
