"""alerts/told: an alert says how bad it is, what it means and where its page is."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "alerts/told"
_LABELS: Final = {
    "severity": ("critical", "warning", "info"),
    "priority": ("P1", "P2", "P3", "P4"),
}


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield what is missing."""
    if not subject.is_alert:
        return
    labels, notes = subject.body.get("labels") or {}, subject.body.get("annotations") or {}
    for label, valid in _LABELS.items():
        if labels.get(label) not in valid:
            yield subject.problem(
                NAME, f"the label {label} is not one of {', '.join(valid)}", f"add `{label}:`",
                fragment=str(labels.get(label, "")),
            )  # fmt: skip
    for note in ("summary", "runbook_url"):
        if not notes.get(note):
            yield subject.problem(NAME, f"the annotation {note} is missing", f"add `{note}:`")
    url = str(notes.get("runbook_url", ""))
    page = url.rsplit("/", 1)[-1].removesuffix(".md")
    if url and around.pages is not None and page not in around.pages:
        yield subject.problem(NAME, "its runbook page does not exist", "write it", fragment=url)
