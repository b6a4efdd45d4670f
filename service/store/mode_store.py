"""The mode that was chosen at run time, for all workers and those that start later."""

from dataclasses import dataclass
from typing import cast

from service.settings import Mode
from service.store.mongo import MongoCollection

_ID = "mode"


@dataclass(frozen=True, slots=True)
class ModeChoice:
    """A mode with the reason, and whether uncertain decisions wait for a person."""

    mode: Mode
    reason: str
    manual_review: bool


class ModeStore(MongoCollection):
    """One document of the collection `settings`."""

    name = "settings"
    owner_field = ""

    async def read(self) -> ModeChoice | None:
        """Return what was chosen, None when the environment decides."""
        found = await self._collection.find_one({"_id": _ID})
        if found is None:
            return None
        return ModeChoice(cast("Mode", found["mode"]), found["reason"], found["manual_review"])

    async def write(self, choice: ModeChoice | None) -> None:
        """Keep a choice, or forget it."""
        if choice is None:
            await self._mongodb.call(lambda: self._collection.delete_one({"_id": _ID}))
            return
        document = {
            "_id": _ID,
            "mode": choice.mode,
            "reason": choice.reason,
            "manual_review": choice.manual_review,
        }
        await self._mongodb.call(
            lambda: self._collection.replace_one({"_id": _ID}, document, upsert=True),
            repeatable=True,
        )
