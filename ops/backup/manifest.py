"""What a backup says about itself: `manifest.json`, and beside it the hash of that file."""

import hashlib
import json
from datetime import datetime
from typing import Any, Final, Literal

from bson import json_util
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from kit.pure.json_values import from_json
from kit.pure.schema_ids import of_later_release
from ops.backup.blocks import Block

SCHEMA: Final = "calendar-sre/backup/v1"
MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.sha256"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DataFile(_Value):
    """A file of the backup, to the byte."""

    name: str = Field(pattern=r"^[a-z0-9][A-Za-z0-9_.-]*\.bson\.gz$")
    size_bytes: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    documents: int = Field(ge=0)
    document_bytes: int = Field(ge=0)
    digest: str = Field(pattern="^[0-9a-f]{64}$")
    blocks: tuple[Block, ...]


class Collection(_Value):
    """A collection or view; `options` and `indexes` are MongoDB Extended JSON, canonical."""

    name: str
    kind: Literal["collection", "view"]
    options: dict[str, object]
    indexes: tuple[dict[str, object], ...]
    file: DataFile | None


class MongodbPart(_Value):
    """A database. Only with `point_in_time` do all documents belong to one moment."""

    server: str
    version: str
    database: str
    point_in_time: bool
    consistency: str
    is_complete: bool
    left_out: tuple[str, ...]
    collections: tuple[Collection, ...]

    @property
    def documents(self) -> int:
        """Return how many documents all collections have."""
        return sum(c.file.documents for c in self.collections if c.file)


class RedisPart(_Value):
    """The keys of a Redis database that begin with `prefix`; `types` counts them by type."""

    server: str
    version: str
    database: int
    prefix: str
    types: dict[str, int]
    file: DataFile


class Manifest(_Value):
    """Everything about a backup; times are UTC."""

    format: Literal["calendar-sre/backup/v1"] = Field(alias="schema", default=SCHEMA)
    name: str
    begun_at: AwareDatetime
    finished_at: AwareDatetime
    tool_version: str
    tool_commit: str
    mongodb: MongodbPart | None
    redis: RedisPart | None

    def files(self) -> tuple[DataFile, ...]:
        """Return every file of the backup."""
        found = [c.file for c in self.mongodb.collections if c.file] if self.mongodb else []
        return tuple(found) + ((self.redis.file,) if self.redis else ())

    def holds(self, part: str) -> bool:
        """Say whether `mongodb`, `redis`, or anything (`all`) can be restored from it."""
        if part == "all":
            return True
        return (self.mongodb if part == "mongodb" else self.redis) is not None

    def age_s(self, now: datetime) -> float:
        """Return the seconds since its data were true: since it was begun."""
        return (now - self.begun_at).total_seconds()


class NoManifestError(Exception):
    """Bytes are no manifest; the text says why."""


def text_of(manifest: Manifest) -> bytes:
    """Return the content of `manifest.json`."""
    return (manifest.model_dump_json(by_alias=True, indent=1) + "\n").encode()


def seal_of(text: bytes) -> bytes:
    """Return the content of `manifest.sha256`, which `sha256sum --check` understands."""
    return f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n".encode()


def manifest_of(text: bytes, seal: bytes) -> Manifest:
    """Return the manifest whose file and seal these are; raises NoManifestError."""
    if seal != seal_of(text):
        raise NoManifestError(f"it does not match {SEAL}: one of the two has changed")
    try:
        found = from_json(text)
        schema = found.get("schema") if isinstance(found, dict) else None
        if schema != SCHEMA:
            raise NoManifestError(
                of_later_release(schema, SCHEMA)
                or f"its schema is {schema!r}; this version reads {SCHEMA}"
            )
        return Manifest.model_validate(found)
    except ValidationError as err:
        first = err.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NoManifestError(f"{where}: {first['msg']}") from err
    except ValueError as err:
        raise NoManifestError(f"it is no JSON: {err}") from err


def extended(document: object) -> Any:  # Any: whatever JSON may be
    """Return what a driver gave as canonical Extended JSON, which keeps every type."""
    options = json_util.CANONICAL_JSON_OPTIONS
    return json.loads(json_util.dumps(document, json_options=options))


def from_extended(value: object) -> Any:  # Any: whatever BSON may be
    """Return what `extended` was given."""
    return json_util.loads(json.dumps(value), json_options=json_util.CANONICAL_JSON_OPTIONS)
