"""The time that an incident is looked at in, as people write its two ends."""

from datetime import UTC, datetime

from kit.pure.errors import BadInputError
from kit.pure.moments import moment_of
from ops.incidents.evidence.part import Window


def window_of(since: str, until: str) -> Window:
    """Return the time between two moments; BadInputError when it is none."""
    now = datetime.now(UTC).replace(microsecond=0)
    end = min(moment_of(until, now), now)
    start = moment_of(since, end if since != "now" else now)
    if start >= end:
        raise BadInputError(
            f"the time from {start:%Y-%m-%dT%H:%M:%SZ} to {end:%Y-%m-%dT%H:%M:%SZ} has no length",
            hint="give --since before --until",
        )
    return Window(start, end)
