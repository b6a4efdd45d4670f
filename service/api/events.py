"""/events: create, list, read, replace, patch, delete."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from service.api import listing
from service.api.conditions import is_known, wanted_versions
from service.api.counted import counted
from service.api.idempotency import claim_of
from service.api.responses import Ready, empty, json, json_bytes, key_of, owner_of
from service.api.route import EventId
from service.api.route_docs import (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    WITH_BODY,
    WITH_DATABASE,
    WRITES,
    answered,
    route,
)
from service.api.schemas_events import (
    EventIn,
    EventList,
    EventOut,
    EventPatch,
    ForceQuery,
    ListQuery,
    NewEventIn,
)
from service.components import Components
from service.drafts import kept_or_refused, patched, put
from service.planning.event import Event
from service.views import etag_of, event_bytes

PLAN_PROBLEMS = (
    "invalid_time", "invalid_timezone", "invalid_recurrence", "recurrence_too_long",
    "recurrence_too_frequent",
)  # fmt: skip
CHANGES = (*WITH_DATABASE, *WRITES, "not_found", "precondition_failed", "conflict",
           "duplicate_header", "exceptions_lost")  # fmt: skip


def add(router: APIRouter, components: Components) -> None:
    """Add the routes."""
    _add_collection(router, components)
    _add_reading(router, components)
    _add_changing(router, components)


def kept(event: Event, status: int = 200) -> Ready:
    """Return an event with its tag."""
    headers = [(b"etag", etag_of(event).encode("ascii"))]
    if status == 201:  # noqa: PLR2004 - created
        headers.append((b"location", f"/events/{event.id}".encode("ascii")))
    return json_bytes(event_bytes(event), headers, status)


def _add_collection(router: APIRouter, components: Components) -> None:
    @router.post(
        "/events",
        status_code=201,
        response_model=EventOut,
        **route(
            scope="calendar",
            problems=(
                *WITH_BODY,
                *WITH_DATABASE,
                *WRITES,
                *PLAN_PROBLEMS,
                "conflict",
                "overlap",
                "window_too_large",
                "duplicate_header",
                "idempotency_mismatch",
            ),
            parameters=[IDEMPOTENCY_KEY],
            answers={201: answered("The event.", ETag="Its version.", Location="Where it is.")},
        ),
    )
    async def create(request: Request, body: NewEventIn) -> Ready:
        """Keep a new event."""
        with counted(components.telemetry, "create"):
            components.modes.must_write()
            owner = owner_of(request)
            claim = claim_of(request, owner, body)
            event = await components.event_service.draft(owner, body.model_dump())
            if event.recurrence is not None:
                components.telemetry.features.add("recurrence")
            if claim is not None:
                components.telemetry.features.add("idempotency")
                if (made := await components.event_service.made_by(claim)) is not None:
                    return kept(made.event, 201)
            if body.on_conflict == "reject":
                components.telemetry.features.add("conflicts")
                await components.availability.reject_overlap(event)
            if claim is None:
                return kept(await components.event_service.create(event), 201)
            return kept((await components.event_service.create_once(claim, event, {})).event, 201)

    @router.get(
        "/events",
        response_model=EventList,
        **route(
            scope="calendar",
            problems=(*WITH_DATABASE, "invalid_request", "invalid_cursor", "invalid_time",
                      "invalid_timezone", "window_too_large"),
            answers={200: answered("A page of events.")},
        ),
    )  # fmt: skip
    async def list_events(request: Request, query: Annotated[ListQuery, Query()]) -> Ready:
        """List the events that touch a range of time, in the order of their start."""
        with counted(components.telemetry, "list"):
            if query.q:
                components.telemetry.features.add("search")
            owner = owner_of(request)
            page, amount = await listing.page(
                components.event_service, components.compute_pool, owner, query
            )
            components.given.count(key_of(request), "list", amount)
            return json(page)


def _add_reading(router: APIRouter, components: Components) -> None:
    @router.get(
        "/events/{id}",
        response_model=EventOut,
        **route(
            scope="calendar",
            problems=(*WITH_DATABASE, "not_found", "duplicate_header"),
            parameters=[IF_NONE_MATCH],
            answers={
                200: answered("The event.", ETag="Its version."),
                304: answered("The version you have is right.", ETag="Its version."),
            },
        ),
    )
    async def read(request: Request, event_id: EventId) -> Ready:
        """Return one event."""
        with counted(components.telemetry, "read"):
            owner = owner_of(request)
            found = components.event_service.cached(owner, event_id)
            if found is None:
                components.telemetry.cache_misses.add("memory")
                found = await components.event_service.read_through(owner, event_id)
            else:
                components.telemetry.cache_hits.add("memory")
            if is_known(request, found.etag):
                return empty(304, {"ETag": found.etag})
            components.given.count(key_of(request), "read", 1)
            return json_bytes(found.body, ((b"etag", found.etag.encode("ascii")),))


def _add_changing(router: APIRouter, components: Components) -> None:
    changing = route(
        scope="calendar",
        problems=(*WITH_BODY, *CHANGES, *PLAN_PROBLEMS),
        parameters=[IF_MATCH],
        answers={200: answered("The event as it is now.", ETag="Its new version.")},
    )

    @router.put("/events/{id}", response_model=EventOut, **changing)
    async def replace(
        request: Request, event_id: EventId, body: EventIn, query: Annotated[ForceQuery, Query()]
    ) -> Ready:
        """Replace an event."""
        with counted(components.telemetry, "replace"):
            components.modes.must_write()
            fields = body.model_dump()
            after = await components.event_service.change(
                owner_of(request),
                event_id,
                lambda event, work: kept_or_refused(
                    event, put(event, fields), force=query.force, work=work
                ),
                versions=wanted_versions(request),
            )
            return kept(after)

    @router.patch("/events/{id}", response_model=EventOut, **changing)
    async def patch(
        request: Request,
        event_id: EventId,
        body: EventPatch,
        query: Annotated[ForceQuery, Query()],
    ) -> Ready:
        """Change the given fields of an event."""
        with counted(components.telemetry, "patch"):
            components.modes.must_write()
            wish = body.model_dump(exclude_unset=True)
            after = await components.event_service.change(
                owner_of(request),
                event_id,
                lambda event, work: kept_or_refused(
                    event, patched(event, wish), force=query.force, work=work
                ),
                versions=wanted_versions(request),
            )
            return kept(after)

    @router.delete(
        "/events/{id}",
        status_code=204,
        **route(
            scope="calendar",
            problems=CHANGES,
            parameters=[IF_MATCH],
            answers={204: answered("It is gone.")},
        ),
    )
    async def delete(request: Request, event_id: EventId) -> Ready:
        """Remove an event."""
        with counted(components.telemetry, "delete"):
            components.modes.must_write()
            await components.event_service.delete(
                owner_of(request), event_id, versions=wanted_versions(request)
            )
            return empty()
