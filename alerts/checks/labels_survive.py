"""labels/survive: a label that a text shows is still there after aggregation."""

import re
from collections.abc import Iterator
from typing import Final

from alerts.checks.kept import kept
from alerts.checks.problem import Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "labels/survive"
_SHOWN: Final = re.compile(r"\$labels\.(\w+)|index \$labels \"(\w+)\"")
_ADDED: Final = "alertname"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield labels that the texts show and the expression has dropped.

    Annotations see the labels of the alert, too; its labels only those of the expression.
    """
    del around
    if not subject.is_alert:
        return
    left, own = kept(subject.tree), subject.body.get("labels") or {}
    for part, seen in (("annotations", {*own, _ADDED}), ("labels", set())):
        for key, text in (subject.body.get(part) or {}).items():
            for found in _SHOWN.finditer(str(text)):
                if not left.has(found[1] or found[2]) and (found[1] or found[2]) not in seen:
                    yield subject.problem(
                        NAME, f"{key} shows a label that the expression drops",
                        "aggregate by it, or leave it out", fragment=found[0],
                    )  # fmt: skip
