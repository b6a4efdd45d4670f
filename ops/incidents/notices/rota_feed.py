"""Who is on call by an iCalendar (RFC 5545): its events name people, and later ones go before.

A turn that somebody took over is an event of its own on top of the other; who is under it is the
secondary then.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
import icalendar
import recurring_ical_events

from kit.edge.tls import authorities
from kit.pure.errors import BadInputError, NotEnoughDataError, UnreachableError, reason_of
from kit.pure.moments import at_wall, midnight
from kit.pure.urls import shown
from ops.incidents.notices.people import People, Person, Rotation, Turn, turn_at

_AHEAD: Final = timedelta(days=60)
_MOST_BYTES: Final = 4 * 2**20
_TIMEOUT_S: Final = 10.0
Span = tuple[datetime, datetime, Person]


def on_call(people: People, moment: datetime, base: Path) -> Turn:
    """Return whose turn it is, by the rotation's order or its feed, a file beside `base`.

    Raises NotEnoughDataError where it is nobody's, UnreachableError where the feed is away.
    """
    rotation = people.rotation
    if rotation is None or not rotation.feed:
        return turn_at(people, moment)
    return turn_in(_read(rotation.feed, base), rotation, people, moment)


def turn_in(text: bytes, rotation: Rotation, people: People, moment: datetime) -> Turn:
    """Return whose turn it is at a moment by the text of an iCalendar."""
    spans = sorted(_spans(text, rotation, people, moment), key=lambda span: span[0])
    now = [span for span in spans if span[0] <= moment < span[1]]
    if not now:
        coming = next((span for span in spans if span[0] > moment), None)
        then = f"; next is {coming[2].name} from {coming[0]:%Y-%m-%d %H:%M}" if coming else ""
        raise NotEnoughDataError(
            f"the calendar names nobody on call at {moment:%Y-%m-%d %H:%M} UTC{then}",
            hint="add an event whose title is the name of one of the people",
        )
    since, until, primary = now[-1]
    later = [span for span in spans if span[1] > until]
    edges = [start for start, _, who in spans if moment < start < until and who != primary]
    until = min([until, *edges])
    follower = next((s[2] for s in reversed(spans) if s[0] <= until < s[1]), None)
    under = [span[2] for span in now[:-1] if span[2] != primary]
    after = next((span[2] for span in later if span[2] != primary), None)
    return Turn(primary, under[-1] if under else after, since, until, follower)


def _spans(text: bytes, rotation: Rotation, people: People, moment: datetime) -> Iterator[Span]:
    names = {each.name.casefold(): each for each in people.people.values()}
    names |= {each.id.casefold(): each for each in people.people.values()}
    names |= {each.email.casefold(): each for each in people.people.values() if each.email}
    try:
        calendar = icalendar.Calendar.from_ical(text)
        found: Any = recurring_ical_events.of(calendar).between(moment - _AHEAD, moment + _AHEAD)
    except (ValueError, KeyError, TypeError) as err:
        raise BadInputError(
            f"the rotation's calendar cannot be read: {err}", hint="is it an .ics file?"
        ) from err
    for event in found:
        who = names.get(str(event.get("SUMMARY", "")).strip().casefold())
        if who is not None:
            start, end = event.start, event.end
            yield _moment(start, rotation), _moment(end, rotation), who


def _moment(value: date, rotation: Rotation) -> datetime:
    if not isinstance(value, datetime):
        return midnight(value, rotation.zone).astimezone(UTC)
    aware = value if value.tzinfo is not None else at_wall(value, rotation.zone)
    return aware.astimezone(UTC)


def _read(feed: str, base: Path) -> bytes:
    if "://" not in feed:
        path = base / feed
        try:
            return path.read_bytes()
        except OSError as err:
            raise BadInputError(f"cannot read {path}: {err.strerror}", hint="see ical:") from err
    try:
        answer = httpx2.get(feed, timeout=_TIMEOUT_S, verify=authorities(), follow_redirects=True)
        answer.raise_for_status()
    except (httpx2.HTTPError, httpx2.InvalidURL) as err:
        raise UnreachableError(
            f"the rotation at {shown(feed)} does not answer: {shown(reason_of(err))}",
            hint="keep a copy as a file, and name that in ical:",
        ) from err
    if len(answer.content) > _MOST_BYTES:
        raise BadInputError(f"{shown(feed)} is larger than 4 MiB", hint="is it the rotation?")
    return bytes(answer.content)
