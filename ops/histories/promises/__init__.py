"""The promises of the service, each with what proves it broken; the checker asks them all."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ops.histories.facts import Facts, facts_of
from ops.histories.operation import History, Violation
from ops.histories.promises import agreeing, fresh, importing, keys, owners, versions, writes

Checker = Callable[[Facts], list[Violation]]
PROMISES: Final[Mapping[str, tuple[str, Checker]]] = MappingProxyType(
    {
        module.PROMISE: (module.MEANS, module.broken)
        for module in (writes, keys, versions, fresh, agreeing, importing, owners)
    }
    | {agreeing.BUSY_PROMISE: (agreeing.BUSY_MEANS, agreeing.busy_broken)}
)
"""By name: what it means, and what finds it broken."""


def check(history: History) -> tuple[Violation, ...]:
    """Return every violation of every promise, in the order of the promises."""
    facts = facts_of(history)
    return tuple(found for _, broken in PROMISES.values() for found in broken(facts))
