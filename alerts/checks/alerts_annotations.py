"""alerts/annotations: an alert says how bad it is, what it means and where its page is."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "alerts/annotations"
_LABELS: Final = {
    "severity": ("critical", "warning", "info"),
    "priority": ("P1", "P2", "P3", "P4"),
}
_SUMMARIES: Final = ("summary", "description", "message", "title")
"""Annotations that say what is wrong; foreign rules are content with any of them."""


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield what is missing. Names of severities and priorities are our own affair.

    Of anybody's rules it is advice, unless the project asks for it.
    """
    if not subject.is_alert:
        return
    yield from _asked(subject, around)
    if around.pages is None:
        yield from _foreign(subject, around)
    else:
        yield from _ours(subject, around.pages)


def _asked(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield what the project file asks of every alert."""
    settings = around.settings
    for kind, names, there in (
        ("label", settings.labels, subject.labels),
        ("annotation", settings.annotations, subject.annotations),
    ):
        for name in names:
            if not there.get(name):
                yield subject.problem(NAME, f"the {kind} {name} is missing", f"add `{name}:`")
    for name, valid in settings.values.items():
        value = subject.labels.get(name)
        if value is not None and "{{" not in value and value not in valid:
            yield subject.problem(
                NAME, f"the label {name} is not one of {', '.join(valid)}", "use one of those",
                fragment=value,
            )  # fmt: skip


def _foreign(subject: Subject, around: Around) -> Iterator[Problem]:
    notes, asked = subject.annotations, {*around.settings.labels, *around.settings.annotations}
    missing = []
    if not subject.labels.get("severity") and "severity" not in asked:
        missing.append("a severity")
    if not any(notes.get(note) for note in _SUMMARIES) and asked.isdisjoint(_SUMMARIES):
        missing.append("a summary")
    if missing:
        yield subject.problem(
            NAME, f"it lacks {', '.join(missing)}", "add what is missing", level=Level.INFO
        )


def _ours(subject: Subject, pages: frozenset[str]) -> Iterator[Problem]:
    labels, notes = subject.labels, subject.annotations
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
