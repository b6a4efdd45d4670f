"""An Idempotency-Key never makes two events, and nothing else doubles one either."""

from collections import defaultdict
from typing import Final

from ops.histories.facts import Facts, numbers
from ops.histories.operation import Kind, Operation, Outcome, Violation

PROMISE: Final = "a-key-makes-one-event"
MEANS: Final = "however often and by whom it is sent, a request makes one event and has one answer"


def broken(facts: Facts) -> list[Violation]:
    """Return each request that made two events, or was answered with two."""
    return _answered_twice(facts) + _seen_twice(facts)


def _answered_twice(facts: Facts) -> list[Violation]:
    answered: dict[tuple[str, str], list[Operation]] = defaultdict(list)
    for each in facts.history.operations:
        if each.kind is Kind.CREATE and each.key and each.outcome is Outcome.DONE:
            answered[each.owner, each.key].append(each)
    found = []
    for (_, key), sent in answered.items():
        other = next((each for each in sent if each.event != sent[0].event), None)
        if other is not None:
            what = f"{key} was answered with two events"
            found.append(Violation(PROMISE, what, other.event, numbers(sent[0], other)))
    return found


def _seen_twice(facts: Facts) -> list[Violation]:
    """A word is one request's own: seen as two events, the request was applied twice."""
    found = []
    for (_, word), ids in facts.ids.items():
        if len(ids) > 1:
            writers = facts.writers.get(word, [])
            proof = {*ids.values(), *(each.number for each in writers)}
            what = f"{word!r} is there as {len(ids)} events"
            found.append(Violation(PROMISE, what, min(ids), tuple(sorted(proof))))
    return found
