"""The journey of a day: say it, see it, find it, find time around it, change it, delete it."""

import contextlib
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

import httpx2

from synthetic.edge.journeys.journey import Journey, StepFailedError, Visit, content, need

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
        _find_time(visit, event)
        _change(visit, identifier)
        content("delete", visit.ask("delete", "DELETE", f"/events/{identifier}"), 200, 204)
    except StepFailedError:
        with contextlib.suppress(StepFailedError):  # leave nothing, and tell the first failure
            visit.ask("delete", "DELETE", f"/events/{identifier}")
        raise
    gone = visit.ask("delete", "GET", f"/events/{identifier}").status_code
    need("delete", f"HTTP {gone} after it was deleted", holds=gone in {404, 410})


def _understand(visit: Visit) -> dict[str, Any]:
    """Return what the service makes of a sentence; it must be the right time."""
    step = "understand"
    body = {"text": SENTENCE, "now": f"{visit.now:%Y-%m-%dT%H:%M:%S}", "timezone": "UTC"}
    said = content(step, visit.ask(step, "POST", "/parse", json=body), 200)
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
    made = content(step, visit.ask(step, "POST", "/events", json=wish), 201)
    if not isinstance(made, dict):
        raise StepFailedError(step, "the answer is no event")
    return made


def _read_back(visit: Visit, identifier: str, event: dict[str, Any]) -> None:
    step = "read back"
    found = content(step, visit.ask(step, "GET", f"/events/{identifier}"), 200)
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
    answer = visit.ask(step, "GET", "/events", params={**query, "q": visit.tag})
    page = content(step, answer, 200)
    events = page.get("events", []) if isinstance(page, dict) else []
    listed = any(one.get("id") == identifier for one in events if isinstance(one, dict))
    need(step, "the event is not in the list of its day", holds=listed)


def _find_time(visit: Visit, event: dict[str, Any]) -> None:
    """Ask for free time around the event: what is offered must not lie across it."""
    step, start, end = "find time", _moment(event.get("start")), _moment(event.get("end"))
    if start is None:
        raise StepFailedError(step, "the event has no start")
    end = end or start + _HOUR
    query = {
        "from": f"{start - 2 * _HOUR:%Y-%m-%dT%H:%M:%SZ}",
        "to": f"{end + 2 * _HOUR:%Y-%m-%dT%H:%M:%SZ}",
        "minutes": "30",
        "work_from": "00:00",
        "work_to": "23:59",
        "days": "MO,TU,WE,TH,FR,SA,SU",
    }
    said = content(step, visit.ask(step, "GET", "/slots", params=query), 200)
    slots = said.get("slots") if isinstance(said, dict) else None
    if not isinstance(slots, list):
        raise StepFailedError(step, "the answer has no slots")
    for slot in slots:
        begins, ends = _moment(slot.get("start")), _moment(slot.get("end"))
        free = begins is not None and ends is not None and (ends <= start or begins >= end)
        need(step, f"the slot {slot} is not free", holds=free)


def _change(visit: Visit, identifier: str) -> None:
    """Change the event by its version; the old version must not work a second time."""
    step, path = "update", f"/events/{identifier}"
    etag = visit.ask(step, "GET", path).headers.get("etag", "")
    need(step, "the event has no ETag", holds=bool(etag))
    title = f"{visit.tag} moved"
    changed = visit.ask(step, "PATCH", path, json={"title": title}, headers={"If-Match": etag})
    made = content(step, changed, 200)
    same = isinstance(made, dict) and made.get("title") == title
    need(step, "the change did not take", holds=same)
    again = visit.ask(step, "PATCH", path, json={"title": title}, headers={"If-Match": etag})
    stale = again.status_code == httpx2.codes.PRECONDITION_FAILED
    need(step, f"HTTP {again.status_code} instead of 412 for an old version", holds=stale)


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value)).astimezone(UTC)
    except ValueError:
        return None


CALENDAR_DAY: Final = Journey(
    "calendar_day",
    "create an event by text, read, list, find time, update by version, delete",
    _walk,
)
