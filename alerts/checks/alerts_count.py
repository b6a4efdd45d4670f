"""alerts/count: what a server says of an alert's expression, and how many would fire at once."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Problem
from alerts.checks.subject import Around, Subject
from kit.pure.words import counted

NAME: Final = "alerts/count"


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield alerts that the server cannot evaluate."""
    if around.live is None:
        return
    if said := around.live.refused.get((subject.file, subject.line)):
        yield subject.problem(NAME, said, "correct the expression", fragment=subject.expr)


def firing_notes(around: Around) -> tuple[str, ...]:
    """Return a sentence for each alert that holds on the server now, which is no fault."""
    if around.live is None:
        return ()
    said = list(around.live.notes)
    for each in around.rules:
        number = around.live.firing.get((each.file, each.line), 0)
        if each.is_alert and number:
            hold = each.body.get("for")
            when = f"after {hold}" if hold else "at once"
            said.append(
                f"{each.file}:{each.line}: {each.name} holds now: {counted(number, 'alert')}"
                f" would fire {when}"
            )
    return tuple(said)
