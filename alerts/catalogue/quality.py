"""What people get: the accuracy of the answers, as golden runs measure it."""

from datetime import timedelta
from typing import Final

from alerts.about import About
from alerts.expressions import number, quiet_after, scraped
from alerts.names import ACCURACY_LOW, ACCURACY_VERY_LOW, ratio
from alerts.rule import Alert, Priority, Severity
from alerts.trouble import Trouble
from slo.objective import Objective
from slo.project.roles import Accuracy
from slo.recorded import selector_of

_M: Final = timedelta(minutes=1)


def accuracy_very_low(about: About) -> tuple[Alert, ...]:
    """Return the page on accuracy, for the objective on it."""
    return tuple(
        Alert(
            ACCURACY_VERY_LOW,
            f"{ratio(5 * _M)}{selector_of(each)} > {number(1 - about.limits.accuracy_low)}",
            Severity.CRITICAL,
            Priority.P2,
            hold="2m",
            keep="15m",
            board="development",
        )
        for each in about.about(Trouble.ACCURACY)[:1]
    )


def accuracy(about: About) -> tuple[Alert, ...]:
    """Return the tickets on accuracy; its gauge moves when a golden run ends."""
    role = about.project.roles.accuracy
    if role is None:
        return ()
    below = tuple(map(_below, about.about(Trouble.ACCURACY)[:1]))
    return (*below, *_dropped(about, role), _unknown(about, role))


def _below(objective: Objective) -> Alert:
    return Alert(
        ACCURACY_LOW,
        f"{ratio(30 * _M)}{selector_of(objective)} > {number(objective.budget)}"
        + quiet_after("1h", ACCURACY_VERY_LOW),
        Severity.WARNING,
        Priority.P2,
        hold="5m",
        keep="1h",
        board="development",
    )


def _dropped(about: About, role: Accuracy) -> tuple[Alert, ...]:
    if role.slice is None:
        return ()
    parts = () if role.whole is None else (f'{role.slice}!="{role.whole}"',)
    slices = scraped(about.project, role.gauge, *parts)
    before = f"avg_over_time({slices}[6h] offset 1h)"
    return (
        Alert(
            "AccuracySliceDropped",
            f"count(avg_over_time({slices}[30m]) < {before} - {number(about.limits.slice_drop)})"
            + quiet_after("1h", ACCURACY_VERY_LOW, ACCURACY_LOW),
            Severity.WARNING,
            Priority.P3,
            hold="15m",
            keep="1h",
            board="development",
        ),
    )


def _unknown(about: About, role: Accuracy) -> Alert:
    # The project file says that there is one, whether or not anybody has ever seen it.
    measured = scraped(about.project, role.gauge)
    return Alert(
        "AccuracyUnknown",
        f"max(absent({measured}))",
        Severity.WARNING,
        Priority.P4,
        hold="1h",
        keep="15m",
        board="development",
    )
