"""What a load run's record is good for, and what records of earlier releases are good for."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import accumulate
from math import exp, inf, lgamma, log
from typing import Final

from kit.pure.json_values import JsonMapping, JsonObject

_FALSE: Final = 1e-6
"""So many whole runs of Poisson arrivals may be taken for ones that were cut."""
_ROUNDED: Final = 2.0
"""So many requests at even distances may fall on the other side of the ends of a stretch."""


class Status(StrEnum):
    """What a run is good for."""

    WHOLE = "whole"  # any verdict
    PARTIAL = "partial"  # a failure at most
    VOID = "void"  # none


def with_status(record: JsonObject) -> JsonObject:
    """Return a record with its status; one of an earlier release gets it by today's rules.

    What such a one says of a run that fell short of its plan was said without looking. A record
    that contradicts itself is void.
    """
    status, why = _status(record)
    found = {**record, "status": str(status), "void_reason": why}
    if status is Status.WHOLE:
        return found
    rows = [{**row, "verdict": _without_the_rest(row["verdict"], status)} for row in record["rows"]]
    return {**found, "verdict": _without_the_rest(record["verdict"], status), "rows": rows}


def _status(record: JsonMapping) -> tuple[Status, str | None]:
    """Return what a record is good for, and why it is void if it is."""
    why = record["void_reason"] or _emptiness(record)
    if "status" in record:
        status = record["status"]
        if status == Status.WHOLE and record["interrupted"]:
            why = why or "it is said to be whole, and to be interrupted"
        if status not in set(Status):
            why = why or f"its status {status!r} is not one of them"
        return (Status.VOID, why) if why else (Status(status), None)
    if why := why or _shortfall(record):
        return Status.VOID, why
    cut = record["interrupted"] or (record.get("stopped_early") and not _is_climb(record))
    return (Status.PARTIAL if cut else Status.WHOLE), None


def _is_climb(record: JsonMapping) -> bool:
    return bool(record["config"]["profile"].get("kind") == "stress")


def _without_the_rest(verdict: str, status: Status) -> str:
    if status is Status.VOID:
        return "NO DATA"
    return "INCONCLUSIVE" if verdict == "PASS" else verdict


def _emptiness(record: JsonMapping) -> str | None:
    """Return why the figures of a record are those of no run, None when they are of one."""
    account = record["account"]
    if not account["sent"]:
        return "no request was sent"
    slices = record.get("timeline") or []
    counts = {"sent or dropped": account["sent"] + account["dropped"]}
    if slices:
        counts["in the timeline"] = sum(each["scheduled"] for each in slices)
    return next(
        (
            f"it contradicts itself: {account['scheduled']:,} requests, of them {count:,} {what}"
            for what, count in counts.items()
            if count != account["scheduled"]
        ),
        None,
    )


def _shortfall(record: JsonMapping) -> str | None:
    """Return how a run fell short that nobody asked to end, None when it did not."""
    profile, early = record["config"]["profile"], record.get("stopped_early")
    is_cut = record["interrupted"] or (early and not _is_climb(record))
    if is_cut or profile.get("model") == "closed":
        return None
    stretches = [] if early else [(0.0, inf, int(record["account"]["scheduled"]))]
    stretches += _stretches(profile, record.get("timeline") or [], is_over=not early)
    if not stretches:
        return "it was stopped before a stretch of its plan was over"
    is_poisson = profile.get("spacing") == "poisson"
    for begin_s, end_s, count in stretches:
        planned = _planned(profile, begin_s, end_s)
        if _is_short(count, planned, _FALSE / len(stretches) if is_poisson else None):
            where = "" if end_s == inf else f" from second {begin_s:g} to {end_s:g}"
            return (
                f"only {count:,} of the {planned:,.0f} planned requests{where} were sent or dropped"
            )
    return None


def _stretches(
    profile: JsonMapping, slices: Sequence[JsonMapping], *, is_over: bool
) -> Iterator[tuple[float, float, int]]:
    """Yield begin, end and requests of each slice, and of the slices inside of each stage.

    A run that ended early is looked at up to the slice of its last request.
    """
    if not profile["stages"] or profile.get("kind") == "search" or profile.get("session_calls"):
        return
    if not is_over:
        last = max((n for n, each in enumerate(slices) if each["scheduled"]), default=0)
        slices = slices[:last]
    spans = [(float(s["begin_s"]), float(s["end_s"]), int(s["scheduled"])) for s in slices]
    yield from spans
    ends_s = list(accumulate(float(stage["for_s"]) for stage in profile["stages"]))
    for begin_s, end_s in zip([0.0, *ends_s], ends_s, strict=False):
        inside = [each for each in spans if begin_s <= each[0] and each[1] <= end_s]
        if inside:
            yield inside[0][0], inside[-1][1], sum(count for *_, count in inside)


def _is_short(count: int, mean: float, false_alarms: float | None) -> bool:
    """Say whether a stretch has fewer requests than its plan; by chance with `false_alarms`."""
    if false_alarms is None:
        return count < mean - _ROUNDED
    return count < mean and _poisson_at_most(count, mean) < false_alarms


def _poisson_at_most(count: int, mean: float) -> float:
    """Return the probability of at most `count` where so many are expected, less than `mean`."""
    term = total = exp(count * log(mean) - mean - lgamma(count + 1))
    while count and term > total * 1e-12:
        term *= count / mean
        count -= 1
        total += term
    return total


def _planned(profile: JsonMapping, begin_s: float, end_s: float) -> float:
    """Return the mean number of arrivals in a stretch: the area under the rates, or a trace's."""
    if not profile["stages"]:
        return float(len(profile["trace_s"]))
    area = at_s = 0.0
    for stage in profile["stages"]:
        lasts_s, low, high = float(stage["for_s"]), stage["from_per_s"], stage["to_per_s"]
        start_s = min(max(begin_s - at_s, 0.0), lasts_s)
        stop_s = min(max(end_s - at_s, 0.0), lasts_s)
        middle = low + (high - low) * (start_s + stop_s) / 2 / lasts_s if lasts_s else 0.0
        area += middle * (stop_s - start_s)
        at_s += lasts_s
    return float(area)
