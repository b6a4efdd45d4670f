"""POST /feedback and /review: what people think of decisions."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request

from service.api.answers import Ready, json, owner_of
from service.api.document import WITH_BODY, WITH_DATABASE, WRITES, answered, route
from service.api.schemas_admin import (
    FeedbackIn,
    FeedbackOut,
    ReviewList,
    ReviewQuery,
    VerdictIn,
    VerdictOut,
)
from service.errors import ProblemError
from service.parts import Parts


def add(router: APIRouter, parts: Parts) -> None:
    """Add the routes."""
    _add_review(router, parts)

    @router.post(
        "/feedback",
        status_code=201,
        response_model=FeedbackOut,
        **route(
            scope="calendar",
            problems=(*WITH_BODY, *WITH_DATABASE, *WRITES),
            answers={201: answered("Thank you.")},
        ),
    )
    async def feedback(request: Request, body: FeedbackIn) -> Ready:
        """Say how good a decision was, and what would have been right."""
        parts.modes.must_write()
        parts.telemetry.features.add("feedback")
        said = body.model_dump(exclude_none=True)
        await parts.feedback.keep(owner_of(request), said, parts.diary.now())
        parts.telemetry.feedback.add(str(body.rating))
        return json({"decision_id": body.decision_id, "rating": body.rating}, 201)


def _add_review(router: APIRouter, parts: Parts) -> None:
    @router.get(
        "/review",
        response_model=ReviewList,
        **route(
            scope="admin",
            problems=(*WITH_DATABASE, "invalid_request"),
            answers={200: answered("What waits for a person.")},
        ),
    )
    async def waiting(request: Request, query: Annotated[ReviewQuery, Query()]) -> Ready:
        """List the uncertain decisions that wait for a person, the oldest first."""
        del request
        parts.telemetry.features.add("review")
        found = await parts.reviews.waiting(query.limit)
        return json({"waiting": [_view(document) for document in found]})

    @router.post(
        "/review/{decision_id}",
        response_model=VerdictOut,
        **route(
            scope="admin",
            problems=(*WITH_BODY, *WITH_DATABASE, *WRITES, "not_found"),
            answers={200: answered("Noted.")},
        ),
    )
    async def resolve(request: Request, decision_id: str, body: VerdictIn) -> Ready:
        """Say whether a decision was right."""
        del request
        parts.modes.must_write()
        verdict = body.model_dump(exclude_none=True)
        found = await parts.reviews.resolve(decision_id, verdict, parts.diary.now())
        if found is None:
            raise ProblemError("not_found", "no such decision waits")
        parts.telemetry.features.add("review")
        return json({"decision_id": decision_id, "verdict": body.verdict})


def _view(document: dict[str, Any]) -> dict[str, Any]:
    kept = ("owner", "text", "now", "timezone", "event", "confidence", "confidence_breakdown")
    return {
        "decision_id": document["_id"],
        **{name: document[name] for name in kept},
        "created_at": document["created_at"].isoformat(),
    }
