"""The verdict in one line names whose data are missing."""

from typing import Any

from reports.period.headline import headline
from reports.period.objectives import ObjectiveRow, Status
from slo.verdict import Verdict


class Measured:
    is_measured = True


def row(name: str, status: Status, reason: str) -> ObjectiveRow:
    unknown: Any = None
    return ObjectiveRow(
        name=name, display_name=name, measure="", target=0.99, this=unknown, before=unknown,
        four_weeks=unknown, change=unknown, events=unknown, bad_events=unknown, budget_left=0.5,
        pace=unknown, runs_out=unknown, traffic_share=unknown, status=status, reason=reason,
    )  # fmt: skip


def said(*rows: ObjectiveRow) -> str:
    evidence: Any = Measured()
    return headline(evidence, rows, Verdict.INCONCLUSIVE)


def test_a_reason_that_holds_of_some_objectives_says_of_which() -> None:
    missing = [row(name, Status.INSUFFICIENT_DATA, "nobody asked") for name in ("Speed", "Sense")]
    assert said(*missing) == "No verdict, because data are missing: nobody asked."
    assert said(*missing, row("Answers", Status.OK, "")) == (
        "No verdict, because data are missing: Speed and Sense: nobody asked."
    )
