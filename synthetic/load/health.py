"""What the service says of itself and of what it stands on, before and after a run.

A service that lives on without a dependency may meet every objective; whoever reads the verdict
should know all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

HEALTH_PATH: Final = "/health"
_FINE: Final = frozenset({"connected", "not_configured"})


@dataclass(frozen=True, slots=True)
class Health:
    """A status in the service's own word, and the dependencies that it misses."""

    status: str
    missing: tuple[str, ...]


def health_in(content: Any) -> Health | None:
    """Return the health in an answer, None when it is of another shape."""
    found = content.get("dependencies") if isinstance(content, Mapping) else None
    if not isinstance(found, Mapping) or not isinstance(content.get("status"), str):
        return None
    missing = tuple(str(name) for name, state in found.items() if state not in _FINE)
    return Health(content["status"], missing)


def as_json(before: Health | None, after: Health | None) -> dict[str, Any]:
    """Return both as plain JSON data."""
    return {
        name: None if one is None else {"status": one.status, "missing": list(one.missing)}
        for name, one in (("before", before), ("after", after))
    }
