"""What a load run's record is good for, and what records of earlier releases are good for."""

from collections.abc import Mapping
from enum import StrEnum
from math import sqrt
from typing import Any, Final

_SIGMAS: Final = 6.0
"""A Poisson count that is so many deviations under its mean was cut (one in a billion is not)."""


class Status(StrEnum):
    """What a run is good for."""

    WHOLE = "whole"  # any verdict
    PARTIAL = "partial"  # a failure at most
    VOID = "void"  # none


def with_status(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record with its status; one of an earlier release gets it by today's rules.

    What such a one says of a run that fell short of its plan was said without looking.
    """
    if "status" in record:
        return record
    why = record["void_reason"] or _shortfall(record)
    climbed = record["config"]["profile"].get("kind") == "stress"
    cut = record["interrupted"] or (record.get("stopped_early") and not climbed)
    status = Status.VOID if why else Status.PARTIAL if cut else Status.WHOLE
    found = {**record, "status": str(status), "void_reason": why}
    if status is Status.WHOLE:
        return found
    rows = [{**row, "verdict": _without_the_rest(row["verdict"], status)} for row in record["rows"]]
    return {**found, "verdict": _without_the_rest(record["verdict"], status), "rows": rows}


def _without_the_rest(verdict: str, status: Status) -> str:
    if status is Status.VOID:
        return "NO DATA"
    return "INCONCLUSIVE" if verdict == "PASS" else verdict


def _shortfall(record: Mapping[str, Any]) -> str | None:
    """Return how a run fell short that nobody asked to end, None when it did not."""
    profile = record["config"]["profile"]
    if record["interrupted"] or record.get("stopped_early") or profile.get("model") == "closed":
        return None
    planned = _planned(profile)
    spread = _SIGMAS * sqrt(planned) if profile.get("spacing") == "poisson" else 1.0
    scheduled = int(record["account"]["scheduled"])
    if scheduled >= planned - spread - len(profile["stages"]):
        return None
    return f"only {scheduled:,} of the {planned:,.0f} planned requests were sent or dropped"


def _planned(profile: Mapping[str, Any]) -> float:
    """Return the mean number of arrivals: the area under the rates, or the trace's length."""
    if not profile["stages"]:
        return float(len(profile["trace_s"]))
    areas = (
        float(stage["for_s"]) * (stage["from_per_s"] + stage["to_per_s"]) / 2
        for stage in profile["stages"]
    )
    return float(sum(areas))
