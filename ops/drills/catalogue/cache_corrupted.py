"""Answers kept in Redis go wrong: the service gives them out until its caches are cleared."""

from collections.abc import Sequence
from typing import Final

import redis

from kit.pure.errors import UnreachableError
from ops.drills.acting import clear_cache, timed
from ops.drills.containers import LOOPBACK
from ops.drills.drill import Action, Drill, Expected
from ops.drills.stack import Stack

_ANSWERS: Final = "calendar:answer:*"
_GOOD: Final = 0.85


def corrupt(stack: Stack) -> int:
    """Move every cached answer to another century, and return how many there were.

    They stay valid JSON of the right form, so that nothing but a look at what they say finds it.
    """
    number = 0
    with redis.Redis(host=LOOPBACK, port=stack.redis.port, socket_timeout=5) as client:
        for key in client.scan_iter(match=_ANSWERS, count=500):
            value = client.get(key)
            if isinstance(value, bytes):
                client.set(key, value.replace(b'"start":"20', b'"start":"19'), keepttl=True)
                number += 1
    return number


def _inject(stack: Stack) -> Sequence[Action]:
    try:
        return [timed("overwrite every answer in Redis", lambda: corrupt(stack))]
    except redis.RedisError as err:
        raise UnreachableError(f"the drill's Redis cannot be written: {err}") from err


DRILL: Final = Drill(
    name="cache-corrupted",
    breaks="every cached answer in Redis says another century",
    expects=(Expected("AccuracyVeryLow", "P2", "page-L1"),),
    about_s=240,
    inject=_inject,
    mend=lambda stack: [clear_cache(stack)],
    steady=lambda stack: min(stack.value('parsing_accuracy_ratio{slice="all"}'), default=0) > _GOOD,
    # What each worker keeps for itself is asked of Redis again after a second, not five minutes.
    settings={"CALENDAR_CACHE_TTL_S": "1"},
    golden_every_s=5.0,
    detect_within_s=180,
    resolve_within_s=420,
)
