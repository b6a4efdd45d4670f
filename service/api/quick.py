"""POST /events/quick: a sentence becomes an event."""

from typing import Final

import orjson
from fastapi import APIRouter
from starlette.requests import Request

from service.api.counted import counted
from service.api.events import PLAN_PROBLEMS
from service.api.idempotency import claim_of
from service.api.responses import Ready, json, owner_of
from service.api.route_docs import (
    IDEMPOTENCY_KEY,
    WITH_BODY,
    WITH_DATABASE,
    WRITES,
    answered,
    route,
)
from service.api.schemas_events import QuickIn, QuickOut
from service.components import Components
from service.errors import ProblemError
from service.planning.event import Event
from service.reader import Sentence
from service.views import etag_of, event_view

_ASKS: Final = {
    "query": "the sentence asks about the calendar; see GET /events",
    "move": "the sentence asks to move an event; see PATCH /events/{id}",
    "cancel": "the sentence asks to cancel an event; see DELETE /events/{id}",
}


def add(router: APIRouter, components: Components) -> None:
    """Add the route."""

    @router.post(
        "/events/quick",
        status_code=201,
        response_model=QuickOut,
        **route(
            scope="calendar",
            problems=(*WITH_BODY, *WITH_DATABASE, *WRITES, *PLAN_PROBLEMS, "not_an_event",
                      "idempotency_mismatch"),
            parameters=[IDEMPOTENCY_KEY],
            answers={201: answered("The event.", ETag="Its version.", Location="Where it is.")},
        ),
    )  # fmt: skip
    async def quick(request: Request, body: QuickIn) -> Ready:
        """Read a sentence and keep what it says as an event: the first, where it states several."""
        with counted(components.telemetry, "quick"):
            components.modes.must_write()
            components.telemetry.features.add("quick")
            owner = owner_of(request)
            claim = claim_of(request, owner, body)
            if (
                claim is not None
                and (made := await components.event_service.made_by(claim)) is not None
            ):
                return _made(made.event, made.extra)
            sentence = Sentence(owner, body.text, body.now or "", body.timezone)
            understood = orjson.loads(await components.reader.read(sentence))
            event, extra = await _event_of(components, owner, understood, body.calendar)
            if claim is None:
                return _made(await components.event_service.create(event), extra)
            components.telemetry.features.add("idempotency")
            made = await components.event_service.create_once(claim, event, extra)
            return _made(made.event, made.extra)


async def _event_of(
    components: Components, owner: str, understood: dict[str, object], calendar: str
) -> tuple[Event, dict[str, object]]:
    found = understood["event"]
    if not isinstance(found, dict) or found["start"] is None:
        raise ProblemError("not_an_event", _why_not(understood))
    if understood.get("intent") in _ASKS:
        raise ProblemError("not_an_event", _ASKS[str(understood["intent"])])
    fields = {**found, "title": found["title"] or "Event", "calendar": calendar}
    extra = {name: understood[name] for name in ("confidence", "decision_id", "source")}
    events = understood["events"]
    if isinstance(events, list) and len(events) > 1:
        extra["left_out"] = events[1:]
    return await components.event_service.draft(owner, fields), extra


def _why_not(understood: dict[str, object]) -> str:
    """Return what is wrong with a text in a language that is not supported, else nothing."""
    doubts, problems = understood["doubts"], understood["problems"]
    if isinstance(doubts, list) and isinstance(problems, list):
        foreign = any(doubt["code"] == "language_not_supported" for doubt in doubts)
        return str(problems[0]) if foreign else ""
    return ""


def _made(event: Event, extra: object) -> Ready:
    headers = {"ETag": etag_of(event), "Location": f"/events/{event.id}"}
    shown = extra if isinstance(extra, dict) else {}
    return json({"event": event_view(event), **shown}, 201, headers)
