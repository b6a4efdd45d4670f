"""POST /parse: what event does this sentence state?"""

from fastapi import APIRouter
from starlette.requests import Request

from service.api.answers import Ready, json_bytes, owner_of
from service.api.document import WITH_BODY, answered, route
from service.api.schemas import ParseIn, ParseOut
from service.parts import Parts
from service.reader import Sentence


def add(router: APIRouter, parts: Parts) -> None:
    """Add the route."""

    @router.post(
        "/parse",
        response_model=ParseOut,
        **route(
            scope="calendar",
            problems=(*WITH_BODY, "invalid_time", "invalid_timezone"),
            answers={200: answered("What was understood.")},
        ),
    )
    async def parse(request: Request, body: ParseIn) -> Ready:
        """Read a sentence as an event, without keeping it."""
        sentence = Sentence(owner_of(request), body.text, body.now or "", body.timezone)
        read = parts.reader.explain if body.explain else parts.reader.read
        return json_bytes(await read(sentence))
