"""/events/{id}/occurrences and /conflicts: when an event happens, and changing one time."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from service.api.conditions import wanted_versions
from service.api.counted import counted
from service.api.events import CHANGES, PLAN_PROBLEMS
from service.api.responses import Ready, empty, json, json_bytes, owner_of
from service.api.route import EventId, OccurrenceAt
from service.api.route_docs import IF_MATCH, WITH_BODY, WITH_DATABASE, answered, route
from service.api.schemas_events import EventOut, ForceQuery
from service.api.schemas_times import (
    ConflictList,
    LimitedWindowQuery,
    OccurrenceList,
    OccurrencePatch,
    SpanQuery,
)
from service.api.windows import span_of
from service.components import Components
from service.drafts import kept_or_refused, renewed
from service.errors import ProblemError
from service.json_values import JsonMapping, JsonObject
from service.planning.event import Event
from service.planning.instants import LAST_END_YEAR, LAST_YEAR, instant_of, moment_of, zone_of
from service.planning.recurring import starts
from service.planning.series import Occurrence, occurrence_at
from service.planning.split import ended_before, rest_from, with_change, without
from service.planning.work import Work
from service.views import etag_of, event_bytes, occurrence_view

_WINDOW = (*WITH_DATABASE, "invalid_request", "invalid_time", "invalid_timezone",
           "window_too_large", "not_found")  # fmt: skip


def add(router: APIRouter, components: Components) -> None:
    """Add the routes."""
    _add_reading(router, components)
    _add_changing(router, components)


def _add_reading(router: APIRouter, components: Components) -> None:
    @router.get(
        "/events/{id}/occurrences",
        response_model=OccurrenceList,
        **route(scope="calendar", problems=_WINDOW, answers={200: answered("The occurrences.")}),
    )
    async def occurrences(
        request: Request, event_id: EventId, query: Annotated[LimitedWindowQuery, Query()]
    ) -> Ready:
        """List when an event happens within a window, in order."""
        with counted(components.telemetry, "occurrences"):
            components.telemetry.features.add("occurrences")
            span = span_of(query.start, query.end, query.timezone, [])
            event = await components.event_service.read(owner_of(request), event_id)
            found = await components.availability.first(event, span, query.limit)
            return json({"occurrences": [occurrence_view(o) for o in found]})

    @router.get(
        "/events/{id}/conflicts",
        response_model=ConflictList,
        **route(scope="calendar", problems=_WINDOW, answers={200: answered("What overlaps.")}),
    )
    async def conflicts(
        request: Request, event_id: EventId, query: Annotated[LimitedWindowQuery, Query()]
    ) -> Ready:
        """List what else happens at the same time as an event, within a window."""
        with counted(components.telemetry, "conflicts"):
            components.telemetry.features.add("conflicts")
            span = span_of(query.start, query.end, query.timezone, query.calendar)
            event = await components.event_service.read(owner_of(request), event_id)
            pairs = await components.availability.conflicts(event, span, query.limit)
            found = [
                {"occurrence": occurrence_view(mine), "other": occurrence_view(other)}
                for mine, other in pairs
            ]
            return json({"conflicts": found})


def _add_changing(router: APIRouter, components: Components) -> None:
    @router.patch(
        "/events/{id}/occurrences/{at}",
        response_model=EventOut,
        **route(
            scope="calendar",
            problems=(*WITH_BODY, *CHANGES, *PLAN_PROBLEMS),
            parameters=[IF_MATCH],
            answers={200: answered("The series, or what follows.", ETag="Its version.")},
        ),
    )
    async def change(
        request: Request,
        event_id: EventId,
        at: OccurrenceAt,
        body: OccurrencePatch,
        query: Annotated[ForceQuery, Query()],
    ) -> Ready:
        """Change one occurrence, or it and all that follow (which become a new series)."""
        with counted(components.telemetry, "change_occurrence"):
            components.modes.must_write()
            wish = body.model_dump(exclude_unset=True, exclude={"span"})
            owner, versions = owner_of(request), wanted_versions(request)
            if body.span == "this":
                after = await components.event_service.change(
                    owner,
                    event_id,
                    lambda event, work: with_change(
                        event, named(event, at, work), timed(event, wish)
                    ),
                    versions=versions,
                )
            else:
                after = await components.event_service.split(
                    owner,
                    event_id,
                    lambda event, work: _cut(event, at, wish, work, force=query.force),
                    versions=versions,
                )
            return json_bytes(event_bytes(after), ((b"etag", etag_of(after).encode("ascii")),))

    @router.delete(
        "/events/{id}/occurrences/{at}",
        status_code=204,
        **route(
            scope="calendar",
            problems=(*CHANGES, *PLAN_PROBLEMS, "invalid_request"),
            parameters=[IF_MATCH],
            answers={204: answered("It does not happen any more.")},
        ),
    )
    async def leave_out(
        request: Request, event_id: EventId, at: OccurrenceAt, query: Annotated[SpanQuery, Query()]
    ) -> Ready:
        """Leave out one occurrence, or it and all that follow."""
        with counted(components.telemetry, "change_occurrence"):
            components.modes.must_write()

            def edit(event: Event, work: Work) -> Event:
                occurrence = named(event, at, work)
                if query.span == "this":
                    return without(event, occurrence)
                if is_first(event, occurrence, work):
                    raise ProblemError("invalid_request", "nothing would be left; delete the event")
                return ended_before(event, occurrence)

            await components.event_service.change(
                owner_of(request), event_id, edit, versions=wanted_versions(request)
            )
            return empty()


def named(event: Event, at: str, work: Work) -> Occurrence:
    """Return the occurrence that a path names."""
    moment = moment_of(at, zone_of(event.timezone), field="at")
    found = occurrence_at(event, moment, work) if event.is_series else None
    if found is None:
        raise ProblemError("not_found", "the series has no such occurrence")
    return found


def timed(event: Event, wish: JsonMapping) -> JsonObject:
    """Return a wish with its times as moments in the zone of the event."""
    zone = zone_of(event.timezone)
    times = {
        name: moment_of(wish[name], zone, field=name, last_year=last)
        for name, last in (("start", LAST_YEAR), ("end", LAST_END_YEAR))
        if wish.get(name)
    }
    return {**wish, **times}


def is_first(event: Event, occurrence: Occurrence, work: Work) -> bool:
    """Return whether a series has nothing before an occurrence."""
    first = next(starts(event, work=work), occurrence.at)
    return instant_of(occurrence.at) <= instant_of(first)


def _cut(
    event: Event, at: str, wish: JsonMapping, work: Work, *, force: bool
) -> tuple[Event, Event]:
    """Return the series up to an occurrence, and the changed rest as a new one."""
    occurrence = named(event, at, work)
    if is_first(event, occurrence, work):
        raise ProblemError("invalid_request", "this is the first occurrence; patch the event")
    before, rest = rest_from(event, occurrence, timed(event, wish), work)
    rest = kept_or_refused(before, rest, force=force, work=work)
    return ended_before(event, occurrence), renewed(rest)
