"""Replace replicas one by one: a new one takes requests before an old one stops taking them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kit.edge.containers import Say
from kit.pure.errors import HarnessError, UnreachableError
from ops.stack.compose import Compose
from ops.stack.containers import API, Container, containers_of, end, last_words
from ops.stack.proxy import Proxy

_LOOK_AGAIN_S: Final = 0.3
READY_WITHIN: Final = "READY_WITHIN_S"
"""Where `.env` says how long a new replica may take."""


class NotReadyError(HarnessError):
    """A new replica took no requests; it was removed again (exit code 1)."""


@dataclass(frozen=True, slots=True)
class Replicas:
    """The replicas of the service in one stack."""

    project: str
    compose: Compose
    proxy: Proxy
    say: Say
    ready_within_s: float

    def there(self) -> list[Container]:
        """Return them, oldest first, those that ended included."""
        return containers_of(self.project, API)

    def remove_ended(self) -> None:
        """Remove what neither runs nor is about to: Compose would start it instead of a new one."""
        for one in self.there():
            if one.state in {"exited", "dead", "created"}:
                end(one)

    def add(self, environment: Mapping[str, str] | None = None) -> Container:
        """Start one more and return it once the proxy sends it requests.

        Raises NotReadyError with its last words where it does not come to that; it is removed then.
        """
        self.remove_ended()
        before = {one.identity for one in self.there()}
        number = f"{API}={len(before) + 1}"
        up = ("up", "-d", "--no-deps", "--no-recreate", "--scale", number, API)
        self.compose.must(*up, environment=environment)
        fresh = [one for one in self.there() if one.identity not in before]
        if not fresh:
            raise UnreachableError("Compose started no further replica", hint="sre stack status")
        try:
            self._wait_until_it_serves(fresh[0])
        except BaseException:
            end(fresh[0])
            raise
        return next(one for one in self.there() if one.identity == fresh[0].identity)

    def take_out(self, container: Container) -> None:
        """End one after it has answered all that it was asked."""
        self.proxy.drained(container, lambda: end(container))

    def replace(self, old: Sequence[Container]) -> None:
        """Replace these by such as `.env` describes, one by one."""
        for number, one in enumerate(old, 1):
            new = self.add()
            self.take_out(one)
            self.say(f"replica {number} of {len(old)}: {one.name} replaced by {new.name}")

    def scale(self, wanted: int) -> None:
        """Have so many, adding and taking out one at a time."""
        self.remove_ended()
        for _ in range(wanted - len(self.there())):
            self.say(f"replica: {self.add().name} added")
        for one in self.there()[wanted:]:
            self.take_out(one)
            self.say(f"replica: {one.name} taken out")

    def _wait_until_it_serves(self, fresh: Container) -> None:
        deadline = time.monotonic() + self.ready_within_s
        while time.monotonic() < deadline:
            now = next((one for one in self.there() if one.identity == fresh.identity), None)
            if now is None or now.state in {"exited", "dead", "restarting"} or now.restarts:
                raise _not_ready(fresh, "ended instead of serving")
            place = self.proxy.place_of(now)
            if place is not None and place.is_up:
                return
            time.sleep(_LOOK_AGAIN_S)
        raise _not_ready(fresh, f"was not ready within {self.ready_within_s:g} s")


def _not_ready(fresh: Container, why: str) -> NotReadyError:
    return NotReadyError(
        f"replica {fresh.name} of {fresh.image} {why}; it said last: {last_words(fresh)}",
        hint="the replicas that ran before still serve; docker run the image to see more",
    )
