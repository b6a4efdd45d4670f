"""What the clients of a history are going to ask, made of a seed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from ops.histories.operation import Kind

OWNERS: Final = ("ann", "bob")
CLIENTS_EACH: Final = 3
STEPS_EACH: Final = 22
IMPORTED: Final = 4
"""Events of one imported file."""
MONTH_MINUTES: Final = 28 * 24 * 60
_LONGEST_MINUTES: Final = 180
_LONGEST_PAUSE_S: Final = 0.09
_WEIGHTS: Final = {
    Kind.CREATE: 30, Kind.CHANGE: 24, Kind.DELETE: 5, Kind.READ: 14, Kind.LIST: 9, Kind.BUSY: 3,
    Kind.IMPORT: 4, Kind.PEEK_READ: 5, Kind.PEEK_CHANGE: 3, Kind.PEEK_DELETE: 3,
}  # fmt: skip
_KEYED: Final = 0.6
_SHARED_KEY: Final = 0.25
_CONDITIONAL: Final = 0.6


class Source(Protocol):
    """A seeded source of random numbers, such as `random.Random`."""

    def random(self) -> float:
        """Return a number in [0, 1)."""

    def choices(self, population: Sequence[Kind], weights: Sequence[float]) -> list[Kind]:
        """Return one of the population, in a list."""


@dataclass(frozen=True, slots=True)
class Step:
    """One request to come.

    `pick` in [0, 1) chooses among the events that are known by then. With `key` a creation has an
    Idempotency-Key and is sent again while its outcome is unknown. `conditional` sends If-Match
    with the version that this client saw last. Minutes are of the plan's month.
    """

    client: str
    owner: str
    kind: Kind
    word: str
    pause_s: float
    instance: float
    pick: float = 0.0
    key: str = ""
    conditional: bool = False
    begins: int = 0
    ends: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of every client, each client's in their order."""

    seed: int
    steps: tuple[Step, ...]

    def of(self, client: str) -> tuple[Step, ...]:
        """Return the steps of one client."""
        return tuple(step for step in self.steps if step.client == client)

    @property
    def clients(self) -> tuple[str, ...]:
        """Return the names of the clients."""
        return tuple(dict.fromkeys(step.client for step in self.steps))


def plan_of(seed: int, source: Source, *, steps_each: int = STEPS_EACH) -> Plan:
    """Return the plan of a seed; `source` must be seeded with it, so that it is the same again."""
    steps: list[Step] = []
    for owner in OWNERS:
        for number in range(CLIENTS_EACH):
            client = f"{owner}{number + 1}"
            make = _maker(source, client, owner)
            steps += [make(index) for index in range(steps_each)]
    return Plan(seed, tuple(_with_shared_keys(steps, source)))


def _maker(source: Source, client: str, owner: str) -> Callable[[int], Step]:
    def make(index: int) -> Step:
        # Nobody knows an event before one has been made.
        kind = (
            source.choices(tuple(_WEIGHTS), tuple(_WEIGHTS.values()))[0] if index else Kind.CREATE
        )
        word = f"{owner} {client}-{index}"
        begins = int(source.random() * (MONTH_MINUTES - _LONGEST_MINUTES))
        return Step(
            client, owner, kind, word,
            pause_s=source.random() * _LONGEST_PAUSE_S, instance=source.random(),
            pick=source.random(),
            key=f"key-{client}-{index}" if source.random() < _KEYED else "",
            conditional=source.random() < _CONDITIONAL,
            begins=begins, ends=begins + 1 + int(source.random() * _LONGEST_MINUTES),
        )  # fmt: skip

    return make


def _with_shared_keys(steps: Sequence[Step], source: Source) -> list[Step]:
    """Let some creations be sent by a second client of the same owner, too, word for word."""
    found: list[Step] = []
    keyed: dict[str, list[Step]] = {}
    for step in steps:
        if step.kind is not Kind.CREATE or not step.key:
            found.append(step)
            continue
        others = [s for s in keyed.get(step.owner, []) if s.client != step.client]
        if others and source.random() < _SHARED_KEY:
            twin = others[int(step.pick * len(others))]
            found.append(_twin(step, twin))
        else:
            keyed.setdefault(step.owner, []).append(step)
            found.append(step)
    return found


def _twin(step: Step, twin: Step) -> Step:
    return Step(
        step.client, step.owner, step.kind, twin.word, step.pause_s, step.instance,
        key=twin.key, begins=twin.begins, ends=twin.ends,
    )  # fmt: skip
