"""A golden run as the JSON record that reports, the gate and people read later."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from kit.pure.json_values import JsonMapping, JsonObject, plain
from synthetic.calibration import auroc, calibration_error
from synthetic.estimates import share
from synthetic.golden.kinds import NO_ANSWER, rule_kind, start_kind
from synthetic.golden.run_value import GoldenRun, Result
from synthetic.golden.spec import Spec
from synthetic.golden.stages import by_stage
from synthetic.verdict_rows import Row, verdict_of

SCHEMA: Final = "calendar-sre/golden-run/v1"
SUITE: Final = "golden"
CALIBRATION_BINS: Final = 10
_OF_TIME: Final = frozenset(("start", "end", "all_day", "recurrence"))


def to_record(
    run: GoldenRun,
    rows: Sequence[Row],
    *,
    identifier: str,
    started_at: datetime,
    commit: str,
    machine: JsonMapping,
    config: JsonMapping,
    gate: JsonMapping | None = None,
) -> JsonObject:
    """Return the record of a run and its verdict; `config` says what was asked and how.

    `gate` is what `gate_record` made of the comparison with the baseline, None without one.
    """
    return {
        "schema": SCHEMA,
        "id": identifier,
        "started_at": started_at.isoformat(timespec="seconds"),
        "commit": commit,
        "machine": dict(machine),
        "config": dict(config),
        "suite": SUITE,
        "set_hash": run.set_hash,
        "repeats": run.repeats,
        "wall_s": run.wall_s,
        "verdict": str(verdict_of(rows)),
        "rows": [_row(one) for one in rows],
        "cases": run.total,
        "right": run.right,
        "unanswered": len(run.unanswered),
        "unsteady": [result.case_id for result in run.unsteady],
        "fields": {name: _field(run.results, name) for name in run.spec.names},
        "slices": by_slice(run),
        "kinds": dict(
            Counter(kind for result in run.results for kind in result.kinds).most_common()
        ),
        "stages": by_stage(run.results),
        "calibration": calibration(run.results),
        "confidence": confidence(run.results),
        "latency_ms": _latency(run.results),
        "confusion": confusion(run.results, run.spec),
        "gate": None if gate is None else dict(gate),
        "results": [_result(result) for result in run.results],
    }


def by_slice(run: GoldenRun) -> dict[str, JsonObject]:
    """Return cases, right ones and the share with its interval for each slice, `all` first."""
    totals: Counter[str] = Counter()
    rights: Counter[str] = Counter()
    for result in run.results:
        totals.update(result.labels)
        if result.right:
            rights.update(result.labels)
    return {label: _share(rights[label], totals[label]) for label in totals}


def confusion(results: Sequence[Result], spec: Spec) -> dict[str, dict[str, dict[str, int]]]:
    """Return for the kind of each time and recurrence how often it was taken for which.

    The outer key is the field, then comes the expected kind, then the answered one.
    """
    kinds = {"moment": start_kind, "recurrence": rule_kind}
    sorts = {
        one.name: kinds[one.compare]
        for one in spec.fields
        if one.compare in kinds and not (one.compare == "moment" and one.optional)
    }
    tables: dict[str, dict[str, Counter[str]]] = {name: {} for name in sorts}
    for result in results:
        answered = result.answered()
        for name, kind in sorts.items():
            if name in result.expected:
                row = tables[name].setdefault(kind(result.expected[name]), Counter())
                row[NO_ANSWER if answered is None else kind(answered[name])] += 1
    return {
        name: {expected: dict(sorted(row.items())) for expected, row in sorted(table.items())}
        for name, table in tables.items()
    }


def calibration(results: Sequence[Result]) -> list[JsonObject]:
    """Return for each tenth of confidence how many answers it holds and how many are right.

    Right is what the confidence speaks of: start, end and rule, as far as a case states them.
    """
    bins: list[list[Result]] = [[] for _ in range(CALIBRATION_BINS)]
    for result in results:
        if result.answer.confidence is not None:
            place = int(min(max(result.answer.confidence, 0.0), 1.0) * CALIBRATION_BINS)
            bins[min(place, CALIBRATION_BINS - 1)].append(result)
    return [
        {
            "low": number / CALIBRATION_BINS,
            "high": (number + 1) / CALIBRATION_BINS,
            "mean_confidence": sum(r.answer.confidence or 0.0 for r in held) / len(held),
            **_share(sum(map(_in_time, held)), len(held)),
        }
        for number, held in enumerate(bins)
        if held
    ]


def confidence(results: Sequence[Result]) -> JsonObject:
    """Return how well the confidence ranks answers (AUROC), and how far it is from the truth (ECE).

    Both are about start, end and rule, so an answer without a start is not among them; None where
    there is nothing to rank or to measure.
    """
    pairs = [
        (result.answer.confidence, _in_time(result))
        for result in results
        if result.answer.confidence is not None and (result.answer.event or {}).get("start")
    ]
    wrong = sum(not right for _, right in pairs)
    return {
        "answers": len(pairs),
        "wrong": wrong,
        "auroc": auroc(pairs),
        "ece": calibration_error(pairs),
    }


def _in_time(result: Result) -> bool:
    """Say whether start, end and rule are right, as far as the case states them."""
    if result.answer.problem is not None:
        return False
    return all(right for name, right in result.fields.items() if name in _OF_TIME)


def _share(right: int, cases: int) -> JsonObject:
    estimate = share(right, cases)
    return {
        "cases": cases,
        "right": right,
        "ratio": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
    }


def _field(results: Sequence[Result], name: str) -> JsonObject:
    counted = [result.fields[name] for result in results if name in result.fields]
    if not counted:
        return {"cases": 0, "right": 0, "ratio": None, "low": None, "high": None}
    return _share(sum(counted), len(counted))


def _latency(results: Sequence[Result]) -> dict[str, float | None]:
    ordered = sorted(r.answer.latency_s * 1000 for r in results if r.answer.problem is None)
    if not ordered:
        return {"p50": None, "p95": None, "max": None}
    last = len(ordered) - 1
    return {"p50": ordered[last // 2], "p95": ordered[int(last * 0.95)], "max": ordered[-1]}


def _result(result: Result) -> JsonObject:
    return {
        "id": result.case_id,
        "right": result.right,
        "wrong_fields": [name for name, right in result.fields.items() if not right],
        "kinds": list(result.kinds),
        "stage": result.stage,
        "labels": list(result.labels),
        "text": result.text,
        "expected": dict(result.expected),
        "answered": result.answered(),
        "confidence": result.answer.confidence,
        "problem": result.answer.problem,
        "trace_id": result.answer.trace_id,
    }


def _row(one: Row) -> JsonObject:
    found = plain(dataclasses.asdict(one))
    del found["unmeasurable"]  # of load runs alone
    return found
