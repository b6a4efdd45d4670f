"""A token that becomes a cookie: nothing is kept here, the cookie proves itself."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from threading import Lock
from time import time
from typing import Final

COOKIE: Final = "sre_console"
SHORTEST: Final = 16
LASTS_S: Final = 12 * 3600
_FAILURES: Final = 10
_FAILURES_S: Final = 60.0
_MOST_PEERS: Final = 1000


@dataclass(slots=True)
class Session:
    """Opens with `token`; a cookie lasts twelve hours, or until the token is another."""

    token: str = field(repr=False)
    clock: Callable[[], float] = time
    _failed: dict[str, list[float]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def opens(self, given: str, peer: str) -> bool | None:
        """Say whether a token is the right one; None when `peer` has guessed too often."""
        now = self.clock()
        with self._lock:
            recent = [at for at in self._failed.get(peer, ()) if now - at < _FAILURES_S]
            if len(recent) >= _FAILURES:
                self._failed[peer] = recent
                return None
            if hmac.compare_digest(given.encode(), self.token.encode()):
                self._failed.pop(peer, None)
                return True
            if len(self._failed) >= _MOST_PEERS:
                self._failed.clear()
            self._failed[peer] = [*recent, now]
            return False

    def cookie(self) -> str:
        """Return the value of a new cookie: until when it holds, and the proof of that."""
        until = str(int(self.clock()) + LASTS_S)
        return f"{until}.{self._proof(until)}"

    def holds(self, header: str) -> bool:
        """Say whether a Cookie header holds a cookie of ours that has not run out."""
        try:
            found = SimpleCookie(header).get(COOKIE)
        except CookieError:
            return False
        until, _, proof = (found.value if found else "").partition(".")
        if not until.isdecimal() or len(until) > 12 or not proof.isascii():  # noqa: PLR2004 -- seconds since the epoch
            return False
        return hmac.compare_digest(proof, self._proof(until)) and int(until) > self.clock()

    def _proof(self, until: str) -> str:
        key = hashlib.sha256(b"sre console cookie\0" + self.token.encode()).digest()
        return hmac.new(key, until.encode(), hashlib.sha256).hexdigest()


def new_token() -> str:
    """Return a token that nobody guesses."""
    return secrets.token_urlsafe(24)
