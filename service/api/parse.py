"""POST /parse: what event does this sentence state?"""

from fastapi import APIRouter
from starlette.requests import Request

from service.api.responses import Ready, json_bytes, owner_of
from service.api.route_docs import WITH_BODY, answered, route
from service.api.schemas import ParseIn, ParseOut
from service.components import Components
from service.reader import Sentence


def add(router: APIRouter, components: Components) -> None:
    """Add the route."""

    @router.post(
        "/parse",
        response_model=ParseOut,
        **route(
            scope="calendar",
            known_keys=True,
            problems=(*WITH_BODY, "invalid_time", "invalid_timezone"),
            answers={200: answered("What was understood.")},
        ),
    )
    async def parse(request: Request, body: ParseIn) -> Ready:
        """Read a sentence as an event, without keeping it."""
        sentence = Sentence(owner_of(request), body.text, body.now or "", body.timezone)
        read = components.reader.explain if body.explain else components.reader.read
        return json_bytes(await read(sentence))
