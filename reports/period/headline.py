"""The verdict in one line."""

from collections import Counter

from reports.period import wording
from reports.period.evidence import Evidence
from reports.period.objectives import ObjectiveRow, Status
from slo.verdict import Verdict


def headline(evidence: Evidence, rows: tuple[ObjectiveRow, ...], verdict: Verdict) -> str:
    """Return one sentence: what is missed, what cannot be said, or how much budget is left."""
    if not evidence.is_measured:
        return _unmeasured(evidence)
    missed = [row for row in rows if row.status is Status.BREACHED]
    if missed:
        return (
            _list(missed)
            + (" is missed: " if len(missed) == 1 else " are missed: ")
            + ("; ".join(_measured(row) for row in missed) + ".")
        )
    odd = [row for row in rows if row.status is Status.CONTRADICTORY]
    if odd:
        return f"No verdict: {'; '.join(f'{row.display_name}: {row.reason}' for row in odd)}."
    unsure = [row for row in rows if row.status is Status.INSUFFICIENT_DATA]
    if unsure or verdict is not Verdict.PASS:
        return f"No verdict, because data are missing: {_reasons(unsure, len(rows))}."
    tight = min(rows, key=lambda row: 1.0 if row.budget_left is None else row.budget_left)
    rest = wording.percent(tight.budget_left or 0)
    left = f"{rest} of the budget for {tight.display_name.lower()} is left"
    warned = [row for row in rows if row.status is Status.WARNING]
    if warned:
        return f"Every objective is met, but watch {_list(warned).lower()}: {left}."
    return f"Every objective is met; {left}."


def _list(rows: list[ObjectiveRow]) -> str:
    names = [row.display_name for row in rows]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _reasons(unsure: list[ObjectiveRow], objectives: int) -> str:
    """Return each reason once, with whose it is unless it is one of all."""
    reasons: dict[str, list[ObjectiveRow]] = {}
    for row in unsure:
        reasons.setdefault(row.reason, []).append(row)
    if len(reasons) == 1 and len(unsure) == objectives > 1:
        return next(iter(reasons))
    told = (f"{_list(rows)}: {reason}" for reason, rows in reasons.items())
    return "; ".join(told) or "no objective is stated"


def _measured(row: ObjectiveRow) -> str:
    found = "unknown" if row.kept is None else f"{row.kept * 100:.3f} %"
    thin = f", of which {wording.measured(row.watched)} was measured" if row.is_thin else ""
    return f"{found} where the objective is {row.target * 100:g} %, over {row.window}{thin}"


def _unmeasured(evidence: Evidence) -> str:
    """Speak of the runs, where production was not measured."""
    why = "Prometheus does not answer" if evidence.trouble else "no Prometheus is configured"
    runs = [r for kind in ("load", "golden") for r in evidence.in_window(kind)]
    if not runs:
        return f"Nothing was measured: {why}, and there was no run."
    verdicts = Counter(str(r.verdict) for r in runs)
    words = ", ".join(f"{n} {name}" for name, n in sorted(verdicts.items()))
    return f"Production was not measured ({why}); of the runs: {words}."
