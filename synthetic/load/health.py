"""What the service says of itself and of what it stands on, before and after a run.

A service that lives on without a dependency may meet every objective; whoever reads the verdict
should know all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kit.pure.json_values import JsonObject

_FINE: Final = frozenset({"connected", "not_configured"})


@dataclass(frozen=True, slots=True)
class Health:
    """A status in the service's own word, and the dependencies that it misses."""

    status: str
    missing: tuple[str, ...]


def health_in(content: object) -> Health | None:
    """Return the health in an answer, None when it is of another shape."""
    if not isinstance(content, Mapping):
        return None
    found, status = content.get("dependencies"), content.get("status")
    if not isinstance(found, Mapping) or not isinstance(status, str):
        return None
    return Health(status, tuple(str(name) for name, state in found.items() if state not in _FINE))


def as_json(before: Health | None, after: Health | None) -> JsonObject:
    """Return both as plain JSON data."""
    return {
        name: None if one is None else {"status": one.status, "missing": list(one.missing)}
        for name, one in (("before", before), ("after", after))
    }
