"""A row of a load run's verdict in words, the same in every kind of output."""

from collections import Counter
from collections.abc import Sequence

from kit.charts.record import RunRecord
from kit.pure.words import failure_kind, milliseconds

LEVELS = ("p50", "p95", "p99")
_MINUTE_S = 60.0
_HOUR_S = 3600.0


LAG_NOTE = "* over 5 % of it is the generator's own lag"


def percentiles(found: RunRecord) -> list[str]:
    """Return p50, p95 and p99 of a route, or of all; a star marks what the generator added to."""
    known = found["percentiles_ms"]
    return [_percentile(known.get(name)) for name in LEVELS]


def _percentile(found: RunRecord | None) -> str:
    if found is None:
        return milliseconds(None)
    return milliseconds(found["value"]) + (" *" if found.get("lagged") else "")


def sender_words(record: RunRecord) -> list[str]:
    """Return what readers have to know of the sending itself, in sentences; mostly nothing."""
    found = []
    figures = [record["overall"], *record["routes"].values()]
    if any(
        one.get("lagged") for each in figures for one in each.get("percentiles_ms", {}).values()
    ):
        found.append(
            "What has a star is, by over 5 %, the generator's own lag, and decides nothing."
        )
    if retried := record["account"].get("retried"):
        found.append(f"{retried:,} requests were sent twice: the target closed the connection.")
    return found


def row_name(row: RunRecord) -> str:
    """Return what the row is about, e.g. Latency under 2 s · POST /orders."""
    name = str(row["display_name"])
    if row["threshold_s"] is not None:
        name += f" under {row['threshold_s']:g} s"
    return name + (f" · {row['part']}" if row["part"] else "")


def target_words(row: RunRecord) -> str:
    """Return the share that the objective asks for."""
    return f"{row['target'] * 100:g} %"


def unmeasurable_words(row: RunRecord) -> str:
    """Return why a load run cannot judge the objective; empty when it can."""
    why = row.get("unmeasurable")
    return f"not measurable by a load run: {why}" if why else ""


def told_once(rows: Sequence[RunRecord]) -> list[RunRecord]:
    """Return rows without those that a load run cannot judge and another run has judged."""
    judged = {row["objective"] for row in rows if not row.get("unmeasurable")}
    return [row for row in rows if not (row.get("unmeasurable") and row["objective"] in judged)]


def measured_words(row: RunRecord) -> str:
    """Return the share that was measured, with its interval and basis."""
    measured = row["measured"]
    if measured is None:
        return "not judged" if row["total"] else "no requests"
    return (
        f"{measured['value'] * 100:.2f} % of {row['total']:,} "
        f"(95 % range {measured['low'] * 100:.2f} to {measured['high'] * 100:.2f})"
    )


def more_words(row: RunRecord) -> str:
    """Return how much longer a run would have to be to decide; empty when it is decided."""
    if row.get("lagged"):
        return "missed by the generator's own lag alone: a machine with more to spare decides it"
    needed = row["more_needed"]
    if needed is None:
        return ""
    needed_s = row.get("more_needed_s")
    longer = "" if needed_s is None else f", {duration_words(needed_s)} at this rate"
    requests = "request" if needed == 1 else "requests"
    return f"{needed:,} more {requests} would decide{longer}"


def duration_words(seconds: float) -> str:
    """Return a duration to the unit that matters."""
    if seconds < _MINUTE_S:
        return f"{seconds:.0f} s"
    if seconds < _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} min"
    return f"{seconds / _HOUR_S:.1f} h"


def capacity_words(capacity: RunRecord) -> tuple[str, str]:
    """Return what a climb says of the safe rate, and what its fitted law says of the knee."""
    safe, broken = capacity["safe_per_s"], capacity["broken_per_s"]
    held = "no step met every objective" if safe is None else f"safe up to {safe:.4g}/s"
    until = f"broken at {broken:.4g}/s" if broken else "nothing broke: climb higher"
    behind = [step["offered_per_s"] for step in capacity["steps"] if not step.get("kept_up", True)]
    if behind and behind[0] != broken:
        until = f"from {behind[0]:.4g}/s on more arrived than was served, {until}"
    return f"{held}, {until}", knee_words(capacity)


def plan_words(plan: RunRecord | None) -> str:
    """Return how much of its plan a run sent, and which workers and stages fell short."""
    if not plan or plan["planned"] is None:
        return "how many requests were planned is not on record"
    sent = sum(one["sent"] for one in plan["workers"])
    names = [(f"worker {one['worker']}", one) for one in plan["workers"]]
    names += [(f"stage {number}", one) for number, one in enumerate(plan["stages"], 1)]
    short = [
        f"{name} {one['sent']:,} of {one['planned']:,}"
        for name, one in names
        if one["scheduled"] != one["planned"]
    ]
    return (
        f"{sent:,} of {plan['planned']:,} requests sent"
        + (": " if short else "")
        + ", ".join(short)
    )


def failure_words(record: RunRecord) -> list[str]:
    """Return how many requests failed of each kind, the most frequent first."""
    totals = Counter[str]()
    for part in record["timeline"]:
        totals.update(part.get("failures", {}))
    return [f"{count:,} {failure_kind(kind)}" for kind, count in totals.most_common()]


def check_words(check: RunRecord | None) -> str:
    """Return whether the service counted what was sent, and where it did not."""
    if check is None:
        return "the target shows no counts of its own"
    if check["problem"]:
        return f"not compared: {check['problem']}"
    if not check["differing"]:
        return "the service counted the same requests"
    found = []
    for name in check["differing"]:
        one = check["routes"][name]
        found.append(f"{name} {one['client']:,} here, {one['service']:,.0f} there")
    return "the service counted otherwise: " + "; ".join(found)


def health_words(health: RunRecord | None) -> str:
    """Return what the service itself said was missing around the run; empty when nothing was."""
    found = []
    for when in ("before", "after"):
        one = (health or {}).get(when)
        if one and one["missing"]:
            found.append(f"{one['status']} {when} the run, without {' and '.join(one['missing'])}")
    return "; ".join(found)


def knee_words(capacity: RunRecord) -> str:
    """Return where the scalability law fitted to a climb bends, with its 95 % ranges."""
    peak, in_flight = capacity["peak_per_s"], capacity["peak_in_flight"]
    if capacity["rate"] is None:
        return "too few steps to fit the scalability law"
    if peak is None:
        return "not in sight: what was served still grew with the load"
    if in_flight is None:
        return f"levels off at {_range(peak, '/s')}"
    return f"highest at {_range(peak, '/s')} with {_range(in_flight)} in flight; beyond it less"


def _range(estimate: RunRecord, unit: str = "") -> str:
    low, high = estimate["low"], estimate["high"]
    bounds = ""
    if low is not None:
        bounds = f" ({low:.0f} " + ("or more)" if high is None else f"to {high:.0f})")
    return f"{estimate['value']:.0f}{unit}{bounds}"
