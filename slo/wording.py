"""An objective in words, short enough for a column."""

from kit.pure.durations import to_prometheus
from slo.objective import Objective
from slo.policy import OPERATORS


def in_words(objective: Objective) -> str:
    """Return the target in words: `99 % of 5m slices, each 95 % good`."""
    words = [percent(objective.target)]
    if objective.threshold_s is not None:
        words.append(f"under {objective.threshold_s:g} s")
    limit = ""
    if objective.threshold is not None:
        limit = f"{OPERATORS[objective.threshold.op]} {objective.threshold.value:g}"
    if objective.slices is not None:
        length = to_prometheus(objective.slices.length)
        if objective.slices.good_share is None:
            words.append(f"{limit} on average over {length} slices".lstrip())
        else:
            share = percent(objective.slices.good_share)
            words.append(f"of {length} slices each {share} {limit or 'good'}")
    elif limit:
        words.append(f"of minutes {limit}")
    return " ".join(words)


def period(objective: Objective) -> str:
    """Return over which time: `30d`, or `1M from 2026-01-01, Europe/Zurich`."""
    calendar = objective.calendar
    if calendar is None:
        return to_prometheus(objective.window)
    return f"{calendar.count}{calendar.unit} from {calendar.start:%Y-%m-%d}, {calendar.zone.key}"


def percent(share: float) -> str:
    """Return a share in per cent, with as many digits as it has: `99.95 %`."""
    return f"{share:.10%}".rstrip("0%").rstrip(".") + " %"
