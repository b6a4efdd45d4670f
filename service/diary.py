"""What can be done with a calendar: every change of an event goes through here."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from service.errors import ProblemError
from service.planning.event import Event, checked_rule, exceptions_of, times_of
from service.planning.instants import shifted
from service.store.documents import ENDLESS, text_of
from service.store.events import Events, Window

_ATTEMPTS: Final = 100  # of a change without If-Match, while others change the same event
_DEFAULTS: Final[Mapping[str, Any]] = {
    "end": None, "timezone": "UTC", "recurrence": None, "exdates": [], "location": None,
    "attendees": [], "description": "", "calendar": "default", "busy": True,
}  # fmt: skip
Draft = Mapping[str, Any]  # the fields of a checked request body


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, and where the rest begins."""

    events: tuple[Event, ...]
    more: bool


class Diary:
    """The use cases on events. `clock` returns the present in UTC."""

    def __init__(self, events: Events, *, clock: Callable[[], datetime]) -> None:
        self._events, self._clock = events, clock

    def draft(self, owner: str, fields: Draft) -> Event:
        """Return a new event that is not kept yet."""
        now = self._now()
        event_id = uuid.uuid4().hex
        return Event(
            id=event_id,
            owner=owner,
            uid=fields.get("uid") or f"{event_id}@calendar",
            version=1,
            created_at=now,
            updated_at=now,
            changes=(),
            **planned(fields),
        )

    async def create(self, event: Event) -> Event:
        """Keep a new event."""
        await self._events.insert(event, series_end=series_end_of(event))
        return event

    async def read(self, owner: str, event_id: str) -> Event:
        """Return an event of this owner."""
        event = await self._events.find(owner, event_id)
        if event is None:
            raise ProblemError("not_found", "no event with this id")
        return event

    async def change(
        self, owner: str, event_id: str, edit: Callable[[Event], Event], *, version: int | None
    ) -> Event:
        """Apply `edit` to the event and keep the result.

        With a `version` the event must still have it. Without one the edit is applied to the
        newest version, again when another change got in between, so that none is lost.
        """
        for _ in range(_ATTEMPTS):
            before = await self.read(owner, event_id)
            if version is not None and before.version != version:
                raise stale(before)
            after = replace(edit(before), version=before.version + 1, updated_at=self._now())
            if await self._events.replace(
                after, version=before.version, series_end=series_end_of(after)
            ):
                return after
        raise ProblemError("conflict", headers={"Retry-After": "1"})

    async def delete(self, owner: str, event_id: str, *, version: int | None) -> None:
        """Remove an event."""
        if await self._events.delete(owner, event_id, version=version):
            return
        raise stale(await self.read(owner, event_id))

    async def page(self, owner: str, window: Window, limit: int) -> Page:
        """Return the events of a window, at most `limit`."""
        found = await self._events.page(owner, window, limit + 1)
        return Page(events=tuple(found[:limit]), more=len(found) > limit)

    def _now(self) -> datetime:
        # MongoDB keeps milliseconds; what is answered must equal what is read back.
        now = self._clock()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


def stale(event: Event) -> ProblemError:
    """Return the problem of a change to a version that is no longer the newest."""
    return ProblemError("precondition_failed", headers={"ETag": f'"{event.version}"'})


def planned(fields: Draft) -> dict[str, Any]:
    """Return the fields of an event from a checked body, their meaning checked too."""
    start, end = times_of(
        fields["start"], fields["end"], all_day=fields["all_day"], timezone=fields["timezone"]
    )
    whole_days = not isinstance(start, datetime)
    return {
        "title": fields["title"],
        "start": start,
        "end": end,
        "timezone": fields["timezone"],
        "recurrence": checked_rule(fields["recurrence"]),
        "exdates": exceptions_of(
            fields["exdates"], timezone=fields["timezone"], all_day=whole_days
        ),
        "location": fields["location"] or None,
        "attendees": tuple(fields["attendees"]),
        "description": fields["description"],
        "calendar": fields["calendar"],
        "busy": fields["busy"],
    }


def replaced(event: Event, fields: Mapping[str, Any]) -> Event:
    """Return the event with all its fields as planned anew."""
    return replace(event, **fields)


def patched(event: Event, wish: Draft) -> Event:
    """Return the event with the given fields changed; null stands for a field's default.

    A new start without an end moves the event and keeps its length.
    """
    before = fields_of(event)
    fields = {**before, **{k: v for k, v in wish.items() if v is not None}}
    fields |= {k: _DEFAULTS[k] for k, v in wish.items() if v is None and k in _DEFAULTS}
    fields["all_day"] = wish.get("all_day")
    if "start" in wish and "end" not in wish:
        fields["end"] = None
        start = planned(fields)["start"]
        if isinstance(start, datetime) == isinstance(event.start, datetime):
            fields["end"] = text_of(shifted(start, event.length))
    return replace(event, **planned(fields))


def fields_of(event: Event) -> dict[str, Any]:
    """Return the fields of an event as a body would give them."""
    return {
        "title": event.title,
        "start": text_of(event.start),
        "end": text_of(event.end),
        "all_day": event.all_day,
        "timezone": event.timezone,
        "recurrence": event.recurrence,
        "exdates": [text_of(moment) for moment in event.exdates],
        "location": event.location,
        "attendees": list(event.attendees),
        "description": event.description,
        "calendar": event.calendar,
        "busy": event.busy,
    }


def series_end_of(event: Event) -> datetime | None:
    """Return when the last occurrence is over; None for an event that happens once."""
    return None if event.recurrence is None else ENDLESS


def utc_now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)
