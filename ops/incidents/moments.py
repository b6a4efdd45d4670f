"""Times as people write them: 90m ago, or a moment with its offset."""

from datetime import UTC, datetime, timedelta

from kit.pure.durations import parse_prometheus
from kit.pure.errors import BadInputError
from ops.incidents.evidence.part import Window


def moment_of(text: str, now: datetime) -> datetime:
    """Return a moment in UTC: `now`, a span before now (`2h`, `90m`), or RFC 3339.

    Raises BadInputError when it is none of these.
    """
    if text == "now":
        return now
    try:
        return now - timedelta(seconds=parse_prometheus(text))
    except (ValueError, OverflowError):
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise BadInputError(
            f"{text!r} is no time", hint="write 2h, 90m, or 2026-11-01T14:05:00Z"
        ) from err
    if moment.tzinfo is None:
        raise BadInputError(f"{text!r} has no offset from UTC", hint="write Z at its end")
    return moment.astimezone(UTC)


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
