"""labels/survive: a label that a text shows is still there after aggregation."""

import re
from collections.abc import Iterator
from typing import Final

from alerts.checks.kept import kept
from alerts.checks.problem import Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "labels/survive"
SHOWN: Final = re.compile(
    r"(?:\$labels|\.Labels)\.(\w+)|index\s+(?:\$labels|\.Labels)\s+[\"`]([^\"`]+)[\"`]"
)
_ACTION: Final = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_ADDED: Final = frozenset({"alertname", "severity", "priority"})
"""Labels that rules add, and series do not have."""


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield labels that the texts show and the expression has dropped.

    Labels and annotations alike see what the expression gives, and nothing that the rule adds.
    Source: Prometheus, rules/alerting.go, Eval.
    """
    if not subject.is_alert or subject.tree is None:
        return
    left = kept(subject.tree)
    outside = _external(around)
    for part, texts in (("annotations", subject.annotations), ("labels", subject.labels)):
        for key, text in texts.items():
            for shown, label in _shown(text):
                added = part == "annotations" and label in {*subject.labels, "alertname"}
                if left.has(label) and not (added and label in _ADDED):
                    continue
                yield subject.problem(
                    NAME, f"{key} shows a label that only the rule adds, and that texts do not see"
                    if added else f"{key} shows a label that the expression drops",
                    "write it out" if added else "aggregate by it, or leave it out",
                    fragment=shown,
                )  # fmt: skip
            yield from _of_externals(subject, part, text, outside)


def _shown(text: str) -> Iterator[tuple[str, str]]:
    """Yield what shows a label of the alert, and the label: in a `range` the dot is another's."""
    depth = 0
    for action in _ACTION.finditer(text):
        words = action[1].split(maxsplit=1)
        depth += (bool(words) and words[0] in {"range", "with"}) or (
            depth > 0 and bool(words) and words[0] in {"if", "define", "block"}
        )
        depth -= depth > 0 and bool(words) and words[0] == "end"
        for found in SHOWN.finditer(action[1]):
            if not depth or "$labels" in found[0]:
                yield found[0], found[1] or found[2]


_EXTERNAL: Final = re.compile(r"(?:\$externalLabels|\.ExternalLabels)\.(\w+)")


def _external(around: Around) -> frozenset[str] | None:
    told = around.live.external_labels if around.live else None
    said = around.settings.external_labels
    return said | (told or frozenset()) if said or told is not None else None


def _of_externals(
    subject: Subject, part: str, text: str, known: frozenset[str] | None
) -> Iterator[Problem]:
    for found in _EXTERNAL.finditer(text):
        if known is not None and found[1] not in known:
            yield subject.problem(
                NAME, f"{part} show an external label that the server does not have",
                "configure it, or leave it out", fragment=found[0],
            )  # fmt: skip
