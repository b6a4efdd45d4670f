"""GET /freebusy and /slots: when is there time?"""

from datetime import time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from service.api.counted import counted
from service.api.responses import Ready, json, owner_of
from service.api.route_docs import WITH_DATABASE, answered, route
from service.api.schemas_times import FreeBusyOut, SlotList, SlotsQuery, WindowQuery
from service.api.windows import span_of
from service.availability import Span
from service.components import Components
from service.planning.free import Hours, Interval, Wish
from service.planning.instants import zone_of
from service.planning.rule import WEEKDAYS

_PROBLEMS = (*WITH_DATABASE, "invalid_request", "invalid_time", "invalid_timezone",
             "window_too_large")  # fmt: skip


def add(router: APIRouter, components: Components) -> None:
    """Add the routes."""

    @router.get(
        "/freebusy",
        response_model=FreeBusyOut,
        **route(scope="calendar", problems=_PROBLEMS, answers={200: answered("The busy time.")}),
    )
    async def freebusy(request: Request, query: Annotated[WindowQuery, Query()]) -> Ready:
        """Say when somebody is busy within a window, without saying with what."""
        with counted(components.telemetry, "freebusy"):
            components.telemetry.features.add("freebusy")
            span = span_of(query.start, query.end, query.timezone, query.calendar)
            busy = await components.availability.busy(owner_of(request), span)
            return json({"busy": [_view(interval, span) for interval in busy]})

    @router.get(
        "/slots",
        response_model=SlotList,
        **route(scope="calendar", problems=_PROBLEMS, answers={200: answered("Suitable times.")}),
    )
    async def find_slots(request: Request, query: Annotated[SlotsQuery, Query()]) -> Ready:
        """Find the first times that suit a length, working hours, calendars and time zones."""
        with counted(components.telemetry, "slots"):
            components.telemetry.features.add("slots")
            span = span_of(query.start, query.end, query.timezone, query.calendar)
            wish = wish_of(query, span)
            found = await components.availability.free(owner_of(request), span, wish, query.count)
            return json({"slots": [_view(interval, span) for interval in found]})


def wish_of(query: SlotsQuery, span: Span) -> Wish:
    """Return what a query asks for."""
    weekdays = frozenset(WEEKDAYS.index(day) for day in query.days.split(","))
    begins, ends = time.fromisoformat(query.work_from), time.fromisoformat(query.work_to)
    zones = [zone_of(name) for name in query.zones or [query.timezone]]
    return Wish(
        length=timedelta(minutes=query.minutes),
        start=span.start,
        end=span.end,
        step=timedelta(minutes=query.step),
        hours=tuple(Hours(zone, begins, ends, weekdays) for zone in zones),
        buffer=timedelta(minutes=query.buffer),
    )


def _view(interval: Interval, span: Span) -> dict[str, str]:
    begins, ends = interval
    return {
        "start": begins.astimezone(span.zone).isoformat(),
        "end": ends.astimezone(span.zone).isoformat(),
    }
