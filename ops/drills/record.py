"""A drill as the JSON record that people read later."""

from dataclasses import asdict
from typing import Final

from kit.pure.json_values import JsonMapping, JsonObject
from ops.drills.outcome import Arrival, Impact, Outcome
from ops.drills.rules import WAITS

SCHEMA: Final = "calendar-sre/drill-run/v1"


def to_record(outcome: Outcome, *, commit: str, machine: JsonMapping) -> JsonObject:
    """Return the record of a drill; `commit` and `machine` say on what it ran."""
    return {
        "schema": SCHEMA,
        "id": outcome.identity,
        "started_at": outcome.started_at.isoformat(timespec="seconds"),
        "commit": commit,
        "machine": dict(machine),
        "config": _config(outcome),
        "interrupted": outcome.interrupted,
        "wall_s": round(outcome.wall_s, 1),
        "verdict": str(outcome.verdict),
        "reasons": outcome.doubts or outcome.failures,
        "steady_after_s": _rounded(outcome.steady_after_s),
        "alerts": [_arrival(each) for each in outcome.arrivals],
        "also_heard": list(outcome.also_heard),
        "still_firing": list(outcome.still_firing),
        "recovered_after_s": _rounded(outcome.recovered_after_s),
        "impact": _impact(outcome.impact),
        "acknowledged": outcome.acknowledged,
        "keeps": outcome.drill.keeps,
        "lost": None if outcome.lost is None else list(outcome.lost),
        "lost_as_expected": outcome.lost_as_expected,
        "actions": [{**asdict(a), "took_s": round(a.took_s, 2)} for a in outcome.actions],
        "checks": [asdict(check) for check in outcome.checks],
        "timeline": [{"at_s": round(m.at_s, 1), "what": m.what} for m in outcome.marks],
    }


def _config(outcome: Outcome) -> JsonObject:
    drill = outcome.drill
    return {
        "drill": drill.name,
        "breaks": drill.breaks,
        "proves": list(drill.proves),
        "rules": list(outcome.rules),
        "settings": dict(drill.settings),
        "resolution": "awaited" if drill.resolves else "not awaited",
        "shortened": {
            **WAITS,
            "scrape_s": drill.every_s,
            "evaluate_s": drill.every_s,
            "group_wait": "0s",
        },
        "limits": {
            "users_patience_s": drill.users_patience_s,
            "steady_within_s": drill.steady_within_s,
            "detect_within_s": drill.detect_within_s,
            "recover_within_s": drill.recover_within_s,
            "resolve_within_s": drill.resolve_within_s,
            "most_failed_share": drill.most_failed_share,
        },
    }


def _arrival(arrival: Arrival) -> JsonObject:
    after_s = arrival.notified_after_s
    return {
        "alert": arrival.expected.alert,
        "expected": {"priority": arrival.expected.priority, "receiver": arrival.expected.receiver},
        "priority": arrival.priority,
        "severity": arrival.severity,
        "receiver": arrival.receiver,
        "told_after_s": _rounded(after_s),
        "told_after_as_shipped_s": None
        if after_s is None
        else round(after_s + arrival.shipped_more_s),
        "back_after_s": _rounded(arrival.resolved_after_s),
    }


def _impact(impact: Impact | None) -> JsonObject | None:
    if impact is None:
        return None
    return {
        "requests": impact.requests,
        "failed": impact.failed,
        "failed_share": round(impact.failed_share, 4),
        "problems": dict(impact.problems),
        "first_failure_after_s": _rounded(impact.first_failure_after_s),
        "worst_s": round(impact.worst_s, 3),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
