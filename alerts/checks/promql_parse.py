"""promql/parse: the expression is PromQL, for the 3.x grammar as for 2.x."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Problem
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import OLD_FUNCTIONS

NAME: Final = "promql/parse"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield a problem with the parser's reason, and functions that the version does not have."""
    if subject.tree is None:
        if subject.expr:
            yield subject.problem(
                NAME, subject.refused, "fix the expression", fragment=subject.expr
            )
        return
    for old, new in OLD_FUNCTIONS.items():
        wrong = {2: new, 3: old}.get(around.settings.version or 0)
        if wrong and f"{wrong}(" in subject.expr:
            right = old if wrong == new else new
            yield subject.problem(
                NAME, f"Prometheus {around.settings.version} has no {wrong}", f"write {right}",
                fragment=wrong,
            )  # fmt: skip
    if around.settings.version == 2 and needs_version_3(subject):  # noqa: PLR2004 -- its number
        yield subject.problem(
            NAME, "Prometheus 2 takes no such name", "write letters, digits and underscores",
            fragment=subject.expr,
        )  # fmt: skip


def needs_version_3(subject: Subject) -> bool:
    """Say whether a rule has names that Prometheus 2 does not take, such as `http.requests`."""
    names = [subject.name if not subject.is_alert else "a", *subject.labels]
    for node in subject.nodes:
        names += [node.name] if node.kind == "vector" and node.name else []
        names += [label for label, _, _ in node.matchers]
        names += [*node.labels, *node.group_labels]
    return any(not _is_plain(name) for name in names) or '{"' in subject.expr.replace(" ", "")


def _is_plain(name: str) -> bool:
    plain = name.replace(":", "_")
    return plain.isascii() and plain.isidentifier()
