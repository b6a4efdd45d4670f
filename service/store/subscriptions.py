"""Addresses under which a calendar can be read without a key, for programs that take no key."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from service.store.mongo import Document, Index, MongoCollection

_ID_BYTES: Final = 8
_TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Subscription:
    """Whose calendar an address shows; an empty `calendar` stands for all of them."""

    id: str
    owner: str
    calendar: str
    created_at: datetime


class Subscriptions(MongoCollection):
    """The collection `subscriptions`: of a secret address only the digest is kept.

    A plain digest is enough, since a token is 256 random bits and no password.
    """

    name = "subscriptions"
    indexes = (
        Index("by_owner", ("owner",)),
        Index("by_token", ("token",), {"unique": True}),
    )

    async def make(self, owner: str, calendar: str, now: datetime) -> tuple[Subscription, str]:
        """Make an address; return it with its token, which nobody can find out later."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        made = Subscription(secrets.token_hex(_ID_BYTES), owner, calendar, now)
        document = {
            "_id": made.id,
            "owner": owner,
            "calendar": calendar,
            "created_at": now,
            "token": _digest(token),
        }
        await self._mongodb.call(lambda: self._collection.insert_one(document))
        return made, token

    async def at(self, token: str) -> Subscription | None:
        """Return what the address with this token shows; None when there is none."""
        wanted = {"token": _digest(token)}
        found = await self._mongodb.call(lambda: self._collection.find_one(wanted), repeatable=True)
        return None if found is None else _subscription_of(found)

    async def every(self, owner: str, limit: int) -> list[Subscription]:
        """Return the addresses of an owner, the oldest first."""
        found = await self._find_all({"owner": owner}, by="created_at", limit=limit)
        return [_subscription_of(document) for document in found]

    async def revoke(self, owner: str, subscription_id: str) -> bool:
        """Let an address show nothing any more; return whether the owner had it."""
        wanted = {"_id": subscription_id, "owner": owner}
        result = await self._mongodb.call(
            lambda: self._collection.delete_one(wanted), repeatable=True
        )
        return result.deleted_count == 1

    async def of_owner(self, owner: str, after: str, limit: int) -> list[Document]:
        """Return the addresses of an owner without the digests of their tokens."""
        found = await super().of_owner(owner, after, limit)
        return [{k: v for k, v in document.items() if k != "token"} for document in found]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _subscription_of(document: Document) -> Subscription:
    return Subscription(
        document["_id"], document["owner"], document["calendar"], document["created_at"]
    )
