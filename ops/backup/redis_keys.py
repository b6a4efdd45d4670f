"""Which keys of a Redis are meant, and how they are found."""

from collections.abc import Iterator
from typing import Final

import redis

SERVICE_PREFIX: Final = "calendar:"
STAGE: Final = b"_sre_restore:"
"""Keys of ours wait under it until a restore is complete."""


def pattern_of(prefix: str) -> bytes:
    """Return the pattern of SCAN that finds what begins with a prefix, taken literally."""
    return "".join(f"\\{c}" if c in "*?[]^\\-" else c for c in prefix).encode() + b"*"


def found(client: redis.Redis, prefix: str) -> Iterator[bytes]:
    """Yield the keys that begin with a prefix, without ours; one may come more than once."""
    for key in client.scan_iter(match=pattern_of(prefix), count=1000):
        if not key.startswith(STAGE):
            yield key
