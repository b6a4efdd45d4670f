"""All that is kept of one person, for this person and for operators: given out, and erased."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from service.api.responses import Lines, Ready, json, key_of, owner_of
from service.api.route_docs import WITH_DATABASE, WRITES, answered, route
from service.api.schemas_admin import ErasedOut, EraseQuery, OwnerQuery
from service.components import Components
from service.errors import ProblemError

LINES_TYPE = "application/x-ndjson"
_BACKUPS = (
    "Backups that were made before hold it until they are removed: as long as `sre backup create` "
    "is told to keep them; `sre backup list` says how far back they go."
)
_EXPORTED = {
    200: answered("A document a line; a last line of the kind `end` says that it is whole.")
    | {"content": {LINES_TYPE: {"schema": {"type": "string"}}}}
}
_ERASED = {200: answered("What is gone.")}


def add(router: APIRouter, components: Components) -> None:
    """Add the routes."""
    _add_own(router, components)
    _add_for_operators(router, components)


def _add_own(router: APIRouter, components: Components) -> None:
    @router.get(
        "/account/data",
        **route(scope="calendar", problems=WITH_DATABASE, answers=_EXPORTED),
    )
    async def export(request: Request) -> Lines:
        """Give out everything that is kept of the owner of the key."""
        return _lines(components, owner_of(request), key_of(request))

    @router.delete(
        "/account/data",
        response_model=ErasedOut,
        **route(
            scope="calendar",
            problems=(*WITH_DATABASE, *WRITES, "invalid_request"),
            answers=_ERASED,
        ),
    )
    async def erase(request: Request, query: Annotated[EraseQuery, Query()]) -> Ready:
        """Erase everything that is kept of the owner of the key, who is named for safety."""
        if query.owner != owner_of(request):
            found = [{"field": "owner", "reason": "is not the owner of the key"}]
            raise ProblemError("invalid_request", errors=found)
        return await _erase(components, query.owner)


def _add_for_operators(router: APIRouter, components: Components) -> None:
    @router.get(
        "/admin/data",
        **route(scope="admin", problems=(*WITH_DATABASE, "invalid_request"), answers=_EXPORTED),
    )
    async def export(request: Request, query: Annotated[OwnerQuery, Query()]) -> Lines:
        """Give out everything that is kept of an owner."""
        return _lines(components, query.owner, key_of(request))

    @router.delete(
        "/admin/data",
        response_model=ErasedOut,
        **route(
            scope="admin",
            problems=(*WITH_DATABASE, *WRITES, "invalid_request"),
            answers=_ERASED,
        ),
    )
    async def erase(_request: Request, query: Annotated[EraseQuery, Query()]) -> Ready:
        """Erase everything that is kept of an owner."""
        return await _erase(components, query.owner)


def _lines(components: Components, owner: str, key_id: str) -> Lines:
    given = partial(components.given.count, key_id, "export")
    return Lines(components.owner_data.lines(owner, given), LINES_TYPE)


async def _erase(components: Components, owner: str) -> Ready:
    components.modes.must_write()
    gone = await components.owner_data.erase(owner)
    components.journal.event("WARNING", "erased", entries=gone.documents)
    return json(
        {
            "documents": gone.documents,
            "caches": gone.caches,
            "complete": gone.is_complete,
            "backups": _BACKUPS,
        }
    )
