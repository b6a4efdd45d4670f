"""API keys: what they look like, and checking one without keeping it."""

import asyncio
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

TRACES: Final = "traces"
SCOPES: Final = ("calendar", "metrics", "admin", TRACES)
# The id finds the key in the database, the secret proves it. The prefix lets scanners of
# published code recognise a lost one.
_KEY: Final = re.compile(r"cal_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
_ID_BYTES: Final = 8
_SECRET_BYTES: Final = 32
_AT_ONCE: Final = 2


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key as it is kept: only the hash of its secret."""

    id: str
    owner: str
    scopes: frozenset[str]
    hash: str
    label: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    def is_usable(self, now: datetime) -> bool:
        """Return whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def parted(key: str) -> tuple[str, str] | None:
    """Return id and secret of a key, None when it does not look like one."""
    found = _KEY.fullmatch(key)
    return (found[1], found[2]) if found else None


def fresh_key() -> tuple[str, str, str]:
    """Return a new key, its id, and its secret."""
    key_id, secret = secrets.token_hex(_ID_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
    return f"cal_{key_id}_{secret}", key_id, secret


class Hashes:
    """Argon2id with OWASP's second choice (19 MiB, 2 passes), beside the event loop.

    At most two at a time: more would only take memory, and a flood of wrong keys must not. The two
    threads do nothing else, so that no other work keeps a key waiting.
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="hashes")

    async def of(self, secret: str) -> str:
        """Return the hash of a secret."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._hasher.hash, secret)

    async def match(self, kept: str, secret: str) -> bool:
        """Return whether a secret is the one that was hashed."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._matches, kept, secret)

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, kept: str, secret: str) -> bool:
        try:
            return self._hasher.verify(kept, secret)
        except (VerificationError, InvalidHashError):
            return False
