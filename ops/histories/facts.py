"""What a history says of each event, gathered once for all checkers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ops.histories.operation import (
    LOOKS,
    NOT_FOUND,
    History,
    Kind,
    Operation,
    Outcome,
    Phase,
    Seen,
)


@dataclass(slots=True)
class About:
    """All that was asked of one event.

    `made` are the acknowledged creations that name it, `changes` the changes that may have been
    applied, `deletions` those that may have. A deletion that found nothing may be an earlier try
    of itself that did: what it found nothing of is gone in any case.
    """

    event: str
    owner: str = ""
    made: list[Operation] = field(default_factory=list)
    changes: list[Operation] = field(default_factory=list)
    refused: list[Operation] = field(default_factory=list)
    deletions: list[Operation] = field(default_factory=list)
    looks: list[tuple[Operation, Seen | None]] = field(default_factory=list)


@dataclass(slots=True)
class Facts:
    """A history by events and by words. `ids` are the events that a word was seen as."""

    history: History
    events: dict[str, About] = field(default_factory=dict)
    writers: dict[str, list[Operation]] = field(default_factory=lambda: defaultdict(list))
    ids: dict[tuple[str, str], dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def quiet(self) -> list[Operation]:
        """Return what was answered when all was mended and nobody wrote."""
        return [o for o in self.history.operations
                if o.phase is Phase.QUIET and o.outcome is not Outcome.UNKNOWN]  # fmt: skip


def facts_of(history: History) -> Facts:
    """Return the history by events and words."""
    facts = Facts(history)
    for each in history.operations:
        for word in each.written:
            facts.writers[word].append(each)
        _note_request(facts, each)
    for each in history.operations:
        _note_answer(facts, each)
    return facts


def _about(facts: Facts, event: str) -> About:
    return facts.events.setdefault(event, About(event))


def _note_request(facts: Facts, each: Operation) -> None:
    if not each.event:
        return
    about = _about(facts, each.event)
    if each.kind is Kind.CREATE and each.outcome is Outcome.DONE:
        about.owner = each.owner
        about.made.append(each)
    elif each.kind is Kind.CHANGE:
        (about.refused if each.outcome is Outcome.REFUSED else about.changes).append(each)
    elif each.kind is Kind.DELETE:
        is_void = each.outcome is Outcome.REFUSED and each.status != NOT_FOUND
        (about.refused if is_void else about.deletions).append(each)


def _note_answer(facts: Facts, each: Operation) -> None:
    for seen in each.seen:
        facts.ids[each.owner, seen.word].setdefault(seen.event, each.number)
        writers = facts.writers.get(seen.word)
        if writers and not _about(facts, seen.event).owner:
            facts.events[seen.event].owner = writers[0].owner
    if each.kind not in LOOKS or each.outcome is Outcome.UNKNOWN:
        return
    if each.kind is Kind.READ:
        found = each.seen[0] if each.seen else None
        _about(facts, each.event).looks.append((each, found))
        return
    shown = {seen.event: seen for seen in each.seen}
    for seen in each.seen:
        _about(facts, seen.event).looks.append((each, seen))
    for event, about in facts.events.items():
        if about.owner == each.owner and event not in shown:
            about.looks.append((each, None))


def numbers(*operations: Operation | Iterable[Operation]) -> tuple[int, ...]:
    """Return the numbers of some operations, each once, in order."""
    found: set[int] = set()
    for each in operations:
        found |= {each.number} if isinstance(each, Operation) else {o.number for o in each}
    return tuple(sorted(found))
