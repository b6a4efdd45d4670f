"""An import is whole when it was acknowledged, and can be sent again when it was not."""

from typing import Final

from ops.histories.facts import Facts, numbers
from ops.histories.operation import Kind, Operation, Outcome, Phase, Violation

PROMISE: Final = "an-import-is-whole-or-resumable"
MEANS: Final = "an acknowledged import is there whole; any other is so after it was sent again"


def broken(facts: Facts) -> list[Violation]:
    """Return each imported file of which events are missing in the end."""
    found = []
    for each in facts.history.operations:
        if each.kind is not Kind.IMPORT:
            continue
        if each.phase is Phase.QUIET and each.outcome is Outcome.REFUSED:
            what = f"sent again when all was well, it was answered with {each.status}"
            found.append(Violation(PROMISE, what, "", (each.number,)))
        elif each.outcome is Outcome.DONE:
            found += _missing(facts, each)
    return found


def _missing(facts: Facts, each: Operation) -> list[Violation]:
    """Look in the lists that were asked for afterwards when all was quiet.

    Words of which an event was changed or deleted meanwhile are not looked for.
    """
    found = []
    for listed in facts.quiet:
        if listed.kind is not Kind.LIST or listed.owner != each.owner or not each.precedes(listed):
            continue
        shown = {seen.word for seen in listed.seen}
        gone = [w for w in each.words if w not in shown and not _was_touched(facts, each.owner, w)]
        if gone:
            what = f"of {len(each.words)} imported events {len(gone)} are not there: {gone[0]!r}"
            found.append(Violation(PROMISE, what, "", numbers(each, listed)))
    return found


def _was_touched(facts: Facts, owner: str, word: str) -> bool:
    for event in facts.ids.get((owner, word), {}):
        about = facts.events.get(event)
        if about is not None and (about.changes or about.deletions):
            return True
    return False
