"""What `sre load` prints with `--json`, besides records."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from slo.verdict import Verdict
from synthetic.load.comparison import Comparison
from synthetic.load.differences import Difference
from synthetic.load.pairs import Pairs
from synthetic.load.search import Try, highest_that_holds


def comparison_data(found: Comparison) -> dict[str, Any]:
    """Return a comparison with each difference in words, too."""
    return {
        "before": found.before,
        "after": found.after,
        "verdict": found.verdict,
        "more_failures_p": found.more_failures,
        "earlier_runs": found.earlier,
        "pairs": found.pairs,
        "differences": _differences(found.differences),
    }


def pairs_data(found: Pairs, *, void: bool) -> dict[str, Any]:
    """Return what a run against two targets has shown; a void run is NO DATA."""
    return {
        "verdict": Verdict.NO_DATA if void else found.verdict,
        "rounds": found.rounds,
        "requests": list(found.requests),
        "failures": list(found.failures),
        "more_failures_p": found.more_failures,
        "differences": _differences(found.differences),
    }


def _differences(found: Sequence[Difference]) -> list[dict[str, Any]]:
    return [{**asdict(one), "text": str(one)} for one in found]


def search_data(tries: Sequence[Try]) -> dict[str, Any]:
    """Return the runs of a search and the highest rate that held, null when none did."""
    return {"holds_per_s": highest_that_holds(tries), "tries": [asdict(one) for one in tries]}


def line_data(path: Path, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the list of runs says of a record."""
    p95 = record["overall"]["percentiles_ms"].get("p95")
    return {
        "id": record["id"],
        "started_at": record["started_at"],
        "profile": record["config"]["profile"]["name"],
        "requests": record["overall"]["requests"],
        "failed": record["overall"]["failed"],
        "rate_per_s": record["rate_per_s"],
        "p95_ms": None if p95 is None else p95["value"],
        "status": record["status"],
        "verdict": record["verdict"],
        "path": str(path),
    }
