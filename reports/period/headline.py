"""The verdict in one line."""

from collections import Counter

from reports.period import wording
from reports.period.evidence import Evidence
from reports.period.promises import PromiseRow, Status
from slo.verdict import Verdict


def headline(evidence: Evidence, rows: tuple[PromiseRow, ...], verdict: Verdict) -> str:
    """Return one sentence: what is broken, what cannot be said, or how much budget is left."""
    if not evidence.is_measured:
        return _unmeasured(evidence)
    broken = [row for row in rows if row.status is Status.BREACHED]
    if broken:
        return (
            _list(broken)
            + (" is broken: " if len(broken) == 1 else " are broken: ")
            + ("; ".join(_measured(row) for row in broken) + ".")
        )
    unsure = [row for row in rows if row.status is Status.INSUFFICIENT_DATA]
    if unsure or verdict is not Verdict.PASS:
        reasons = "; ".join(dict.fromkeys(f"{r.display_name}: {r.reason}" for r in unsure))
        return f"No verdict, for want of data: {reasons or 'no promise is stated'}."
    tight = min(rows, key=lambda row: 1.0 if row.budget_left is None else row.budget_left)
    rest = wording.percent(tight.budget_left or 0)
    left = f"{rest} of the budget for {tight.display_name.lower()} is left"
    warned = [row for row in rows if row.status is Status.WARNING]
    if warned:
        return f"Every promise holds, but watch {_list(warned).lower()}: {left}."
    return f"Every promise holds; {left}."


def _list(rows: list[PromiseRow]) -> str:
    names = [row.display_name for row in rows]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _measured(row: PromiseRow) -> str:
    found = "unknown" if row.four_weeks is None else f"{row.four_weeks * 100:.3f} %"
    return f"{found} where {row.target * 100:g} % is promised, over four weeks"


def _unmeasured(evidence: Evidence) -> str:
    """Speak of the runs, where production was not measured."""
    why = "Prometheus does not answer" if evidence.trouble else "no Prometheus is configured"
    runs = [r for kind in ("load", "golden") for r in evidence.in_window(kind)]
    if not runs:
        return f"Nothing was measured: {why}, and there was no run."
    verdicts = Counter(str(r.verdict) for r in runs)
    told = ", ".join(f"{n} {name}" for name, n in sorted(verdicts.items()))
    return f"Production was not measured ({why}); of the runs: {told}."
