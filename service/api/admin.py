"""/admin/mode and /admin/keys: what operators switch and hand out."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from service.api.answers import Ready, empty, json
from service.api.document import WITH_BODY, WITH_DATABASE, answered, route
from service.api.schemas_admin import KeyIn, KeyList, KeysQuery, ModeIn, ModeOut, NewKeyOut
from service.errors import ProblemError
from service.guard.keys import KeyRecord, fresh_key
from service.parts import Parts
from service.store.mode import Choice


def add(router: APIRouter, parts: Parts) -> None:
    """Add the routes."""
    _add_mode(router, parts)
    _add_keys(router, parts)


def _add_mode(router: APIRouter, parts: Parts) -> None:
    @router.get(
        "/admin/mode",
        response_model=ModeOut,
        **route(scope="admin", answers={200: answered("The mode.")}),
    )
    async def show(request: Request) -> Ready:
        """Say what the service does at present."""
        del request
        return json(_mode_view(parts))

    @router.put(
        "/admin/mode",
        response_model=ModeOut,
        **route(
            scope="admin",
            problems=WITH_BODY,
            answers={200: answered("The mode, of this worker at once and of all in a second.")},
        ),
    )
    async def switch(request: Request, body: ModeIn) -> Ready:
        """Switch the mode of all workers, until it is switched again."""
        del request
        await parts.switch_mode(Choice(body.mode, body.reason, body.manual_review))
        return json(_mode_view(parts))

    @router.delete(
        "/admin/mode",
        response_model=ModeOut,
        **route(scope="admin", answers={200: answered("The mode that the environment sets.")}),
    )
    async def reset(request: Request) -> Ready:
        """Go back to the mode of the environment."""
        del request
        await parts.switch_mode(None)
        return json(_mode_view(parts))


def _mode_view(parts: Parts) -> dict[str, object]:
    choice = parts.modes.choice
    return {"mode": choice.mode, "reason": choice.reason, "manual_review": choice.manual_review}


def _add_keys(router: APIRouter, parts: Parts) -> None:
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
    async def create(request: Request, body: KeyIn) -> Ready:
        """Make an API key."""
        del request
        key, key_id, secret = fresh_key()
        now = parts.diary.now()
        days = body.expires_in_days
        record = KeyRecord(
            id=key_id,
            owner=body.owner,
            scopes=frozenset(body.scopes),
            hash=await parts.hashes.of(secret),
            label=body.label,
            created_at=now,
            expires_at=None if days is None else now + timedelta(days=days),
            revoked_at=None,
        )
        await parts.keys.insert(record)
        parts.journal.event("INFO", "key_created", key_id=key_id, scopes=sorted(record.scopes))
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
    async def every(request: Request, query: Annotated[KeysQuery, Query()]) -> Ready:
        """List the keys, without their secrets."""
        del request
        found = await parts.keys.every(query.limit)
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
    async def revoke(request: Request, key_id: str) -> Ready:
        """Revoke a key, in every worker."""
        del request
        if not await parts.keys.revoke(key_id, parts.diary.now()):
            raise ProblemError("not_found", "no key with this id")
        parts.journal.event("INFO", "key_revoked", key_id=key_id)
        parts.known.forget(key_id)
        await parts.bus.tell(kind="key", id=key_id)  # who does not hear it sees it within a lease
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
