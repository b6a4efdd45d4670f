"""Each checker finds what no order of events explains, and lets everything else be."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ops.histories.operation import History, Kind, Operation, Outcome, Phase, Seen
from ops.histories.promises import PROMISES, check
from ops.histories.shrink import shortest_history

END_S = 100.0


def op(number: int, kind: Kind, begin_s: float, **more: object) -> Operation:
    """Return an acknowledged request of Ann's that takes half a second."""
    made = Operation(number, "ann1", "ann", 0, kind, begin_s, begin_s + 0.5, Outcome.DONE, 200)
    return replace(made, **more)  # type: ignore[arg-type]


def created(
    number: int, begin_s: float, event: str = "e1", word: str = "ann a", **more: object
) -> Operation:
    return op(number, Kind.CREATE, begin_s, event=event, word=word, version=1, **more)


def changed(
    number: int, begin_s: float, version: int | None, word: str, **more: object
) -> Operation:
    return op(number, Kind.CHANGE, begin_s, event="e1", word=word, version=version, **more)


def shown(version: int, word: str, event: str = "e1") -> Seen:
    return Seen(event, version, word, 10, 20)


def listed(number: int, *seen: Seen, begin_s: float = END_S, **more: object) -> Operation:
    return op(number, Kind.LIST, begin_s, seen=seen, **{"phase": Phase.QUIET, **more})


def read(number: int, begin_s: float, seen: Seen | None, **more: object) -> Operation:
    gone = {} if seen else {"outcome": Outcome.REFUSED, "status": 404}
    return op(number, Kind.READ, begin_s, event="e1", seen=(seen,) if seen else (), **gone, **more)


def refused(operation: Operation, status: int = 412) -> Operation:
    return replace(operation, outcome=Outcome.REFUSED, status=status, version=None)


def unknown(operation: Operation) -> Operation:
    return replace(operation, outcome=Outcome.UNKNOWN, status=0, version=None)


def broken(*operations: Operation) -> set[str]:
    return {each.promise for each in check(History(0, "none", operations))}


