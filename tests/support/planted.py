"""The service with one bug each, as a mistaken change could bring it; for the checkers to find."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request

from service import reader
from service.api import events as events_api
from service.api import listing
from service.api.schemas_events import ListQuery
from service.app import build_app
from service.event_service import EventService
from service.planning.event import Event
from service.settings import Settings
from service.store.documents import event_of
from service.store.events import Events, Window


def _built() -> FastAPI:
    return build_app(Settings())


def _plant(place: object, name: str, mistake: object) -> None:
    setattr(place, name, mistake)


def drops_a_write() -> FastAPI:
    """Every ninth insertion is acknowledged and not made."""
    right, seen = Events.insert, [0]

    async def insert(self: Events, event: Event, *, series_end: datetime | None) -> None:
        seen[0] += 1
        if seen[0] % 9:
            await right(self, event, series_end=series_end)

    _plant(Events, "insert", insert)
    return _built()


def skips_if_match() -> FastAPI:
    """If-Match is not compared."""

    def any_will_do(_request: Request) -> None:
        return None

    _plant(events_api, "wanted_versions", any_will_do)
    return _built()


def forgets_the_owner() -> FastAPI:
    """One query looks for an event by its id alone."""

    async def find(self: Events, _owner: str, event_id: str) -> Event | None:
        wanted = {"_id": event_id}
        found = await self._mongodb.call(lambda: self._collection.find_one(wanted), repeatable=True)
        return None if found is None else event_of(found)

    _plant(Events, "find", find)
    return _built()


def lists_from_a_stale_cache() -> FastAPI:
    """Every third list of an owner is the one before."""
    right = listing.page
    kept: dict[str, Any] = {}
    asked: dict[str, int] = {}

    async def page(service: EventService, pool: Any, owner: str, query: ListQuery) -> Any:
        asked[owner] = asked.get(owner, 0) + 1
        if asked[owner] % 3 or owner not in kept:
            kept[owner] = await right(service, pool, owner, query)
        return kept[owner]

    _plant(listing, "page", page)
    return _built()


def forgets_the_key() -> FastAPI:
    """An Idempotency-Key is taken and not looked at."""
    _plant(events_api, "claim_of", lambda *_words: None)
    return _built()


def busy_without_the_newest() -> FastAPI:
    """Free/busy leaves out the event that begins last."""
    right = EventService.all_in

    async def all_in(self: EventService, owner: str, window: Window, most: int) -> list[Event]:
        return (await right(self, owner, window, most))[:-1]

    _plant(EventService, "all_in", all_in)
    return _built()


def imports_a_part() -> FastAPI:
    """Of what is imported the last event of each file is left out."""
    right = Events.insert_all

    async def insert_all(
        self: Events, events: Sequence[tuple[Event, datetime | None]]
    ) -> list[Event]:
        return await right(self, events[:-1])

    _plant(Events, "insert_all", insert_all)
    return _built()


def crashes_in_the_parser() -> FastAPI:
    """The parser raises an error for a sentence with "boom" in it."""
    right = vars(reader)["parse"]

    def parse(text: str, **more: Any) -> Any:
        if "boom" in text:
            raise RuntimeError(text)
        return right(text, **more)

    _plant(reader, "parse", parse)
    return _built()


PLANTED: dict[str, tuple[Callable[[], FastAPI], str]] = {
    "drops an acknowledged write": (drops_a_write, "acknowledged-writes-are-there"),
    "skips the If-Match comparison": (skips_if_match, "if-match-takes-no-stale-version"),
    "forgets the owner in one query": (forgets_the_owner, "nobody-sees-anothers-event"),
    "lists from a stale cache": (lists_from_a_stale_cache, "own-writes-are-read"),
    "forgets the Idempotency-Key": (forgets_the_key, "a-key-makes-one-event"),
    "answers busy times without an event": (
        busy_without_the_newest,
        "busy-times-are-those-of-the-events",
    ),
    "imports a part": (imports_a_part, "an-import-is-whole-or-resumable"),
}
"""By what it does: the factory, and the promise that it breaks."""
