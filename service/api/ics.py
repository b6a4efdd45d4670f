"""GET and POST /calendar.ics: a calendar as a file."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from service.api.body import read_bytes
from service.api.counted import counted
from service.api.responses import Ready, json, owner_of, text
from service.api.route_docs import WITH_BODY, WITH_DATABASE, WRITES, answered, route
from service.api.schemas_events import CalendarsQuery, ImportOut
from service.components import Components
from service.importing import keep_entries
from service.interchange.entries import entries_of
from service.interchange.export import icalendar_of
from service.store.events import Window

TYPE = "text/calendar"
MOST_EVENTS = 20_000
_EXAMPLE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Example//EN
BEGIN:VEVENT
UID:standup@example.org
DTSTAMP:20260301T120000Z
DTSTART:20260302T090000Z
DTEND:20260302T091500Z
SUMMARY:Standup
END:VEVENT
END:VCALENDAR
"""
_SCHEMA = {"type": "string", "pattern": "^BEGIN:VCALENDAR[\\s\\S]*END:VCALENDAR"}
_CONTENT = {"content": {TYPE: {"schema": _SCHEMA, "example": _EXAMPLE}}}


def add(router: APIRouter, components: Components) -> None:
    """Add the routes."""

    @router.get(
        "/calendar.ics",
        **route(
            scope="calendar",
            problems=(*WITH_DATABASE, "invalid_request", "window_too_large"),
            answers={200: answered("The calendar.") | _CONTENT},
        ),
    )
    async def export(request: Request, query: Annotated[CalendarsQuery, Query()]) -> Ready:
        """Export calendars as iCalendar."""
        with counted(components.telemetry, "export"):
            components.telemetry.features.add("export")
            events = await components.event_service.all_in(
                owner_of(request), Window(calendars=tuple(query.calendar)), MOST_EVENTS
            )
            body = await components.compute_pool.run_in_thread(partial(icalendar_of, events))
            shown = {"Content-Disposition": 'attachment; filename="calendar.ics"'}
            return text(body, f"{TYPE}; charset=utf-8", shown)

    @router.post(
        "/calendar.ics",
        response_model=ImportOut,
        **route(
            scope="calendar",
            problems=(*WITH_BODY, *WITH_DATABASE, *WRITES, "invalid_icalendar"),
            answers={200: answered("What was kept.")},
            request_body={"required": True, **_CONTENT},
        ),
    )
    async def keep(request: Request) -> Ready:
        """Import an iCalendar file; events with a known UID are replaced."""
        with counted(components.telemetry, "import"):
            components.modes.must_write()
            components.telemetry.features.add("import")
            limit = components.settings.import_limit_bytes
            body = await read_bytes(request, limit_bytes=limit, accepted=(TYPE,))
            entries = await components.compute_pool.run_in_thread(partial(entries_of, body))
            kept = await keep_entries(components.event_service, owner_of(request), entries)
            shown: dict[str, object] = {"created": kept.created, "updated": kept.updated}
            shown["skipped"] = kept.skipped
            if kept.warnings:
                shown["warnings"] = kept.warnings
            return json(shown)
