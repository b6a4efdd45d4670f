"""A collection in memory, for races: a test decides what happens between two commands."""

from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.errors import DuplicateKeyError

Document = dict[str, Any]
Hook = Callable[[str], Awaitable[None]]


class MemoryCollection:
    """The commands of a collection that our stores use. `after` is awaited after each of them."""

    def __init__(self) -> None:
        self.documents: dict[Any, Document] = {}
        self.codec_options: CodecOptions[Any] = CodecOptions(tz_aware=True)
        self.after: Hook = _nothing

    async def insert_one(self, document: Mapping[str, Any]) -> None:
        """Add a document whose id is free."""
        is_taken = document["_id"] in self.documents
        if not is_taken:
            self.documents[document["_id"]] = deepcopy(dict(document))
        await self.after("insert")
        if is_taken:
            raise DuplicateKeyError("the id is taken")

    async def find_one(self, wanted: Mapping[str, Any]) -> Document | None:
        """Return the first document that matches."""
        found = next(iter(self._matching(wanted)), None)
        await self.after("find")
        return found

    def find(
        self, wanted: Mapping[str, Any], _projection: object = None, **options: object
    ) -> SimpleNamespace:
        """Return a cursor over what matches when it is read; it neither sorts nor limits."""
        assert not any(options.values()), options

        async def to_list() -> list[Document]:
            found = self._matching(wanted)
            await self.after("find")
            return found

        return SimpleNamespace(to_list=to_list)

    def with_options(self, codec_options: CodecOptions[Any]) -> SimpleNamespace:
        """Return the collection as one whose documents are read raw."""
        assert codec_options.document_class is RawBSONDocument

        def find(wanted: Mapping[str, Any], **options: object) -> SimpleNamespace:
            async def to_list() -> list[RawBSONDocument]:
                return [RawBSONDocument(bson.encode(one)) for one in await cursor.to_list()]

            cursor = self.find(wanted, **options)
            return SimpleNamespace(to_list=to_list)

        return SimpleNamespace(find=find)

    async def replace_one(
        self, wanted: Mapping[str, Any], document: Mapping[str, Any], *, upsert: bool = False
    ) -> SimpleNamespace:
        """Replace the first document that matches."""
        found = self._matching(wanted)
        if found or upsert:
            self.documents[document["_id"]] = deepcopy(dict(document))
        await self.after("replace")
        return SimpleNamespace(matched_count=len(found))

    async def update_one(
        self, wanted: Mapping[str, Any], change: Mapping[str, Any], *, upsert: bool = False
    ) -> SimpleNamespace:
        """Set fields of the first document that matches."""
        found = self._matching(wanted)
        if found or upsert:
            kept = self.documents.setdefault(found[0]["_id"] if found else wanted["_id"], {})
            kept |= {"_id": kept.get("_id", wanted["_id"]), **change.get("$set", {})}
        await self.after("update")
        return SimpleNamespace(matched_count=len(found))

    async def delete_many(self, wanted: Mapping[str, Any]) -> None:
        """Remove what matches."""
        for document in self._matching(wanted):
            del self.documents[document["_id"]]
        await self.after("delete")

    def _matching(self, wanted: Mapping[str, Any]) -> list[Document]:
        return [deepcopy(one) for one in self.documents.values() if _matches(one, wanted)]


def _matches(document: Document, wanted: Mapping[str, Any]) -> bool:
    return all(_fits(_value(document, path), want) for path, want in wanted.items())


def _value(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document.get(name)
    return document


def _fits(value: Any, want: Any) -> bool:
    if not isinstance(want, dict):
        return bool(value == want)
    return ("$in" not in want or value in want["$in"]) and (
        "$nin" not in want or value not in want["$nin"]
    )


async def _nothing(_command: str) -> None:
    """Do nothing."""
