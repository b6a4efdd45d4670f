"""The bodies and queries of the routes for operators."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from service.api.fields import Body, Parameters, Whole
from service.settings import Mode

ScopeName = Literal["calendar", "metrics", "admin", "traces"]
OwnerName = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._@-]+$")]


class ModeIn(Body):
    """What the service is to do from now on."""

    mode: Mode
    reason: Annotated[str, Field(max_length=200)] = ""
    manual_review: bool = False


class ModeOut(BaseModel):
    """What the service does."""

    mode: Mode
    reason: str
    manual_review: bool


class KeyIn(Body):
    """An API key to make."""

    owner: OwnerName
    scopes: list[ScopeName] = Field(default=["calendar"], min_length=1, max_length=4)
    label: Annotated[str, Field(max_length=100)] = ""
    expires_in_days: Annotated[Whole, Field(ge=1, le=3650)] | None = None


class KeyOut(BaseModel):
    """An API key, without its secret."""

    id: str
    owner: str
    scopes: list[ScopeName]
    label: str
    created_at: str
    expires_at: str | None
    revoked_at: str | None


class NewKeyOut(KeyOut):
    """A new API key with its secret, which is shown this once."""

    key: str


class OwnerQuery(Parameters):
    """Whose data are meant."""

    owner: OwnerName


class EraseQuery(OwnerQuery):
    """Whose data are to be gone."""


class ErasedOut(BaseModel):
    """What is gone: documents of each collection, and answers of each cache."""

    documents: dict[str, int]
    caches: dict[str, int | None]
    complete: bool = Field(
        description="False: a cache could not be told and forgets in its own time; ask again."
    )
    backups: str


class KeyList(BaseModel):
    """API keys."""

    keys: list[KeyOut]


class KeysQuery(Parameters):
    """How many keys to list."""

    limit: int = Field(default=100, ge=1, le=1000)
