"""What was acknowledged is there, and what was refused has done nothing."""

from collections.abc import Iterator
from typing import Final

from ops.histories.facts import About, Facts, numbers
from ops.histories.operation import Outcome, Phase, Violation

PROMISE: Final = "acknowledged-writes-are-there"
MEANS: Final = "what was acknowledged is there afterwards; what was refused has done nothing"


def broken(facts: Facts) -> list[Violation]:
    """Return each write that is lost, undone, or there though it was refused."""
    found = [each for about in facts.events.values() for each in _lost(about)]
    return found + [each for about in facts.events.values() for each in _refused(facts, about)]


def _lost(about: About) -> Iterator[Violation]:
    """Look at the quiet answers only: what is stale meanwhile is another promise's."""
    done = [each for each in about.changes if each.outcome is Outcome.DONE]
    newest = max(done, key=lambda o: o.version or 0, default=None)
    for look, seen in about.looks:
        if look.phase is not Phase.QUIET:
            continue
        if seen is None:
            if about.made and not about.deletions:
                what = f"{about.made[0].word!r} was acknowledged and is gone"
                yield _violation(about, what, numbers(about.made[0], look))
                return
        elif newest is not None and seen.version < (newest.version or 0):
            what = f"version {newest.version} was acknowledged, version {seen.version} is left"
            yield _violation(about, what, numbers(newest, look))
            return


def _refused(facts: Facts, about: About) -> Iterator[Violation]:
    for each in about.refused:
        at = facts.ids.get((about.owner or each.owner, each.word), {}) if each.word else {}
        for number in at.values():
            what = f"the change {each.word!r} was refused ({each.status}) and is there"
            yield _violation(about, what, (each.number, number))


def _violation(about: About, what: str, proof: tuple[int, ...]) -> Violation:
    return Violation(PROMISE, what, about.event, tuple(sorted(proof)))
