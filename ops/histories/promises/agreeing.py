"""When nobody writes, all answers agree: lists, single events, busy times, on every instance."""

from collections.abc import Iterable, Iterator
from typing import Final

from ops.histories.facts import Facts, numbers
from ops.histories.operation import Kind, Operation, Seen, Violation

PROMISE: Final = "list-and-get-agree"
MEANS: Final = "when all is quiet, lists and single events say the same on every instance"
BUSY_PROMISE: Final = "busy-times-are-those-of-the-events"
BUSY_MEANS: Final = "when all is quiet, /freebusy is the union of the events"


def broken(facts: Facts) -> list[Violation]:
    """Return what is listed otherwise than it is read, or than another instance lists it."""
    found: list[Violation] = []
    lists = [each for each in facts.quiet if each.kind is Kind.LIST]
    for owner in dict.fromkeys(each.owner for each in lists):
        first, *others = [each for each in lists if each.owner == owner]
        for other in others:
            found += _differing(first, other)
        reads = (o for o in facts.quiet if o.kind is Kind.READ and o.owner == owner)
        found += _read_otherwise(first, reads)
    return found


def _differing(first: Operation, other: Operation) -> Iterator[Violation]:
    one, two = ({seen.event: seen for seen in each.seen} for each in (first, other))
    for event in sorted(one.keys() | two.keys()):
        if one.get(event) != two.get(event):
            what = f"listed as {_said(one.get(event))} and as {_said(two.get(event))}"
            yield Violation(PROMISE, what, event, numbers(first, other))


def _read_otherwise(listed: Operation, reads: Iterable[Operation]) -> Iterator[Violation]:
    shown = {seen.event: seen for seen in listed.seen}
    for read in reads:
        seen = read.seen[0] if read.seen else None
        if shown.get(read.event) != seen:
            what = f"listed as {_said(shown.get(read.event))} and read as {_said(seen)}"
            yield Violation(PROMISE, what, read.event, numbers(listed, read))


def _said(seen: Seen | None) -> str:
    return "nothing" if seen is None else f"{seen.word!r} of version {seen.version}"


def busy_broken(facts: Facts) -> list[Violation]:
    """Return each owner whose busy times are not those of the listed events."""
    found = []
    for busy in (each for each in facts.quiet if each.kind is Kind.BUSY):
        listed = next(
            (o for o in facts.quiet if o.kind is Kind.LIST
             and (o.owner, o.instance) == (busy.owner, busy.instance)), None,
        )  # fmt: skip
        if listed is None:
            continue
        wanted = merged((seen.begins, seen.ends) for seen in listed.seen)
        if merged(busy.intervals) != wanted:
            odd = sorted(set(wanted) ^ set(merged(busy.intervals)))
            what = f"{busy.owner}'s busy times differ from the events at minutes {odd[:3]}"
            found.append(Violation(BUSY_PROMISE, what, "", numbers(listed, busy)))
    return found


def merged(intervals: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the union of some intervals; those that touch are one."""
    found: list[tuple[int, int]] = []
    for begins, ends in sorted(intervals):
        if found and begins <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], ends)
        else:
            found.append((begins, ends))
    return tuple(found)
