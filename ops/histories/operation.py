"""One request of a client, from its invocation to its completion, and a history of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a client asks. `PEEK_…` is for the event of another owner."""

    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    READ = "read"
    LIST = "list"
    BUSY = "busy"
    IMPORT = "import"
    PEEK_READ = "peek-read"
    PEEK_CHANGE = "peek-change"
    PEEK_DELETE = "peek-delete"


class Outcome(StrEnum):
    """DONE was acknowledged, REFUSED is not done for sure, UNKNOWN may or may not be."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Phase(StrEnum):
    """FAULTY while faults come and go, QUIET when all is mended and nobody writes."""

    FAULTY = "faulty"
    QUIET = "quiet"


WRITES = frozenset({Kind.CREATE, Kind.CHANGE, Kind.IMPORT})
"""What puts a word into a calendar."""
LOOKS = frozenset({Kind.READ, Kind.LIST})
"""What shows events as they are."""
PEEKS = frozenset({Kind.PEEK_READ, Kind.PEEK_CHANGE, Kind.PEEK_DELETE})
NOT_FOUND = 404
PRECONDITION_FAILED = 412


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as an answer showed it; `begins` and `ends` are minutes of the plan's month."""

    event: str
    version: int
    word: str
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Operation:
    """One request. Times are seconds since the history began; both ends are always known.

    `word` is the title that it writes, unlike any other's. `words` are those of an import.
    `expected` is the version that it named in If-Match. `intervals` are busy minutes.
    """

    number: int
    client: str
    owner: str
    instance: int
    kind: Kind
    begin_s: float
    end_s: float
    outcome: Outcome
    status: int = 0
    event: str = ""
    word: str = ""
    words: tuple[str, ...] = ()
    key: str = ""
    expected: int | None = None
    version: int | None = None
    seen: tuple[Seen, ...] = ()
    intervals: tuple[tuple[int, int], ...] = ()
    phase: Phase = Phase.FAULTY

    @property
    def written(self) -> tuple[str, ...]:
        """Return every word that it may have put into a calendar."""
        return self.words or ((self.word,) if self.word else ())

    def precedes(self, other: "Operation") -> bool:
        """Return whether it was complete before the other was invoked."""
        return self.end_s < other.begin_s


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault that was there from `begin_s` to `end_s`."""

    name: str
    begin_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class History:
    """What clients asked and were told, in the order of invocation, and the faults meanwhile."""

    seed: int
    fault: str
    operations: tuple[Operation, ...]
    troubles: tuple[Trouble, ...] = ()

    def where(self, condition: Callable[[Operation], bool]) -> Iterator[Operation]:
        """Yield the operations of which a condition holds."""
        return (each for each in self.operations if condition(each))

    @property
    def acknowledged(self) -> int:
        """Return how many writes were acknowledged, an import counted once for each event."""
        done = self.where(lambda o: o.outcome is Outcome.DONE and o.phase is Phase.FAULTY)
        changing = (o for o in done if o.kind in WRITES or o.kind is Kind.DELETE)
        return sum(len(o.words) or 1 for o in changing)


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that no order of events can save. `proof` are the numbers of operations."""

    promise: str
    what: str
    event: str
    proof: tuple[int, ...]
