"""The kinds of fault, and when a seed lets them come and go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol

STORES: Final = ("mongodb", "redis")
INSTANCES: Final = ("service0", "service1")


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind. `target` is a link of the proxy, a container or an instance of the service.

    `act` is `link` (the proxy's settings are in `settings`), `pause` (docker pause), `restart`
    (docker kill and start), `flush`, `kill` or `freeze`. A `drops` link forgets what it held when
    it is mended, as a route that has changed does; otherwise it arrives late.
    """

    name: str
    means: str
    target: str
    act: str
    settings: Mapping[str, float | str] = field(default_factory=dict)
    drops: bool = False


def _link(
    name: str, means: str, target: str, *, drops: bool = False, **settings: float | str
) -> Fault:
    return Fault(name, means, target, "link", MappingProxyType(settings), drops)


_ALL: Final = (
    _link("mongodb-slow", "answers of MongoDB take 20 to 60 ms longer", "mongodb",
          latency_s=0.02, jitter_s=0.04),
    _link("mongodb-slow-bytes", "MongoDB is reached at 40 kB/s", "mongodb", bytes_per_s=40_000),
    _link("mongodb-reset", "one in twelve exchanges with MongoDB is reset", "mongodb",
          reset_share=0.08),
    _link("mongodb-partition", "nothing reaches MongoDB; what was sent arrives late", "mongodb",
          hold="both"),
    _link("mongodb-answers-lost", "MongoDB does what it is asked, and its answers are lost",
          "mongodb", hold="to_client", drops=True),
    _link("redis-slow", "Redis answers 20 to 60 ms later", "redis", latency_s=0.02, jitter_s=0.04),
    _link("redis-reset", "one in six exchanges with Redis is reset", "redis", reset_share=0.16),
    _link("redis-partition", "nothing reaches Redis; what was sent arrives late", "redis",
          hold="both"),
    _link("redis-news-lost", "Redis is told, and what it tells is lost", "redis",
          hold="to_client", drops=True),
    Fault("redis-forgets", "Redis loses all that it holds", "redis", "flush"),
    Fault("redis-restarted", "Redis is killed and started again", "redis", "restart"),
    Fault("mongodb-frozen", "the container of MongoDB is frozen", "mongodb", "pause"),
    _link("answers-reset", "one in ten answers never reaches the client", "service0",
          reset_share=0.1),
    Fault("service-frozen", "one instance is stopped (SIGSTOP) and goes on", "service1", "freeze"),
    Fault("service-killed", "one instance is killed (SIGKILL) and started again", "service1",
          "kill"),
)  # fmt: skip
FAULTS: Final[Mapping[str, Fault]] = MappingProxyType({fault.name: fault for fault in _ALL})
TOGETHER: Final = "several"
"""Two kinds at once, chosen by the seed."""
_SOON_S: Final = 0.15
_LATEST_S: Final = 0.55
_SHORTEST_S: Final = 0.25
_LONGEST_S: Final = 1.0
_LONGEST_HELD_S: Final = 2.6
"""Longer than the service waits for MongoDB, so that some requests are given up and others not."""
_BETWEEN_S: Final = 0.4


class Source(Protocol):
    """A seeded source of random numbers, such as `random.Random`."""

    def random(self) -> float:
        """Return a number in [0, 1)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A fault that comes `at_s` after the history began, and lasts."""

    fault: Fault
    at_s: float
    for_s: float


def turns_of(name: str, source: Source) -> tuple[Turn, ...]:
    """Return when a kind of fault comes and goes; KeyError for a name that is none.

    What a container or an instance has to be started for comes once, everything else twice.
    """
    if name == TOGETHER:
        chosen = [_ALL[int(source.random() * len(_ALL))] for _ in range(2)]
        return tuple(_turn(fault, 0.0, source) for fault in _on_different(chosen))
    fault = FAULTS[name]
    first = _turn(fault, 0.0, source)
    if fault.act in {"kill", "restart", "pause"}:
        return (first,)
    return first, _turn(fault, first.at_s + first.for_s + _BETWEEN_S, source)


def _on_different(chosen: Sequence[Fault]) -> Sequence[Fault]:
    """Leave the second out when both would break the same thing."""
    return chosen if chosen[0].target != chosen[1].target else chosen[:1]


def _turn(fault: Fault, after_s: float, source: Source) -> Turn:
    at_s = after_s + _SOON_S + source.random() * (_LATEST_S - _SOON_S)
    longest_s = _LONGEST_HELD_S if "hold" in fault.settings else _LONGEST_S
    return Turn(fault, at_s, _SHORTEST_S + source.random() * (longest_s - _SHORTEST_S))
