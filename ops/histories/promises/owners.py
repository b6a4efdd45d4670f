"""Nobody sees another's event, nor changes it."""

from typing import Final

from ops.histories.facts import Facts
from ops.histories.operation import PEEKS, Outcome, Violation

PROMISE: Final = "nobody-sees-anothers-event"
MEANS: Final = "an event is shown to its owner, and changed by its owner, and by nobody else"


def broken(facts: Facts) -> list[Violation]:
    """Return each answer that shows, or acknowledges a change of, another's event."""
    found = []
    for each in facts.history.operations:
        if each.kind in PEEKS and each.outcome is Outcome.DONE:
            what = f"a {each.kind} by {each.owner} was answered with {each.status}"
            found.append(Violation(PROMISE, what, each.event, (each.number,)))
        strange = next((s for s in each.seen if _owner_of(facts, s.word) != each.owner), None)
        if strange is not None and each.kind not in PEEKS:
            what = f"a {each.kind} shows {each.owner} {strange.word!r}"
            found.append(Violation(PROMISE, what, strange.event, (each.number,)))
    return found


def _owner_of(facts: Facts, word: str) -> str:
    """Return who wrote a word; by its own beginning when nobody is known to have."""
    writers = facts.writers.get(word)
    return writers[0].owner if writers else word.partition(" ")[0]
