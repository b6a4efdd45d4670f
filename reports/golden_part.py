"""What the page says of a golden run."""

from collections.abc import Mapping
from typing import Any, Final

from reports.charts.accuracy import calibration, shares

MOST_WRONG: Final = 40
"""So many wrong answers are shown; all of them are in the record."""


def golden_part(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything that the template needs for the section on accuracy."""
    target = next((row["target"] for row in record["rows"]), None)
    kinds = [
        (label.partition(":")[2], share)
        for label, share in record["slices"].items()
        if label.startswith("expression:")
    ]
    others = [
        (label.replace(":", " · "), share)
        for label, share in record["slices"].items()
        if not label.startswith("expression:") and label != "all"
    ]
    wrong = [result for result in record["results"] if not result["right"]]
    charts = (
        ("By kind of expression", _shares(kinds, target, "expressions", "By kind of expression")),
        ("By field", _shares(list(record["fields"].items()), None, "fields", "By field")),
        ("Confidence against truth", calibration(record)),
        ("Other slices", _shares(others, target, "slices", "Other slices")),
    )
    return {
        "record": record,
        "all": record["slices"]["all"],
        "charts": [(title, chart) for title, chart in charts if chart is not None],
        "kinds": list(record["kinds"].items())[:8],
        "wrong": wrong[:MOST_WRONG],
        "more_wrong": max(len(wrong) - MOST_WRONG, 0),
    }


def _shares(
    items: list[tuple[str, Mapping[str, Any]]], target: float | None, name: str, title: str
) -> str | None:
    ordered = sorted(items, key=lambda item: (item[1]["ratio"] or 0.0, item[0]))
    return shares(ordered, target=target, name=name, title=title)
