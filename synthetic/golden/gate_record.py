"""The gate's answer as plain data: part of the run's record."""

from kit.pure.json_values import JsonMapping, JsonObject
from synthetic.golden.baseline import Baseline
from synthetic.golden.gate import Gate
from synthetic.golden.paired import Paired
from synthetic.golden.run_value import GoldenRun


def gate_record(gate: Gate, run: GoldenRun, baseline: Baseline | None) -> JsonObject:
    """Return the verdict, its reasons, slices old and new, and each changed case side by side."""
    results = {result.case_id: result for result in run.results}
    return {
        "verdict": str(gate.verdict),
        "headline": gate.headline,
        "reasons": list(gate.reasons),
        "baseline": None if baseline is None else _blessing(baseline),
        "slices": {label: _slice(one) for label, one in gate.slices.items()},
        "changes": [
            {
                "id": change.case_id,
                "text": results[change.case_id].text,
                "was_right": change.was_right,
                "is_right": change.is_right,
                "expected": dict(results[change.case_id].expected),
                "before": _answered(baseline, change.case_id),
                "now": results[change.case_id].answered(),
            }
            for change in gate.changes
        ],
    }


def _answered(baseline: Baseline | None, case_id: str) -> JsonMapping | None:
    return None if baseline is None else baseline.cases[case_id].answered


def _blessing(baseline: Baseline) -> JsonMapping:
    last = baseline.history[-1]
    return {
        "set_hash": baseline.set_hash,
        "right": baseline.right,
        "cases": len(baseline.cases),
        **{name: last[name] for name in ("on", "by", "reason")},
    }


def _slice(one: Paired) -> JsonObject:
    return {
        "cases": one.cases,
        "right_before": one.right_before,
        "right_now": one.right_now,
        "lost": list(one.lost),
        "gained": list(one.gained),
        "p_value": one.p_value,
        "allowed_lost": one.allowed_lost,
    }
