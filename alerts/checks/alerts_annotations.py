"""alerts/annotations: an alert says how bad it is, what it means and where its page is."""

from collections.abc import Iterator, Mapping
from typing import Final

from alerts.checks.problem import Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "alerts/annotations"
_LABELS: Final = {
    "severity": ("critical", "warning", "info"),
    "priority": ("P1", "P2", "P3", "P4"),
}


_PAGES: Final = ("runbook_url", "runbook")
_SUMMARIES: Final = ("summary", "description", "message")
"""Annotations that say what is wrong; foreign rules are content with any of them."""


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield what is missing. Names of severities and priorities are our own affair."""
    if not subject.is_alert:
        return
    labels, notes = subject.body.get("labels") or {}, subject.body.get("annotations") or {}
    if around.pages is None:
        yield from _foreign(subject, labels, notes)
    else:
        yield from _ours(subject, around.pages, labels, notes)


def _foreign(
    subject: Subject, labels: Mapping[str, str], notes: Mapping[str, str]
) -> Iterator[Problem]:
    missing = [] if labels.get("severity") else ["a severity"]
    missing += [] if any(notes.get(note) for note in _SUMMARIES) else ["a summary"]
    missing += [] if any(notes.get(note) for note in _PAGES) else ["a runbook_url"]
    if missing:
        yield subject.problem(NAME, f"it lacks {', '.join(missing)}", "add what is missing")


def _ours(
    subject: Subject, pages: frozenset[str], labels: Mapping[str, str], notes: Mapping[str, str]
) -> Iterator[Problem]:
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
    if url and page not in pages:
        yield subject.problem(NAME, "its runbook page does not exist", "write it", fragment=url)
