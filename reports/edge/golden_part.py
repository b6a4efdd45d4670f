"""What the page says of a golden run."""

from collections.abc import Mapping
from typing import Any, Final

from kit.charts.accuracy import calibration, shares
from kit.charts.confusion import confusion

MOST_SLICES: Final = 12
_CHANGED: Final = {
    (True, False): "lost",
    (False, True): "gained",
    (True, True): "still right",
    (False, False): "still wrong",
}
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
    gate, tables = record["gate"], record["confusion"]
    wrong = [result for result in record["results"] if not result["right"]]
    charts = (
        ("By kind of expression", _shares(kinds, target, "expressions", "By kind of expression")),
        ("Other slices", _shares(others, target, "slices", "Other slices")),
        ("By field", _shares(list(record["fields"].items()), None, "fields", "By field")),
        ("Confidence against truth", calibration(record)),
        ("Kind of start", confusion(tables["start"], name="starts", title="Kind of start")),
        (
            "Kind of recurrence",
            confusion(tables["recurrence"], name="rules", title="Kind of recurrence"),
        ),
    )
    return {
        "record": record,
        "all": record["slices"]["all"],
        "charts": [(title, chart) for title, chart in charts if chart is not None],
        "gate": gate,
        "moved": [] if gate is None else _moved(gate["slices"]),
        "changes": [] if gate is None else _changes(gate["changes"]),
        "kinds": list(record["kinds"].items())[:8],
        "stages": list(record.get("stages", {}).items()),
        "wrong": wrong[:MOST_WRONG],
        "more_wrong": max(len(wrong) - MOST_WRONG, 0),
    }


def _moved(slices: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the slices in which a case changed sides, the least likely by chance first."""
    moved = [(label, one) for label, one in slices.items() if one["lost"] or one["gained"]]
    return sorted(moved, key=lambda item: (item[1]["p_value"], item[0]))[:MOST_SLICES]


def _changes(changes: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return each changed case with the fields that differ, the lost ones first."""
    ordered = sorted(changes, key=lambda c: (not (c["was_right"] and not c["is_right"]), c["id"]))
    return [
        {
            **change,
            "kind": _CHANGED[change["was_right"], change["is_right"]],
            "fields": [
                (
                    name,
                    change["expected"][name],
                    _of(change["before"], name),
                    _of(change["now"], name),
                )
                for name in change["expected"]
                if _of(change["before"], name) != _of(change["now"], name)
            ],
        }
        for change in ordered[:MOST_WRONG]
    ]


def _of(answer: Mapping[str, Any] | None, name: str) -> Any:
    return "no answer" if answer is None else answer.get(name)


def _shares(
    items: list[tuple[str, Mapping[str, Any]]], target: float | None, name: str, title: str
) -> str | None:
    ordered = sorted(items, key=lambda item: (item[1]["ratio"] or 0.0, item[0]))
    return shares(ordered, target=target, name=name, title=title)
