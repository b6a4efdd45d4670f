"""The shortest part that still shows what the whole shows (delta debugging, Zeller 2002)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from ops.histories.operation import History, Operation, Violation
from ops.histories.promises import check

Item = TypeVar("Item")


def smallest(
    items: Sequence[Item], fails: Callable[[Sequence[Item]], bool], *, most: int = 10_000
) -> tuple[Item, ...]:
    """Return a part of `items`, in order, that still fails and of which nothing can be left out.

    `fails` is asked at most `most` times; then the best so far is returned. It is taken to hold
    for all of them.
    """
    left, parts, asked = tuple(items), 2, 0
    while len(left) >= 2:  # noqa: PLR2004 -- one is the shortest
        size = -(-len(left) // parts)
        for begin in range(0, len(left), size):
            rest = left[:begin] + left[begin + size :]
            if asked >= most:
                return left
            asked += 1
            if fails(rest):
                left, parts = rest, max(2, parts - 1)
                break
        else:
            if size == 1:
                return left
            parts = min(len(left), parts * 2)
    return left if asked >= most or not left or not fails(()) else ()


def shortest_history(history: History, violation: Violation) -> History:
    """Return the history of the fewest operations that still proves the violation.

    Every write that may have touched the event stays, as leaving one out could make wrong what was
    right: the violation is as much one of the short history as of the long one.
    """
    kept = {each.number for each in history.operations if _is_of(each, history, violation)}

    def proves(part: Sequence[Operation]) -> bool:
        numbers = kept | {each.number for each in part}
        short = tuple(each for each in history.operations if each.number in numbers)
        return violation in check(replace(history, operations=short))

    others = [each for each in history.operations if each.number not in kept]
    left = kept | {each.number for each in smallest(others, proves)}
    short = tuple(each for each in history.operations if each.number in left)
    return replace(history, operations=short)


def _is_of(each: Operation, history: History, violation: Violation) -> bool:
    """Return whether an operation is a proof, or a write of the same event or the same words."""
    if each.number in violation.proof:
        return True
    if violation.event and each.event == violation.event and each.written:
        return True
    if violation.event and each.event == violation.event and each.kind == "delete":
        return True
    proofs = (o for o in history.operations if o.number in violation.proof)
    words = {word for proof in proofs for word in proof.written}
    return bool(words & set(each.written))
