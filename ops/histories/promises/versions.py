"""If-Match never takes a stale version, and no two writes make the same one."""

from collections.abc import Iterator
from typing import Final

from ops.histories.facts import About, Facts, numbers
from ops.histories.operation import PRECONDITION_FAILED, Kind, Operation, Outcome, Violation

PROMISE: Final = "if-match-takes-no-stale-version"
MEANS: Final = "a change that names a version is applied to that one or not at all"


def broken(facts: Facts) -> list[Violation]:
    """Return each change that was applied to another version, or refused without a reason."""
    return [each for about in facts.events.values() for each in _of_event(about)]


def _of_event(about: About) -> Iterator[Violation]:
    by_version: dict[int, Operation] = {}
    for each in about.changes:
        if each.outcome is not Outcome.DONE or each.version is None:
            continue
        if each.expected is not None and each.version != each.expected + 1:
            what = f"If-Match {each.expected} was applied and made version {each.version}"
            yield Violation(PROMISE, what, about.event, (each.number,))
        other = by_version.setdefault(each.version, each)
        if other is not each:
            what = f"{other.word!r} and {each.word!r} both made version {each.version}"
            yield Violation(PROMISE, what, about.event, numbers(other, each))
        if each.version == 1:
            what = f"{each.word!r} changed the event and left it at version 1"
            yield Violation(PROMISE, what, about.event, (each.number,))
    yield from _named_another(about, by_version)
    yield from _refused_in_vain(about)


def _named_another(about: About, by_version: dict[int, Operation]) -> Iterator[Violation]:
    """A version has the word of who made it, whoever shows it."""
    words: dict[int, tuple[str, int]] = {
        version: (each.word, each.number) for version, each in by_version.items()
    }
    for made in about.made:
        words.setdefault(1, (made.word, made.number))
    for look, seen in about.looks:
        if seen is None:
            continue
        word, number = words.setdefault(seen.version, (seen.word, look.number))
        if word != seen.word:
            what = f"version {seen.version} is {word!r} and {seen.word!r}"
            yield Violation(PROMISE, what, about.event, tuple(sorted((number, look.number))))
            return


def _refused_in_vain(about: About) -> Iterator[Violation]:
    """A right version may be refused only if somebody else was there in between."""
    for each in about.refused:
        if each.status != PRECONDITION_FAILED or each.expected is None or each.kind is Kind.CREATE:
            continue
        others = [*about.changes, *about.deletions]
        if not any(o.begin_s < each.end_s and _may_pass(o, each.expected) for o in others):
            what = f"If-Match {each.expected} was refused though nobody else had changed it"
            yield Violation(PROMISE, what, about.event, (each.number,))


def _may_pass(other: Operation, expected: int) -> bool:
    """Return whether a write may have led beyond the expected version."""
    return other.version is None or other.version > expected
