"""What the system is built from: as locked, as new as it may be, and free of known holes?"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ops.checks.finding import Checked, Finding, no_data
from ops.maintenance import advisories, image_ages, outdated


@dataclass(frozen=True, slots=True)
class Wish:
    """What to look at: a lock, an index (None: ask none), advisories, and how old images may be."""

    lock: Path
    index_url: str | None
    advisories: Path | None
    oldest_image: timedelta
    timeout_s: float


def look(wish: Wish) -> Checked:
    """Return what is known of the dependencies; what cannot be asked is NO DATA."""
    begun, at = time.monotonic(), datetime.now(UTC)
    found = tuple(_findings(wish, at))
    return Checked("maintain dependencies", at, time.monotonic() - begun, found)


def _findings(wish: Wish, now: datetime) -> Iterator[Finding]:
    yield from outdated.judge_lock(wish.lock)
    if wish.index_url is None:
        yield no_data("newer releases", "no index was asked", "leave --offline out")
    else:
        yield from outdated.judge_outdated(index_url=wish.index_url, timeout_s=wish.timeout_s)
    yield from advisories.judge(wish.lock, folder=wish.advisories, timeout_s=wish.timeout_s)
    yield from image_ages.judge(now=now, oldest=wish.oldest_image)