FILE = ("ann f of 0", "ann f of 1")
WHOLE = (shown(1, FILE[0], "f0"), shown(1, FILE[1], "f1"))
DEEDS: dict[str, tuple[str, Sequence[Operation]]] = {
    "an acknowledged event is gone": (
        "acknowledged-writes-are-there", (created(0, 0), listed(1)),
    ),
    "an acknowledged change is undone": (
        "acknowledged-writes-are-there",
        (created(0, 0), changed(1, 1, 2, "ann b"), listed(2, shown(1, "ann a"))),
    ),
    "a refused change is there": (
        "acknowledged-writes-are-there",
        (created(0, 0), changed(1, 1, 2, "ann b"),
         refused(changed(2, 2, None, "ann c", expected=1)),
         listed(3, shown(3, "ann c"))),
    ),
    "a key was answered with two events": (
        "a-key-makes-one-event",
        (created(0, 0, "e1", key="k"), created(1, 1, "e2", key="k"),
         listed(2, shown(1, "ann a"), shown(1, "ann a", "e2"))),
    ),
    "an unknown creation is there twice": (
        "a-key-makes-one-event",
        (unknown(created(0, 0, "")), listed(1, shown(1, "ann a"), shown(1, "ann a", "e2"))),
    ),
    "a stale If-Match was applied": (
        "if-match-takes-no-stale-version",
        (created(0, 0), changed(1, 1, 2, "ann b"), changed(2, 2, 3, "ann c", expected=1),
         listed(3, shown(3, "ann c"))),
    ),
    "two changes made the same version": (
        "if-match-takes-no-stale-version",
        (created(0, 0), changed(1, 1, 2, "ann b"), changed(2, 1.1, 2, "ann c"),
         listed(3, shown(2, "ann c"))),
    ),
    "a right If-Match was refused": (
        "if-match-takes-no-stale-version",
        (created(0, 0), refused(changed(1, 1, None, "ann b", expected=1)),
         listed(2, shown(1, "ann a"))),
    ),
    "a version shows another's word": (
        "if-match-takes-no-stale-version",
        (created(0, 0), changed(1, 1, 2, "ann b"), unknown(changed(2, 1, None, "ann c")),
         listed(3, shown(2, "ann c"))),
    ),
    "a read is older than an acknowledged change": (
        "own-writes-are-read",
        (created(0, 0), changed(1, 1, 2, "ann b"), read(2, 2, shown(1, "ann a")),
         listed(3, shown(2, "ann b"))),
    ),
    "a read does not find what was made": (
        "own-writes-are-read", (created(0, 0), read(1, 1, None), listed(2, shown(1, "ann a"))),
    ),
    "a list leaves out what was made": (
        "own-writes-are-read",
        (created(0, 0), listed(1, begin_s=1, phase=Phase.FAULTY), listed(2, shown(1, "ann a"))),
    ),
    "what was deleted is shown": (
        "own-writes-are-read",
        (created(0, 0), op(1, Kind.DELETE, 1, event="e1"), read(2, 2, shown(1, "ann a"))),
    ),
    "a read is older than one before": (
        "own-writes-are-read",
        (created(0, 0), unknown(changed(1, 1, None, "ann b")), read(2, 1.6, shown(2, "ann b")),
         read(3, 3, shown(1, "ann a")), listed(4, shown(2, "ann b"))),
    ),
    "two instances list differently": (
        "list-and-get-agree",
        (created(0, 0), listed(1, shown(1, "ann a")), listed(2, instance=1)),
    ),
    "a list and a read differ": (
        "list-and-get-agree",
        (created(0, 0), listed(1, shown(1, "ann a")),
         read(2, END_S, shown(2, "ann b"), phase=Phase.QUIET)),
    ),
    "a busy time is nobody's": (
        "busy-times-are-those-of-the-events",
        (created(0, 0), listed(1, shown(1, "ann a")),
         op(2, Kind.BUSY, END_S, intervals=((10, 20), (40, 50)), phase=Phase.QUIET)),
    ),
    "an acknowledged import is there in part": (
        "an-import-is-whole-or-resumable",
        (op(0, Kind.IMPORT, 0, words=FILE), listed(1, WHOLE[0])),
    ),
    "an import sent again is refused": (
        "an-import-is-whole-or-resumable",
        (unknown(op(0, Kind.IMPORT, 0, words=FILE)),
         refused(op(1, Kind.IMPORT, 50, words=FILE, phase=Phase.QUIET), 409), listed(2)),
    ),
    "another's event is listed": (
        "nobody-sees-anothers-event", (listed(0, shown(1, "bob b")),),
    ),
    "a peek was answered": (
        "nobody-sees-anothers-event",
        (op(0, Kind.PEEK_READ, 0, event="e9", seen=(shown(1, "bob b", "e9"),)),),
    ),
    "another's change is there": (
        "nobody-sees-anothers-event",
        (created(0, 0), op(1, Kind.PEEK_CHANGE, 1, owner="bob", event="e1", word="bob x"),
         listed(2, shown(2, "bob x"))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_a_broken_promise_is_named(deed: str) -> None:
    promise, operations = DEEDS[deed]
    assert promise in broken(*operations)


@pytest.mark.parametrize("deed", DEEDS)
def test_the_shortest_history_proves_the_same_among_much_else(deed: str) -> None:
    promise, operations = DEEDS[deed]
    noise = [created(50 + n, 0.1 * n, f"n{n}", f"ann n{n}") for n in range(12)]
    noise += [op(80 + n, Kind.BUSY, 0.1 * n) for n in range(12)]
    history = History(0, "none", (*operations, *noise))
    found = next(each for each in check(history) if each.promise == promise)
    short = shortest_history(history, found)
    assert found in check(short)
    assert {each.number for each in short.operations} <= {
        each.number for each in history.operations
    }
    assert len(short.operations) <= len(operations) + 1


def test_every_promise_has_a_deed_that_breaks_it() -> None:
    assert {promise for promise, _ in DEEDS.values()} == set(PROMISES)


RIGHT: dict[str, Sequence[Operation]] = {
    "an unknown creation may be there": (
        unknown(created(0, 0, "")), listed(1, shown(1, "ann a")),
    ),
    "an unknown creation may not be there": (unknown(created(0, 0, "")), listed(1)),
    "an unknown deletion may be done": (
        created(0, 0), unknown(op(1, Kind.DELETE, 1, event="e1")), listed(2),
    ),
    "a deletion that found nothing may be an earlier try of itself": (
        created(0, 0), refused(op(1, Kind.DELETE, 1, event="e1"), 404), listed(2),
    ),
    "an unknown change may be applied late": (
        created(0, 0), unknown(changed(1, 1, None, "ann b")), read(2, 2, shown(1, "ann a")),
        changed(3, 3, 2, "ann c", expected=1),
        refused(changed(4, 5, None, "ann d", expected=1)), listed(5, shown(3, "ann b")),
    ),
    "a read at the same time may see either": (
        created(0, 0), changed(1, 1, 2, "ann b"), read(2, 1.2, shown(1, "ann a")),
        read(3, 1.3, shown(2, "ann b")), listed(4, shown(2, "ann b")),
    ),
    "a key that is sent again has the same answer": (
        created(0, 0, key="k"), created(1, 1, key="k"), listed(2, shown(1, "ann a")),
    ),
    "an import that was sent again is whole": (
        unknown(op(0, Kind.IMPORT, 0, words=FILE)),
        op(1, Kind.IMPORT, 50, words=FILE, phase=Phase.QUIET), listed(2, *WHOLE),
    ),
    "busy times that touch are one": (
        listed(0, shown(1, "ann a"), Seen("e2", 1, "ann b", 20, 30)),
        op(1, Kind.BUSY, END_S, intervals=((10, 30),), phase=Phase.QUIET),
    ),
    "a look that was not answered proves nothing": (
        created(0, 0), unknown(read(1, 1, None)), listed(2, shown(1, "ann a")),
    ),
    "a peek finds nothing": (refused(op(0, Kind.PEEK_READ, 0, event="e9"), 404),),
}  # fmt: skip


@pytest.mark.parametrize("case", RIGHT)
def test_what_some_order_explains_breaks_nothing(case: str) -> None:
    assert broken(*RIGHT[case]) == set()
