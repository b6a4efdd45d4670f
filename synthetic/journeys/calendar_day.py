"""The journey of a day: say it, see it, find it, delete it."""

import contextlib
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

import httpx2

from synthetic.journeys.journey import Journey, StepFailedError, Visit, content, need

SENTENCE: Final = "dentist appointment tomorrow at 10:30"
_HOUR: Final = timedelta(hours=1)


def _walk(visit: Visit) -> None:
    event = _create(visit)
    identifier = event.get("id")
    if not isinstance(identifier, str):
        raise StepFailedError("create", "the answer has no id")
    try:
        _read_back(visit, identifier, event)
        _find(visit, identifier, event)
        content("delete", visit.client.delete(f"/events/{identifier}"), 200, 204)
    except (StepFailedError, httpx2.HTTPError):
        with contextlib.suppress(httpx2.HTTPError):  # leave nothing, and tell the first failure
            visit.client.delete(f"/events/{identifier}")
        raise
    gone = visit.client.get(f"/events/{identifier}").status_code
    need("delete", f"HTTP {gone} after it was deleted", holds=gone in {404, 410})


def _understand(visit: Visit) -> dict[str, Any]:
    """Return what the service makes of a sentence; it must be the right time."""
    step = "understand"
    body = {"text": SENTENCE, "now": f"{visit.now:%Y-%m-%dT%H:%M:%S}", "timezone": "UTC"}
    said = content(step, visit.client.post("/parse", json=body), 200)
    event = said.get("event") if isinstance(said, dict) else None
    if not isinstance(event, dict):
        raise StepFailedError(step, "the answer holds no event")
    wanted = datetime.combine(visit.now.date() + timedelta(days=1), time(10, 30), UTC)
    found = event.get("start")
    need(step, f"{SENTENCE!r} starts at {found}", holds=_moment(found) == wanted)
    return event


def _create(visit: Visit) -> dict[str, Any]:
    step, event = "create", _understand(visit)
    wish = {name: event[name] for name in ("start", "end", "timezone") if event.get(name)}
    wish["title"] = f"{visit.tag} {event.get('title') or 'check'}"
    made = content(step, visit.client.post("/events", json=wish), 201)
    if not isinstance(made, dict):
        raise StepFailedError(step, "the answer is no event")
    return made


def _read_back(visit: Visit, identifier: str, event: dict[str, Any]) -> None:
    step = "read back"
    found = content(step, visit.client.get(f"/events/{identifier}"), 200)
    same = isinstance(found, dict) and found.get("title") == event.get("title")
    need(step, "another event came back", holds=same)


def _find(visit: Visit, identifier: str, event: dict[str, Any]) -> None:
    step, start = "list", _moment(event.get("start"))
    if start is None:
        raise StepFailedError(step, "the event has no start")
    times = (start - _HOUR, start + _HOUR)
    query = {
        name: f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        for name, moment in zip(("from", "to"), times, strict=True)
    }
    answer = visit.client.get("/events", params={**query, "q": visit.tag})
    page = content(step, answer, 200)
    events = page.get("events", []) if isinstance(page, dict) else []
    listed = any(one.get("id") == identifier for one in events if isinstance(one, dict))
    need(step, "the event is not in the list of its day", holds=listed)


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except ValueError:
        return None


CALENDAR_DAY: Final = Journey(
    "calendar_day", "create an event by text, read it back, list its day, delete it", _walk
)
