"""Do several things at once and leave at a deadline, whatever hangs."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")
PATIENCE_S: Final = 5.0
"""How long one thing is waited for, where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Ended(Generic[T]):
    """How one thing ended: with a value, with an error, or (neither) not in time."""

    value: T | None = None
    error: Exception | None = None
    in_time: bool = True


def run_concurrently(
    tasks: Mapping[str, Callable[[], T]], *, within_s: float
) -> dict[str, Ended[T]]:
    """Return how each task ended; those still at work after `within_s` are left to themselves.

    They run in threads that do not keep the process alive: a name server or a socket that hangs
    can hold no check.
    """
    ended: dict[str, Ended[T]] = {}
    threads = [
        threading.Thread(target=_run, args=(name, task, ended), daemon=True, name=f"check {name}")
        for name, task in tasks.items()
    ]
    deadline = time.monotonic() + within_s
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    found = dict(ended)  # what ends from here on is too late
    return {name: found.get(name, Ended(in_time=False)) for name in tasks}


def raise_first(ended: Mapping[str, Ended[T]]) -> None:
    """Raise the first error among what has ended, if there is one."""
    for one in ended.values():
        if one.error is not None:
            raise one.error


def _run(name: str, task: Callable[[], T], ended: dict[str, Ended[T]]) -> None:
    try:
        ended[name] = Ended(value=task())
    except Exception as err:  # noqa: BLE001 -- whatever it is, the caller tells it
        ended[name] = Ended(error=err)
