"""Tell an open page that there is something new, by server-sent events (HTML, 9.2)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from console.edge.pages_now import digest, gathered
from console.edge.shared import Site

EVERY_S: Final = 5.0
_LOOK_S: Final = 0.25
_MOST: Final = 50


def router(site: Site) -> APIRouter:
    """Return the route of the stream."""
    made = APIRouter()
    listening: set[int] = set()
    numbers = iter(range(2**62))

    @made.get("/live", include_in_schema=False)
    async def stream() -> Response:
        """Send a word whenever it has changed, and a comment otherwise, so that a loss is seen."""
        if len(listening) >= _MOST:
            return PlainTextResponse("too many listen; reload instead\n", 503)
        number = next(numbers)
        listening.add(number)

        async def words() -> AsyncIterator[str]:
            try:
                before = ""
                yield "retry: 3000\n\n"
                while not site.stopping.is_set():
                    word = await run_in_threadpool(lambda: digest(gathered(site)))
                    yield f"event: now\ndata: {word}\n\n" if word != before else ": same\n\n"
                    before = word
                    for _ in range(round(EVERY_S / _LOOK_S)):
                        if site.stopping.is_set():
                            return
                        await asyncio.sleep(_LOOK_S)
            finally:
                listening.discard(number)

        return StreamingResponse(words(), media_type="text/event-stream")

    return made
