"""/feedback and /review: what people think of decisions."""

from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.requests import Request

from service.api.responses import Ready, json, owner_of
from service.api.route_docs import WITH_BODY, WITH_DATABASE, WRITES, answered, route
from service.api.schemas_quality import (
    FeedbackIn,
    FeedbackList,
    FeedbackOut,
    FeedbackQuery,
    ReviewList,
    ReviewQuery,
    VerdictIn,
    VerdictOut,
)
from service.api.windows import edge_of
from service.components import Components
from service.errors import ProblemError
from service.planning.instants import zone_of
from service.reader import moment_of_saying
from service.store.mongo import Document


def _must_be_real(body: FeedbackIn) -> None:
    """Refuse times and zones that nobody could read the sentence at."""
    if body.sentence is not None:
        moment_of_saying(body.sentence.now, zone_of(body.sentence.timezone))
    if body.correction is not None and body.correction.timezone is not None:
        zone_of(body.correction.timezone)


_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


def add(router: APIRouter, components: Components) -> None:
    """Add the routes."""
    _add_review(router, components)

    @router.post(
        "/feedback",
        status_code=201,
        response_model=FeedbackOut,
        **route(
            scope="calendar",
            problems=(
                *WITH_BODY,
                *WITH_DATABASE,
                *WRITES,
                "invalid_time",
                "invalid_timezone",
            ),
            answers={201: answered("Thank you.")},
        ),
    )
    async def feedback(request: Request, body: FeedbackIn) -> Ready:
        """Say how good a decision was, and what would have been right."""
        components.modes.must_write()
        components.telemetry.features.add("feedback")
        _must_be_real(body)
        said = body.model_dump(exclude_none=True)
        await components.feedback.keep(owner_of(request), said, components.event_service.now())
        components.telemetry.feedback.add(str(body.rating))
        return json({"decision_id": body.decision_id, "rating": body.rating}, 201)

    @router.get(
        "/feedback",
        response_model=FeedbackList,
        **route(
            scope="admin",
            problems=(*WITH_DATABASE, "invalid_request", "invalid_time"),
            answers={200: answered("What users said.")},
        ),
    )
    async def said(_request: Request, query: Annotated[FeedbackQuery, Query()]) -> Ready:
        """List what users said of decisions, the oldest first."""
        found = await components.feedback.said(_since(query.since), query.limit)
        known = await components.reviews.named([document["decision_id"] for document in found])
        return json({"feedback": [_said(one, known.get(one["decision_id"])) for one in found]})


def _add_review(router: APIRouter, components: Components) -> None:
    @router.get(
        "/review",
        response_model=ReviewList,
        **route(
            scope="admin",
            problems=(*WITH_DATABASE, "invalid_request", "invalid_time"),
            answers={200: answered("What waits for a person, or was decided.")},
        ),
    )
    async def waiting(_request: Request, query: Annotated[ReviewQuery, Query()]) -> Ready:
        """List the uncertain decisions that wait for a person or were decided, the oldest first."""
        components.telemetry.features.add("review")
        since = _since(query.since)
        if query.status == "done":
            done = await components.reviews.done(since, query.limit)
            return json({"waiting": [], "done": [_reviewed(document) for document in done]})
        found = await components.reviews.waiting(since, query.limit)
        return json({"waiting": [_view(document) for document in found], "done": []})

    @router.post(
        "/review/{decision_id}",
        response_model=VerdictOut,
        **route(
            scope="admin",
            problems=(*WITH_BODY, *WITH_DATABASE, *WRITES, "not_found"),
            answers={200: answered("Noted.")},
        ),
    )
    async def resolve(_request: Request, decision_id: str, body: VerdictIn) -> Ready:
        """Say whether a decision was right."""
        components.modes.must_write()
        verdict = body.model_dump(exclude_none=True)
        found = await components.reviews.resolve(
            decision_id, verdict, components.event_service.now()
        )
        if found is None:
            raise ProblemError("not_found", "no such decision waits")
        components.telemetry.features.add("review")
        return json({"decision_id": decision_id, "verdict": body.verdict})


def _view(document: Document) -> dict[str, object]:
    kept = ("owner", "text", "now", "timezone", "event", "confidence", "confidence_breakdown")
    return {
        "decision_id": document["_id"],
        **{name: document[name] for name in kept},
        "created_at": document["created_at"].isoformat(),
    }


def _reviewed(document: Document) -> dict[str, object]:
    return {
        **_view(document),
        "verdict": document["verdict"],
        "correction": document.get("correction"),
        "resolved_at": document["resolved_at"].isoformat(),
    }


def _said(document: Document, decision: Document | None) -> dict[str, object]:
    sentence = document.get("sentence")
    if sentence is None and decision is not None:
        sentence = {name: decision[name] for name in ("text", "now", "timezone")}
    return {
        **{name: document[name] for name in ("decision_id", "owner", "rating", "comment")},
        "correction": document.get("correction"),
        "sentence": sentence,
        "event": None if decision is None else decision["event"],
        "updated_at": document["updated_at"].isoformat(),
    }


def _since(text: str | None) -> datetime:
    """Return the moment after which something must lie; without one, everything does."""
    return edge_of(text, zone_of("UTC"), "since") or _BEGINNING
