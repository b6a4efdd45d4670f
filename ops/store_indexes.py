"""The indexes that the service declares, asked of its own stores."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from bson.codec_options import CodecOptions

from service.store.events import Events
from service.store.idempotency import IdempotencyRecords
from service.store.imports import ImportParts, Imports
from service.store.keys import Keys
from service.store.quality import Feedback, Reviews
from service.store.silent_workers import SilentWorkers
from service.store.subscriptions import Subscriptions


@dataclass(frozen=True, slots=True)
class Index:
    """An index by collection and name, with what it is made of."""

    collection: str
    name: str
    keys: tuple[tuple[str, object], ...]
    options: Mapping[str, object]

    def __str__(self) -> str:
        """Return how it is shown: collection.name."""
        return f"{self.collection}.{self.name}"


def declared(*, ttl_s: int) -> tuple[Index, ...]:
    """Return the indexes that the service makes at its start, as its own stores make them."""
    noted: list[Index] = []
    database: Any = _Noting(noted)
    guard: Any = None
    stores = (
        Events(database, guard),
        IdempotencyRecords(database, guard, ttl_s=ttl_s),
        Keys(database, guard),
        Feedback(database, guard),
        Reviews(database, guard),
        Subscriptions(database, guard),
        Imports(database, guard),
        ImportParts(database, guard),
        SilentWorkers(database, guard, clock=float),
    )

    async def make() -> None:
        for store in stores:
            await store.create_indexes()

    asyncio.run(make())
    return tuple(noted)


class _Noting:
    """Stands where a database would, and notes which indexes are asked for."""

    codec_options: ClassVar[CodecOptions[Any]] = CodecOptions()  # Any: the driver's

    def __init__(self, noted: list[Index], name: str = "") -> None:
        self._noted, self._name = noted, name

    def __getitem__(self, name: str) -> "_Noting":
        return _Noting(self._noted, name)

    def with_options(self, **_options: object) -> "_Noting":
        """Return the same: nothing is read."""
        return self

    async def create_index(
        self, keys: Sequence[tuple[str, object]], *, name: str, **options: object
    ) -> None:
        """Note an index."""
        self._noted.append(Index(self._name, name, tuple(keys), options))
