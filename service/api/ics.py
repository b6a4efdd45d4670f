"""GET and POST /calendar.ics: a calendar as a file."""

from functools import partial
from typing import Annotated, Final
from uuid import uuid4

from fastapi import APIRouter, Path, Query
from starlette.requests import Request

from service import import_jobs
from service.api.body import read_bytes
from service.api.counted import counted
from service.api.responses import Ready, json, key_of, owner_of, text
from service.api.route_docs import WITH_BODY, WITH_DATABASE, WRITES, answered, route
from service.api.schemas_events import CalendarsQuery, ImportJobOut, ImportOut, ImportQuery
from service.components import Components
from service.importing import BATCH, Imported
from service.interchange.entries import file_of
from service.interchange.export import icalendar_of
from service.json_values import JsonObject
from service.store.events import Window

TYPE = "text/calendar"
MOST_EVENTS = 20_000
AT_ONCE: Final = 200
"""Events of a file that is imported within its request; more are worked on afterwards."""
ImportId = Annotated[str, Path(alias="id")]
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
            components.given.count(key_of(request), "export", len(events))
            shown = {"Content-Disposition": 'attachment; filename="calendar.ics"'}
            return text(body, f"{TYPE}; charset=utf-8", shown)

    @router.post(
        "/calendar.ics",
        response_model=ImportOut,
        **route(
            scope="calendar",
            problems=(*WITH_BODY, *WITH_DATABASE, *WRITES, "invalid_icalendar"),
            answers={
                200: answered("What was kept, or would be."),
                202: answered("It is worked on.", Location="Where it says how far it is.")
                | {"model": ImportJobOut},
            },
            request_body={"required": True, **_CONTENT},
        ),
    )
    async def keep(request: Request, query: Annotated[ImportQuery, Query()]) -> Ready:
        """Import an iCalendar file; events with a known UID are replaced."""
        with counted(components.telemetry, "import"):
            if not query.dry_run:
                components.modes.must_write()
            components.telemetry.features.add("import")
            limit, owner = components.settings.import_limit_bytes, owner_of(request)
            body = await read_bytes(request, limit_bytes=limit, accepted=(TYPE,))
            file = await components.compute_pool.run_in_thread(partial(file_of, body))
            total = len(file.events)
            if query.background or total > AT_ONCE:
                jobs = components.import_jobs
                job = await jobs.add(owner, body, total, dry_run=query.dry_run)
                return json(import_jobs.shown(job), 202, {"Location": f"/imports/{job.id}"})
            kept = Imported(warnings=[*file.warnings])
            for begin in range(0, total, BATCH):
                groups = file.events[begin : begin + BATCH]
                batch = components.importer.keep(owner, uuid4().hex, groups, dry_run=query.dry_run)
                kept.add(await batch)
            return json(_result(kept.limited()))

    @router.get(
        "/imports/{id}",
        response_model=ImportJobOut,
        **route(
            scope="calendar",
            problems=(*WITH_DATABASE, "not_found"),
            answers={200: answered("How far it is.")},
        ),
    )
    async def progress(request: Request, import_id: ImportId) -> Ready:
        """Say how far an import is, and what became of what is done."""
        job, found = await components.import_jobs.find(owner_of(request), import_id)
        reason = {"reason": job.reason} if job.reason else {}
        return json({**import_jobs.shown(job), **_result(found), **reason})


def _result(found: JsonObject) -> JsonObject:
    """Return a result whose warnings end with how many more there are; without where none are."""
    if more := found.pop("more"):
        note = {"uid": "", "property": "VCALENDAR", "reason": f"{more} more notes are not told"}
        found["warnings"].append(note)
    return {name: value for name, value in found.items() if value or name != "warnings"}
