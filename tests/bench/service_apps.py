"""The handlers that the service is compared with."""

from typing import Any

from fastapi import FastAPI

EVENT: dict[str, Any] = {
    "id": "0" * 32, "uid": "x@calendar", "title": "Standup", "start": "2026-03-02T09:00:00+00:00",
    "end": "2026-03-02T10:00:00+00:00", "all_day": False, "timezone": "UTC", "recurrence": None,
    "exdates": [], "location": None, "attendees": [], "description": "", "calendar": "default",
    "busy": True, "version": 1, "created_at": "2026-03-02T09:00:00+00:00",
    "updated_at": "2026-03-02T09:00:00+00:00",
}  # fmt: skip


def bare() -> FastAPI:
    """Return an application with one handler that returns a dict of an event's size."""
    app = FastAPI()

    @app.get("/events/{id}")
    async def read(id: str) -> dict[str, Any]:  # noqa: A002 the name in the path
        return {**EVENT, "id": id}

    return app
