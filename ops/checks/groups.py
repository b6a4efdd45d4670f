"""Count what is alike, with when it was first and last observed, in bounded memory."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

MOST_GROUPS: Final = 500
OTHERS: Final = "others"


@dataclass(slots=True)
class Group:
    """How often something came about, from `first` to `last`."""

    name: str
    count: int
    first: datetime
    last: datetime


@dataclass(slots=True)
class Groups:
    """Groups by name; once there are `most`, whatever is new counts as `others`."""

    most: int = MOST_GROUPS
    _found: dict[str, Group] = field(default_factory=dict)

    def add(self, name: str, moment: datetime) -> None:
        """Count one more."""
        if name not in self._found and len(self._found) >= self.most:
            name = OTHERS
        group = self._found.get(name)
        if group is None:
            self._found[name] = Group(name, 1, moment, moment)
            return
        group.count += 1
        group.first, group.last = min(group.first, moment), max(group.last, moment)

    @property
    def total(self) -> int:
        """Return how many were counted in all."""
        return sum(group.count for group in self._found.values())

    def largest(self, number: int | None = None) -> list[Group]:
        """Return the groups, those with the highest count first."""
        ordered = sorted(self._found.values(), key=lambda group: (-group.count, group.name))
        return ordered if number is None else ordered[:number]
