"""What a bundle is made of: parts, and what could not be had."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kit.edge.prometheus import Prometheus
from kit.edge.target import Access


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a bundle: its path, its text, and where it was had."""

    path: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A source that gave nothing, and why."""

    source: str
    why: str


@dataclass(frozen=True, slots=True)
class Window:
    """The time that evidence is about."""

    since: datetime
    until: datetime


Source = Callable[[Window], list[Part]]
"""Collects parts; raises HarnessError or OSError with the reason when it cannot."""
Sources = Mapping[str, Source]
Ask = tuple[Prometheus, Window]


@dataclass(frozen=True, slots=True)
class Site:
    """Where a running system is looked at. Empty texts and None are what nobody has named."""

    target: str
    access: Access
    prometheus: str
    alertmanager: str
    logs: str
    containers: tuple[str, ...] = ()
    timeout_s: float = 10.0
