"""One part of a page: what it shows, how old that is, or why there is nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Panel(Generic[T]):
    """`value` as it was at `at`; `problem` says why it is missing, or why it is not newer."""

    value: T | None
    at: datetime
    problem: str | None = None

    @property
    def is_stale(self) -> bool:
        """Say whether an older value stands in for one that could not be had."""
        return self.value is not None and self.problem is not None
