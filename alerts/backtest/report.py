"""What a backtest says, for people and for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from alerts.backtest.replay import Firing
from alerts.backtest.score import Outcome, Total, total
from kit.pure.json_values import JsonObject
from slo.verdict import Verdict

LEAST_PRECISION: Final = 0.97
LEAST_RECALL: Final = 0.97
LONGEST_TO_PAGE_S: Final = 120


def verdict(summed: Total) -> Verdict:
    """Return PASS when the targets are met, NO DATA when there was nothing to notice."""
    if summed.recall is None or summed.precision is None:
        return Verdict.NO_DATA
    slow = summed.median_page_s is not None and summed.median_page_s > LONGEST_TO_PAGE_S
    good = summed.precision >= LEAST_PRECISION and summed.recall >= LEAST_RECALL
    return Verdict.PASS if good and not slow and not summed.false_pages else Verdict.FAIL


def table_rows(outcomes: Sequence[Outcome]) -> list[tuple[str, ...]]:
    """Return scenario, expectation, detection, reset, right and wrong alerts, as text."""
    return [
        (
            f"{each.scenario.name}/{each.seed}",
            str(each.scenario.expect),
            "MISSED" if each.missed else _minutes(each.detected_s),
            _minutes(each.reset_s),
            ", ".join(sorted({firing.name for firing in each.right})),
            ", ".join(sorted({firing.name for firing in each.wrong})),
        )
        for each in outcomes
    ]


def as_plain(outcomes: Sequence[Outcome]) -> JsonObject:
    """Return the whole result for JSON."""
    summed = total(outcomes)
    return {
        "schema": "calendar-sre/backtest/v1",
        "verdict": str(verdict(summed)),
        "total": {**asdict(summed), "precision": summed.precision, "recall": summed.recall},
        "outcomes": [
            {
                "scenario": each.scenario.name,
                "seed": each.seed,
                "expect": str(each.scenario.expect),
                "detected_s": each.detected_s,
                "reset_s": each.reset_s,
                "missed": each.missed,
                "false_pages": each.false_pages,
                "right": [_plain(firing) for firing in each.right],
                "wrong": [_plain(firing) for firing in each.wrong],
            }
            for each in outcomes
        ],
    }


def _plain(firing: Firing) -> dict[str, object]:
    return {"labels": dict(firing.labels), "start_s": firing.start_s, "end_s": firing.end_s}


def _minutes(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds / 60:.1f} min"
