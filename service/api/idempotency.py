"""Idempotency-Key: the same request, sent again, has one effect and one answer."""

import hashlib
import re
from typing import Final

from pydantic import BaseModel
from starlette.requests import Request

from service.api.body import header
from service.errors import ProblemError
from service.store.idempotency import Claim

_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")


def claim_of(request: Request, owner: str, body: BaseModel) -> Claim | None:
    """Return what makes this request one of a kind; None when it carries no key."""
    if b"idempotency-key" not in dict(request.scope["headers"]):
        return None
    key = header(request, b"idempotency-key")
    if _KEY.fullmatch(key) is None:
        raise ProblemError(
            "invalid_request",
            "Idempotency-Key: 1 to 128 printable ASCII characters without spaces",
            errors=[{"field": "Idempotency-Key", "reason": "not a valid key"}],
        )
    asked = f"{request.method} {request.scope['path']}\n{body.model_dump_json()}"
    return Claim(owner, key, hashlib.sha256(asked.encode()).hexdigest())
