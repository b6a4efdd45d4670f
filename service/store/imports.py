"""Imports that outlast a request: the file, who works on it, and what became of each batch.

A batch's result is a document of its own, written when all of the batch is kept. Whoever goes on
after a crash begins with the first batch that has none: doing a batch again keeps nothing twice.
"""

import asyncio
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pymongo import ReturnDocument

from service.json_values import JsonMapping
from service.store.mongo import Document, Index, MongoCollection

_PIECE_BYTES: Final = 4_000_000
_KEPT_S: Final = 7 * 86_400
LEASE: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Job:
    """An import: `total` events, in batches of `batch`."""

    id: str
    owner: str
    state: str
    total: int
    batch: int
    dry_run: bool
    created_at: datetime
    reason: str = ""


class Imports(MongoCollection):
    """The collection `imports`."""

    name = "imports"
    indexes = (
        Index("by_state", ("state", "lease_until")),
        Index("by_owner", ("owner", "state")),
        Index("expiry", ("created_at",), {"expireAfterSeconds": _KEPT_S}),
    )

    async def add(self, job: Job, parts: "ImportParts", file: bytes) -> None:
        """Keep a new job and its file; it may be taken at once."""
        await parts.add_file(job, file)
        document = {
            "_id": job.id, "owner": job.owner, "state": job.state, "total": job.total,
            "batch": job.batch, "dry_run": job.dry_run, "created_at": job.created_at,
            "lease_until": job.created_at, "holder": "", "reason": "",
        }  # fmt: skip
        await self._mongodb.call(lambda: self._collection.insert_one(document))

    async def find(self, owner: str, job_id: str) -> Job | None:
        """Return one job of this owner."""
        wanted = {"_id": job_id, "owner": owner}
        found = await self._mongodb.call(lambda: self._collection.find_one(wanted), repeatable=True)
        return None if found is None else _job_of(found)

    async def running(self, owner: str) -> int:
        """Return how many jobs of this owner are not done."""
        wanted = {"owner": owner, "state": "running"}
        return await self._mongodb.call(
            lambda: self._collection.count_documents(wanted), repeatable=True
        )

    async def take(self, holder: str, now: datetime) -> Job | None:
        """Return a job that nobody works on, which `holder` now does; None when there is none."""
        wanted = {"state": "running", "lease_until": {"$lte": now}}
        found = await self._mongodb.call(
            lambda: self._collection.find_one_and_update(
                wanted,
                {"$set": {"holder": holder, "lease_until": now + LEASE}},
                sort=[("created_at", 1)],
                return_document=ReturnDocument.AFTER,
            )
        )
        return None if found is None else _job_of(found)

    async def hold(self, job: Job, holder: str, now: datetime) -> bool:
        """Go on holding a job; return False when it is another's by now."""
        wanted = {"_id": job.id, "holder": holder, "state": "running"}
        change = {"$set": {"lease_until": now + LEASE}}
        result = await self._mongodb.call(
            lambda: self._collection.update_one(wanted, change), repeatable=True
        )
        return result.matched_count == 1

    async def finish(self, job: Job, state: str, reason: str = "") -> None:
        """Note that nothing more is to be done."""
        change = {"$set": {"state": state, "reason": reason}}
        await self._mongodb.call(
            lambda: self._collection.update_one({"_id": job.id}, change), repeatable=True
        )


class ImportParts(MongoCollection):
    """The collection `import_parts`: the pieces of each file, and the results of its batches."""

    name = "import_parts"
    indexes = (
        Index("by_import", ("import", "kind", "number")),
        Index("expiry", ("created_at",), {"expireAfterSeconds": _KEPT_S}),
    )

    async def add_file(self, job: Job, file: bytes) -> None:
        """Keep a file in pieces that the database takes."""
        packed = await asyncio.to_thread(zlib.compress, file, 1)
        for number, begin in enumerate(range(0, len(packed), _PIECE_BYTES)):
            piece = {"data": packed[begin : begin + _PIECE_BYTES]}
            await self._put(job, "file", number, piece)

    async def file(self, job: Job) -> bytes:
        """Return the file again."""
        pieces = await self._find_all({"import": job.id, "kind": "file"}, by="number")
        packed = b"".join(piece["data"] for piece in pieces)
        return await asyncio.to_thread(zlib.decompress, packed)

    async def drop_file(self, job: Job) -> None:
        """Remove the file of a job that is done."""
        wanted = {"import": job.id, "kind": "file"}
        await self._mongodb.call(lambda: self._collection.delete_many(wanted), repeatable=True)

    async def add_result(self, job: Job, number: int, result: JsonMapping) -> None:
        """Keep what became of a batch."""
        await self._put(job, "result", number, result)

    async def results(self, job: Job) -> list[Document]:
        """Return what became of each batch that is done, in order."""
        return await self._find_all({"import": job.id, "kind": "result"}, by="number")

    async def done(self, job: Job) -> int:
        """Return how many batches are done."""
        wanted = {"import": job.id, "kind": "result"}
        return await self._mongodb.call(
            lambda: self._collection.count_documents(wanted), repeatable=True
        )

    async def _put(self, job: Job, kind: str, number: int, fields: JsonMapping) -> None:
        document = {
            "import": job.id, "owner": job.owner, "kind": kind, "number": number,
            "created_at": job.created_at, **fields,
        }  # fmt: skip
        wanted = {"_id": f"{job.id}/{kind}/{number}"}
        await self._mongodb.call(
            lambda: self._collection.replace_one(wanted, document, upsert=True), repeatable=True
        )


def _job_of(document: JsonMapping) -> Job:
    names = ("owner", "state", "total", "batch", "dry_run", "created_at", "reason")
    return Job(id=document["_id"], **{name: document[name] for name in names})
