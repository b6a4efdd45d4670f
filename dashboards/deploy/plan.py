"""What a deploy would change."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum
from typing import Final

from kit.pure.json_values import JsonMapping

_GRAFANAS_OWN: Final = frozenset({"id", "version", "iteration"})
"""Fields that Grafana writes."""

Body = JsonMapping  # a dashboard as Grafana has it; only its title, id and version are read


class Deed(StrEnum):
    """What happens to a dashboard."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    LEAVE = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """One dashboard: what is there (`before`, None for nothing) and what shall be (`after`)."""

    uid: str
    before: Body | None
    after: Body | None

    @property
    def deed(self) -> Deed:
        """Return what has to be done."""
        if same(self.before, self.after):
            return Deed.LEAVE
        if self.before is None:
            return Deed.CREATE
        return Deed.DELETE if self.after is None else Deed.UPDATE

    def panels(self) -> Iterator[str]:
        """Yield `+ title`, `- title` and `~ title` for panels that come, go and change."""
        old, new = _panels(self.before), _panels(self.after)
        yield from (f"+ {title}" for title in new if title not in old)
        yield from (f"- {title}" for title in old if title not in new)
        yield from (f"~ {title}" for title in new if title in old and old[title] != new[title])

    def diff(self) -> Iterator[str]:
        """Yield the lines of a unified diff of the JSON."""
        return unified_diff(
            _lines(self.before), _lines(self.after), "in Grafana", "to deploy", n=2, lineterm=""
        )


def same(one: Body | None, other: Body | None) -> bool:
    """Tell whether two dashboards are the same but for what Grafana writes itself."""
    return own(one) == own(other)


def own(dashboard: Body | None) -> Body | None:
    """Return a dashboard without the fields that Grafana writes."""
    if dashboard is None:
        return None
    return {key: value for key, value in dashboard.items() if key not in _GRAFANAS_OWN}


def _panels(dashboard: Body | None) -> dict[str, object]:
    return {str(panel.get("title")): panel for panel in (dashboard or {}).get("panels", ())}


def _lines(dashboard: Body | None) -> list[str]:
    if dashboard is None:
        return []
    text = json.dumps(own(dashboard), indent=1, sort_keys=True, ensure_ascii=False)
    return text.splitlines()
