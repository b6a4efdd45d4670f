"""labels/conflict: a label that a rule adds does not stand in the way of another."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.kept import kept
from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "labels/conflict"
_RESERVED: Final = {
    "alertname": "the name of the alert is put there",
    "alertstate": "the state of the alert is put there",
}
_OF_REPLICAS: Final = frozenset({"prometheus_replica", "replica", "prometheus", "__replica__"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield labels that external labels, Prometheus itself or the expression have already."""
    told = around.live.external_labels if around.live else None
    outside = around.settings.external_labels | (told or frozenset())
    for label, value in subject.labels.items():
        if label in outside:
            yield subject.problem(
                NAME, "the server adds an external label of this name, and this one wins",
                "use another name", fragment=f"{label}: {value}", level=Level.WARNING,
            )  # fmt: skip
        elif subject.is_alert and label in _RESERVED:
            yield subject.problem(NAME, _RESERVED[label], "use another name", fragment=label)
        elif label in _OF_REPLICAS and not outside:
            yield subject.problem(
                NAME, "servers that run in pairs are told apart by a label of this name",
                "use another name", fragment=f"{label}: {value}", level=Level.WARNING,
            )  # fmt: skip
        elif "{{" not in value and _is_split_by(subject, label):
            yield subject.problem(
                NAME, "the series of the expression differ in this label, and it makes them one",
                "leave it out of one of both", fragment=f"{label}: {value}", level=Level.WARNING,
            )  # fmt: skip


def _is_split_by(subject: Subject, label: str) -> bool:
    if subject.tree is None:
        return False
    left = kept(subject.tree)
    if left.others or label not in left.named:
        return False
    # One value alone is let through: there is nothing to be made one.
    return not any(
        name == label and op == "=" for node in subject.vectors() for name, op, _ in node.matchers
    )
