"""Users read what they wrote, and nobody reads an older state after a newer one."""

from collections.abc import Iterator
from typing import Final

from ops.histories.facts import About, Facts, numbers
from ops.histories.operation import Operation, Outcome, Seen, Violation

PROMISE: Final = "own-writes-are-read"
MEANS: Final = "an answer shows all that was acknowledged, or shown, before it was asked for"


def broken(facts: Facts) -> list[Violation]:
    """Return the first stale answer of each event."""
    found = []
    for about in facts.events.values():
        first = next(_of_event(about), None)
        if first is not None:
            found.append(first)
    return found


def _of_event(about: About) -> Iterator[Violation]:
    for look, seen in about.looks:
        if seen is None:
            yield from _missing(about, look)
        else:
            yield from _outdated(about, look, seen)
            yield from _risen(about, look)


def _missing(about: About, look: Operation) -> Iterator[Violation]:
    """Nothing is shown of an event that was made before and that nobody can have deleted yet."""
    if any(deletion.begin_s <= look.end_s for deletion in about.deletions):
        return
    known = [made for made in about.made if made.precedes(look)]
    known += [other for other, seen in about.looks if seen and other.precedes(look)]
    if known:
        what = f"a {look.kind} does not show an event that was there before"
        yield Violation(PROMISE, what, about.event, numbers(known[0], look))


def _outdated(about: About, look: Operation, seen: Seen) -> Iterator[Violation]:
    known = [(o.version or 0, o) for o in about.changes
             if o.outcome is Outcome.DONE and o.precedes(look)]  # fmt: skip
    known += [(s.version, o) for o, s in about.looks if s and o.precedes(look)]
    newest, before = max(known, key=lambda pair: pair[0], default=(0, None))
    if before is not None and seen.version < newest:
        what = f"a {look.kind} shows version {seen.version} after version {newest} was known"
        yield Violation(PROMISE, what, about.event, numbers(before, look))


def _risen(about: About, look: Operation) -> Iterator[Violation]:
    """An event that was deleted is shown again."""
    for deletion in about.deletions:
        if deletion.outcome is Outcome.DONE and deletion.precedes(look):
            what = f"a {look.kind} shows an event that was deleted"
            yield Violation(PROMISE, what, about.event, numbers(deletion, look))
