"""Secret addresses that show a calendar to programs which take no key, as `webcal`."""

import hashlib
from functools import partial
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query
from starlette.requests import Request

from service.api.conditions import is_known
from service.api.ics import MOST_EVENTS, TYPE
from service.api.responses import Ready, empty, json, owner_of, text
from service.api.route_docs import (
    IF_NONE_MATCH,
    WITH_BODY,
    WITH_DATABASE,
    WRITES,
    answered,
    route,
)
from service.api.schemas_times import (
    NewSubscriptionOut,
    SubscriptionIn,
    SubscriptionList,
    SubscriptionsQuery,
)
from service.components import Components
from service.errors import ProblemError
from service.interchange.export import icalendar_of
from service.planning.event import Event
from service.planning.work import Work
from service.store.events import Window
from service.store.subscriptions import Subscription

_CACHE = "private, max-age=300"
_UNKNOWN = "no calendar has this address, or it was revoked"


def add(router: APIRouter, components: Components) -> None:
    """Add the routes."""
    _add_reading(router, components)

    @router.post(
        "/subscriptions",
        status_code=201,
        response_model=NewSubscriptionOut,
        **route(
            scope="calendar",
            problems=(*WITH_BODY, *WITH_DATABASE, *WRITES),
            answers={201: answered("The address; it is shown this once.")},
        ),
    )
    async def make(request: Request, body: SubscriptionIn) -> Ready:
        """Make a secret address that shows a calendar, or all of them, to whoever has it."""
        components.modes.must_write()
        now = components.event_service.now()
        made, token = await components.subscriptions.make(
            owner_of(request), body.calendar or "", now
        )
        url = f"{_base_of(request, components)}/subscribe/{token}.ics"
        webcal = f"webcal{url.removeprefix(urlsplit(url).scheme)}"
        return json({**_view(made), "url": url, "webcal": webcal}, 201)

    @router.get(
        "/subscriptions",
        response_model=SubscriptionList,
        **route(
            scope="calendar",
            problems=(*WITH_DATABASE, "invalid_request"),
            answers={200: answered("What may be revoked.")},
        ),
    )
    async def every(request: Request, query: Annotated[SubscriptionsQuery, Query()]) -> Ready:
        """List the addresses that show calendars of this owner, without their secrets."""
        found = await components.subscriptions.every(owner_of(request), query.limit)
        return json({"subscriptions": [_view(one) for one in found]})

    @router.delete(
        "/subscriptions/{subscription_id}",
        status_code=204,
        **route(
            scope="calendar",
            problems=(*WITH_DATABASE, *WRITES, "not_found"),
            answers={204: answered("It shows nothing any more.")},
        ),
    )
    async def revoke(request: Request, subscription_id: str) -> Ready:
        """Let an address show nothing any more."""
        components.modes.must_write()
        if not await components.subscriptions.revoke(owner_of(request), subscription_id):
            raise ProblemError("not_found", "no address with this id")
        return empty()


def _add_reading(router: APIRouter, components: Components) -> None:
    @router.get(
        "/subscribe/{token}.ics",
        **route(
            problems=(*WITH_DATABASE, "not_found", "rate_limited", "window_too_large"),
            parameters=[IF_NONE_MATCH],
            answers={
                200: answered("The calendar.", ETag="Of what it shows.", Cache_Control="How long.")
                | {"content": {TYPE: {"schema": {"type": "string"}}}},
                304: answered("It is as you have it."),
            },
        ),
    )
    async def read(request: Request, token: str) -> Ready:
        """Show the calendar of a secret address, to whoever has it."""
        found = await components.subscriptions.at(token)
        if found is None:
            raise ProblemError("not_found", _UNKNOWN)
        request.scope["rate_headers"] = components.rate_limiter.count(found.id)
        calendars = (found.calendar,) if found.calendar else ()
        events = await components.event_service.all_in(
            found.owner, Window(calendars=calendars), MOST_EVENTS
        )
        settings = components.settings
        release = f"{settings.version}-{settings.revision}"
        etag = await components.compute_pool.run(lambda work: _etag_of(events, release, work))
        shown = {"ETag": etag, "Cache-Control": _CACHE}
        if is_known(request, etag):
            return empty(304, shown)
        components.telemetry.features.add("export")
        body = await components.compute_pool.run_in_thread(partial(icalendar_of, events))
        components.given.count(found.id, "export", len(events))
        return text(body, f"{TYPE}; charset=utf-8", shown)


def _etag_of(events: list[Event], release: str, work: Work) -> str:
    """Return the tag of what is shown: of every event and its version, and of who writes it."""
    work(len(events))
    parts = [release, *(f"{event.id}:{event.version}:{event.updated_at}" for event in events)]
    return f'"{hashlib.blake2s(chr(10).join(parts).encode(), digest_size=16).hexdigest()}"'


def _base_of(request: Request, components: Components) -> str:
    """Return where the service is for those who subscribe."""
    return components.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")


def _view(found: Subscription) -> dict[str, object]:
    return {
        "id": found.id,
        "calendar": found.calendar or None,
        "created_at": found.created_at.isoformat(),
    }
