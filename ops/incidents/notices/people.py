"""Who there is: people with their zones, roles, vendors, and who is on call when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kit.pure.durations import parse_prometheus
from kit.pure.errors import NotEnoughDataError
from kit.pure.fields import Field
from kit.pure.moments import at_wall, local

PRIMARY, SECONDARY = "primary", "secondary"
USUAL: Final = (PRIMARY, SECONDARY, "dba", "architect", "cto")
"""Level 1 to 5 of the escalation, where the file names no other."""
_DAY: Final = timedelta(days=1)
_LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Person:
    """A person or a vendor; "" is what nobody wrote down, and a vendor has no zone."""

    id: str
    name: str
    phone: str = ""
    email: str = ""
    zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is on call from `since` until `until` (aware), and who comes then, None if unknown."""

    primary: Person
    secondary: Person | None
    since: datetime
    until: datetime
    then: Person | None


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who take turns of whole days; each turn ends at the same time of day in `zone`.

    `feed` is a file or address of an iCalendar instead, whose events name people.
    """

    zone: ZoneInfo
    order: tuple[str, ...] = ()
    start: datetime | None = None
    every: timedelta = 7 * _DAY
    feed: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """Everybody that the contacts name."""

    people: Mapping[str, Person]
    roles: Mapping[str, str]
    vendors: tuple[Person, ...]
    rotation: Rotation | None
    escalation: tuple[str, ...]

    def of_role(self, role: str, turn: Turn | None) -> Person | None:
        """Return who has a role, primary and secondary being those of a turn."""
        if turn is not None and role == PRIMARY:
            return turn.primary
        if turn is not None and role == SECONDARY:
            return turn.secondary
        return self.people.get(self.roles.get(role, ""))


def turn_at(people: People, moment: datetime) -> Turn:
    """Return whose turn it is by the order of a rotation; raises NotEnoughDataError before it.

    A turn lasts from one hand-over to the next by the clock of the rotation's zone, so that one
    over a change of the clocks is an hour shorter or longer.
    """
    rotation = people.rotation
    if rotation is None or rotation.start is None:
        raise NotEnoughDataError("no rotation is known", hint="add rotation: to the contacts")
    wall = local(moment, rotation.zone).replace(tzinfo=None)
    number = (wall - rotation.start) // rotation.every
    while _hand_over(rotation, number) > moment:
        number -= 1
    while _hand_over(rotation, number + 1) <= moment:
        number += 1
    if number < 0:
        raise NotEnoughDataError(
            f"the rotation begins at {rotation.start:%Y-%m-%d %H:%M}", hint="begin it earlier"
        )
    who = [people.people[name] for name in rotation.order]
    after = who[(number + 1) % len(who)]
    return Turn(
        who[number % len(who)], after if len(who) > 1 else None,
        _hand_over(rotation, number), _hand_over(rotation, number + 1), after,
    )  # fmt: skip


def _hand_over(rotation: Rotation, number: int) -> datetime:
    assert rotation.start is not None  # noqa: S101 -- turn_at has looked
    return at_wall(rotation.start + number * rotation.every, rotation.zone)


def read_people(root: Field) -> People:
    """Return the people of a loaded file of contacts; FieldError names file, field and fix."""
    people = {each.id: each for each in _listed(root.get("people"))}
    roles = root.get("roles")
    named = {name: roles.need(name).choice(*people) for name in roles.names()} if roles else {}
    rotation, escalation = root.get("rotation"), root.get("escalation")
    known = (PRIMARY, SECONDARY, *named)
    return People(
        people, named, tuple(_listed(root.get("vendors"))),
        _rotation(rotation, tuple(people)) if rotation else None,
        tuple(each.choice(*known) for each in escalation.items()) if escalation else USUAL,
    )  # fmt: skip


def _listed(place: Field | None) -> list[Person]:
    return [_person(name, place.need(name)) for name in place.names()] if place else []


def _person(name: str, place: Field) -> Person:
    place.only("name", "phone", "email", "zone")
    zone = place.get("zone")
    texts = {key: found.text() for key in ("name", "phone", "email") if (found := place.get(key))}
    if not texts.keys() & {"phone", "email"}:
        raise place.wrong("cannot be reached", "add phone: or email:")
    return Person(name, texts.get("name", name), texts.get("phone", ""), texts.get("email", ""),
                  _zone(zone) if zone else None)  # fmt: skip


def _rotation(place: Field, known: tuple[str, ...]) -> Rotation:
    place.only("zone", "start", "every", "order", "ical")
    zone, feed = _zone(place.need("zone")), place.get("ical")
    if feed is not None:
        place.without("start", "every", "order", why="says the same as ical")
        return Rotation(zone, feed=feed.text())
    order = tuple(each.choice(*known) for each in place.need("order").items())
    if not order:
        raise place.need("order").wrong("names nobody", "name who takes turns")
    start, every = place.need("start"), place.get("every")
    return Rotation(zone, order, _wall(start), _days(every) if every else 7 * _DAY)


def _zone(place: Field) -> ZoneInfo:
    try:
        return ZoneInfo(place.text())
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise place.wrong("is no time zone", "write Europe/Berlin") from err


def _wall(place: Field) -> datetime:
    given = place.value
    try:
        found = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError as err:
        raise place.wrong("is no time", "write '2026-01-05 09:00'") from err
    if found.tzinfo is not None:
        raise place.wrong("has an offset", "write the clock of the zone: '2026-01-05 09:00'")
    return found


def _days(place: Field) -> timedelta:
    try:
        found = timedelta(seconds=parse_prometheus(place.text()))
    except (ValueError, OverflowError) as err:
        raise place.wrong("is no duration", "write 7d") from err
    if not _DAY <= found <= _LONGEST or found % _DAY:
        raise place.wrong("is not of whole days, up to a year", "write 1d, 7d or 14d")
    return found
