"""GET and POST /calendar.ics: a calendar as a file."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request

from service.api.answers import Ready, json, owner_of, text
from service.api.body import read_bytes
from service.api.counted import counted
from service.api.document import WITH_BODY, WITH_DATABASE, WRITES, answered, route
from service.api.schemas_events import CalendarsQuery, ImportOut
from service.errors import ProblemError
from service.importing import keep_entries
from service.interchange.export import icalendar_of
from service.interchange.reading import entries_of
from service.parts import Parts
from service.planning.event import Event
from service.store.events import Window, position_of

TYPE = "text/calendar"
_MOST_EVENTS = 20_000
_PAGE = 1000
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


def add(router: APIRouter, parts: Parts) -> None:
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
        with counted(parts.telemetry, "export"):
            parts.telemetry.features.add("export")
            events = await _all(parts, owner_of(request), tuple(query.calendar))
            body = await parts.workshop.elsewhere(partial(icalendar_of, events))
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
        with counted(parts.telemetry, "import"):
            parts.modes.must_write()
            parts.telemetry.features.add("import")
            limit = parts.settings.import_limit_bytes
            body = await read_bytes(request, limit_bytes=limit, accepted=(TYPE,))
            entries = await parts.workshop.elsewhere(partial(entries_of, body))
            kept = await keep_entries(parts.diary, owner_of(request), entries)
            shown: dict[str, Any] = {"created": kept.created, "updated": kept.updated}
            shown["skipped"] = kept.skipped
            if kept.warnings:
                shown["warnings"] = kept.warnings
            return json(shown)


async def _all(parts: Parts, owner: str, calendars: tuple[str, ...]) -> list[Event]:
    events: list[Event] = []
    window = Window(calendars=calendars)
    while True:
        page = await parts.diary.page(owner, window, _PAGE)
        events += page.events
        if not page.more:
            return events
        if len(events) >= _MOST_EVENTS:
            raise ProblemError("window_too_large", f"more than {_MOST_EVENTS} events")
        window = Window(calendars=calendars, after=position_of(events[-1]))
