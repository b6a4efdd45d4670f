"""Who is asking, may they, and not too often: the first thing that happens on a route.

While MongoDB is away nobody can be looked up. A route that needs no MongoDB, and only reads what
it is sent, then still answers the keys that were good within the last quarter of an hour.
"""

import hashlib
import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from service.errors import ProblemError, UnavailableError
from service.guard.callers_site import must_be_own
from service.guard.key_cache import CachedKey, KeyCache
from service.guard.keys import SCOPES, TRACES, Hashes, KeyRecord, parted
from service.guard.logins import FailedLogins
from service.guard.rate_limits import RateLimiter
from service.observe.current import Trace
from service.observe.journal import Journal
from service.observe.middleware import Scope
from service.observe.parts import Part
from service.settings import Settings
from service.store.keys import Keys
from service.store.lru import Lru
from service.telemetry import Telemetry

LOCAL_OWNER: Final = "local"
ADMIN_OWNER: Final = "admin"
_REMEMBERED: Final = 10_000
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="calendar"'}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a key stands for; with a `refusal` it opens nothing, for that reason."""

    owner: str
    scopes: frozenset[str]
    key_id: str
    refusal: str = ""


_ADMIN: Final = Caller(ADMIN_OWNER, frozenset(SCOPES), "admin")


class Admission:
    """Sets the owner of a request, or refuses it.

    A key that was checked is remembered for a short time, so that its slow hash is worked out
    once and not for each request; only a keyed digest of it is kept. `key_cache` sees to it that it
    opens nothing once it is revoked.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        keys: Keys,
        key_cache: KeyCache,
        rate_limiter: RateLimiter,
        logins: FailedLogins,
        hashes: Hashes,
        telemetry: Telemetry,
        journal: Journal,
        is_away: Callable[[], bool],
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._open = settings.auth == "off"
        self._admin_key = settings.admin_key.get_secret_value()
        self._keys, self._rate_limiter, self._logins = keys, rate_limiter, logins
        self._telemetry, self._journal, self._clock = telemetry, journal, clock
        self._key_cache, self._is_away, self._monotonic = key_cache, is_away, monotonic
        self._decided: Lru[Caller] = Lru(
            size=_REMEMBERED, ttl_s=settings.key_memory_s, clock=monotonic
        )  # refusals, and the key of the environment
        self._hashes, self._salt = hashes, os.urandom(16)

    async def admit(self, scope: Scope, needed: str, *, known_keys: bool) -> None:
        """Let a request in that may use a route of the scope `needed`, else raise a problem.

        With `known_keys` those that were good lately open it while MongoDB is away.
        """
        trace: Trace = scope["trace"]
        if self._open:
            must_be_own(scope["method"], scope["headers"])
            trace.owner = trace.key_id = LOCAL_OWNER
            trace.may_ask = True
            scope["rate_headers"] = self._rate_limiter.count(LOCAL_OWNER)
            self._telemetry.saw_user(LOCAL_OWNER)
            return
        given = _given(scope)
        if not given:
            raise self._refused(trace, _refusal("missing"))
        digest = hashlib.blake2s(given, key=self._salt, digest_size=16).hexdigest()
        caller = self._decided.get(digest)
        if caller is None:
            with Part("auth", "authenticate"):
                caller = await self._caller(given, digest, trace, known_keys=known_keys)
        if caller.refusal:
            raise self._refused(trace, caller)
        trace.owner, trace.key_id = caller.owner, caller.key_id
        trace.may_ask = TRACES in caller.scopes
        scope["rate_headers"] = self._rate_limiter.count(caller.key_id)
        if needed not in caller.scopes:
            self._note(trace, "scope")
            raise ProblemError("forbidden", f"the key lacks the scope {needed!r}")
        self._telemetry.saw_user(caller.owner)

    async def _caller(self, given: bytes, digest: str, trace: Trace, *, known_keys: bool) -> Caller:
        """Return whom a key stands for; raises UnavailableError when nobody can say."""
        known = self._key_cache.while_away(digest) if known_keys else None
        if known is not None and self._is_away():
            return _while_away(known)
        try:
            record = await self._key_cache.find(digest)
            if record is None:
                return await self._identified(given.decode("latin-1"), digest, trace)
        except UnavailableError:
            if known is None:
                raise
            return _while_away(known)
        return Caller(record.owner, record.scopes, record.id)

    async def _identified(self, key: str, digest: str, trace: Trace) -> Caller:
        """Return whom a key stands for, and remember it."""
        caller = await self._checked(key, digest, trace)
        if caller.refusal or caller is _ADMIN:
            self._decided.put(digest, caller)
        if caller.refusal:
            self._key_cache.drop(digest)
        return caller

    async def _checked(self, key: str, digest: str, trace: Trace) -> Caller:
        if self._admin_key and hmac.compare_digest(key.encode(), self._admin_key.encode()):
            return _ADMIN
        parts = parted(key)
        if parts is None:
            return _refusal("malformed")
        key_id, secret = parts
        if self._logins.is_blocked(trace.client, key_id) and not self._key_cache.was_good(digest):
            raise self._blocked()
        read_at = self._monotonic()
        record = await self._keys.find(key_id)
        if record is None:
            return _refusal("unknown")
        if not await self._hashes.match(record.hash, secret):
            return _refusal("wrong", key_id)
        if not record.is_usable(self._clock()):
            return _refusal("revoked", key_id)
        now = await self._key_cache.remember(digest, CachedKey(record, read_at))
        return _refusal("revoked", key_id) if now is None else Caller(now.owner, now.scopes, now.id)

    def _refused(self, trace: Trace, caller: Caller) -> ProblemError:
        if caller.refusal != "missing":
            if self._logins.is_blocked(trace.client):
                return self._blocked()
            self._logins.failed(trace.client, caller.key_id)
        self._note(trace, caller.refusal)
        return ProblemError("unauthorized", headers=_CHALLENGE)

    def _blocked(self) -> ProblemError:
        self._telemetry.auth_failures.add("blocked")
        return ProblemError(
            "rate_limited",
            "too many failed attempts from this address",
            headers={"Retry-After": str(self._logins.window_s)},
        )

    def _note(self, trace: Trace, reason: str) -> None:
        self._telemetry.auth_failures.add(reason)
        self._journal.event(
            "WARNING",
            "unauthorized",
            request_id=trace.request_id,
            reason=reason,
            address=trace.client,
        )


def _refusal(reason: str, key_id: str = "") -> Caller:
    return Caller("", frozenset(), key_id, refusal=reason)


def _while_away(record: KeyRecord) -> Caller:
    """Return whom a key stands for that nobody can look up: never for operators."""
    return Caller(record.owner, record.scopes & {"calendar"}, record.id)


def _given(scope: Scope) -> bytes:
    """Return the key that came with a request, empty when there is none."""
    found = [value for name, value in scope["headers"] if name in {b"authorization", b"x-api-key"}]
    if len(found) > 1:
        raise ProblemError("duplicate_header", "more than one key was given")
    key: bytes = found[0] if found else b""
    return key[7:] if key[:7].lower() == b"bearer " else key
