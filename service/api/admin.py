"""/admin/mode and /admin/keys: what operators switch and hand out."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from service.api.responses import Ready, empty, json
from service.api.route_docs import WITH_BODY, WITH_DATABASE, answered, route
from service.api.schemas_admin import KeyIn, KeyList, KeysQuery, ModeIn, ModeOut, NewKeyOut
from service.components import Components
from service.errors import ProblemError
from service.guard.keys import KeyRecord, fresh_key
from service.store.mode_store import ModeChoice


def add(router: APIRouter, components: Components) -> None:
    """Add the routes."""
    _add_mode(router, components)
    _add_keys(router, components)


def _add_mode(router: APIRouter, components: Components) -> None:
    @router.get(
        "/admin/mode",
        response_model=ModeOut,
        **route(scope="admin", answers={200: answered("The mode.")}),
    )
    async def show(_request: Request) -> Ready:
        """Say what the service does at present."""
        return json(_mode_view(components))

    @router.put(
        "/admin/mode",
        response_model=ModeOut,
        **route(
            scope="admin",
            problems=WITH_BODY,
            answers={200: answered("The mode, of this worker at once and of all in a second.")},
        ),
    )
    async def switch(_request: Request, body: ModeIn) -> Ready:
        """Switch the mode of all workers, until it is switched again."""
        await components.switch_mode(ModeChoice(body.mode, body.reason, body.manual_review))
        return json(_mode_view(components))

    @router.delete(
        "/admin/mode",
        response_model=ModeOut,
        **route(scope="admin", answers={200: answered("The mode that the environment sets.")}),
    )
    async def reset(_request: Request) -> Ready:
        """Go back to the mode of the environment."""
        await components.switch_mode(None)
        return json(_mode_view(components))


def _mode_view(components: Components) -> dict[str, object]:
    choice = components.modes.choice
    return {"mode": choice.mode, "reason": choice.reason, "manual_review": choice.manual_review}


def _add_keys(router: APIRouter, components: Components) -> None:
    @router.post(
        "/admin/keys",
        status_code=201,
        response_model=NewKeyOut,
        **route(
            scope="admin",
            problems=(*WITH_BODY, *WITH_DATABASE),
            answers={201: answered("The key; it is shown this once.")},
        ),
    )
    async def create(_request: Request, body: KeyIn) -> Ready:
        """Make an API key."""
        key, key_id, secret = fresh_key()
        now = components.event_service.now()
        days = body.expires_in_days
        record = KeyRecord(
            id=key_id,
            owner=body.owner,
            scopes=frozenset(body.scopes),
            hash=await components.hashes.of(secret),
            label=body.label,
            created_at=now,
            expires_at=None if days is None else now + timedelta(days=days),
            revoked_at=None,
        )
        await components.keys.insert(record)
        components.journal.event("INFO", "key_created", key_id=key_id, scopes=sorted(record.scopes))
        return json({**_key_view(record), "key": key}, 201)

    @router.get(
        "/admin/keys",
        response_model=KeyList,
        **route(
            scope="admin",
            problems=(*WITH_DATABASE, "invalid_request"),
            answers={200: answered("The keys.")},
        ),
    )
    async def every(_request: Request, query: Annotated[KeysQuery, Query()]) -> Ready:
        """List the keys, without their secrets."""
        found = await components.keys.every(query.limit)
        return json({"keys": [_key_view(record) for record in found]})

    @router.delete(
        "/admin/keys/{key_id}",
        status_code=204,
        **route(
            scope="admin",
            problems=(*WITH_DATABASE, "not_found"),
            answers={204: answered("It opens nothing any more.")},
        ),
    )
    async def revoke(_request: Request, key_id: str) -> Ready:
        """Revoke a key, in every worker."""
        if not await components.keys.revoke(key_id, components.event_service.now()):
            raise ProblemError("not_found", "no key with this id")
        components.journal.event("INFO", "key_revoked", key_id=key_id)
        components.key_cache.forget(key_id)
        await components.bus.publish(
            kind="key", id=key_id
        )  # who does not hear it sees it within a lease
        return empty()


def _key_view(record: KeyRecord) -> dict[str, object]:
    return {
        "id": record.id,
        "owner": record.owner,
        "scopes": sorted(record.scopes),
        "label": record.label,
        "created_at": record.created_at.isoformat(),
        "expires_at": record.expires_at.isoformat() if record.expires_at else None,
        "revoked_at": record.revoked_at.isoformat() if record.revoked_at else None,
    }
