"""Switch what the service does, and wait until every instance says that it does it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from kit.pure.errors import BadInputError, UnreachableError
from kit.pure.fields import closest
from ops.incidents.instance import MODES, Chosen, Instance

MOST_REASON: Final = 200
"""Letters of a reason that the service takes."""
_LOOK_AGAIN_S: Final = 0.2
SHORT: Final = {
    "normal": "everything works",
    "degraded": "the language model is not asked; rules alone read sentences",
    "read_only": "writes are refused with 503; reading goes on",
}


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch that was made: before, after, and which instances have confirmed it."""

    before: Chosen
    after: Chosen
    confirmed: tuple[str, ...]
    waiting: tuple[str, ...]
    took_s: float

    @property
    def undo(self) -> str:
        """Return the command that brings the mode before back."""
        return f"sre incident mode {self.before.mode} --why 'back to what was before'"


def checked_mode(text: str) -> str:
    """Return a mode as the service calls it; BadInputError names the nearest."""
    mode = text.replace("-", "_")
    if mode not in MODES:
        raise BadInputError(f"no mode is called {text!r}", hint=closest(mode, MODES))
    return mode


def reason_of(who: str, why: str | None) -> str:
    """Return what the service keeps and logs: who did it and why."""
    words = " ".join((why or "").split())
    if not words:
        raise BadInputError(
            "nobody would know why the mode was changed", hint="say it: --why 'errors after deploy'"
        )
    reason = f"{who}: {words}"
    if len(reason) > MOST_REASON:
        raise BadInputError(
            f"the reason has {len(reason)} letters, and the service keeps {MOST_REASON}",
            hint="shorten --why",
        )
    return reason


def switch(
    instances: Sequence[Instance], mode: str, reason: str, *, within_s: float,
    waits: Callable[[tuple[str, ...]], None] = lambda _urls: None,
) -> Switch:  # fmt: skip
    """Switch through the first instance, and wait until the /metrics of each show the mode.

    `waits` gets the instances that do not show it yet whenever their number changes. An instance
    that cannot be asked counts as not yet; raises UnreachableError when the first cannot.
    """
    began_s = time.monotonic()
    before = instances[0].chosen()
    after = instances[0].choose(Chosen(mode, reason, before.manual_review))
    waiting, deadline = tuple(instances), began_s + within_s
    announced = -1
    while True:
        waiting = tuple(each for each in waiting if not _shows(each, mode))
        urls = tuple(each.url for each in waiting)
        if len(urls) != announced:
            announced = len(urls)
            waits(urls)
        if not waiting or time.monotonic() >= deadline:
            break
        time.sleep(_LOOK_AGAIN_S)
    confirmed = tuple(each.url for each in instances if each not in waiting)
    return Switch(before, after, confirmed, urls, time.monotonic() - began_s)


def _shows(instance: Instance, mode: str) -> bool:
    try:
        return instance.shown_mode() == mode
    except UnreachableError:
        return False
