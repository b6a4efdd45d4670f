"""The files of a backup: BSON documents one after another, in gzip members of a few megabytes.

`gunzip` makes of such a file the plain documents, as mongodump writes them. Each member is a block
of its own whose place and hash the manifest knows, so that damage costs one block and no more.
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

import bson
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import BSONError
from pydantic import BaseModel, ConfigDict, Field

BLOCK_BYTES: Final = 4 << 20
_LEVEL: Final = 4
_LENGTH_BYTES: Final = 4
_SMALLEST: Final = 5
_DECODING: Final = CodecOptions[dict[str, object]](
    datetime_conversion=DatetimeConversion.DATETIME_AUTO
)
"""Dates beyond the year 9999 are valid BSON."""


class Block(BaseModel):
    """One gzip member: where it lies in its file, how many documents it holds, and its hash."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    offset: int = Field(ge=0)
    size_bytes: int = Field(ge=1)
    documents: int = Field(ge=0)
    sha256: str


class DamagedBlockError(Exception):
    """A block is not what was written; the text says in which way."""


class Digest:
    """A hash over documents that does not depend on their order: the sum of their SHA-256."""

    def __init__(self) -> None:
        self._sum = 0

    def add(self, document: bytes) -> None:
        """Take one more document into account."""
        self._sum += int.from_bytes(hashlib.sha256(document).digest())

    def hexdigest(self) -> str:
        """Return the sum modulo 2^256 in 64 hexadecimal digits."""
        return f"{self._sum % (1 << 256):064x}"


@dataclass(frozen=True, slots=True)
class Written:
    """What came to be in a file."""

    size_bytes: int
    sha256: str
    blocks: tuple[Block, ...]
    documents: int
    document_bytes: int
    digest: str


class BlockWriter:
    """Writes documents into an open file, never holding more than one block of them."""

    def __init__(self, out: BinaryIO, *, block_bytes: int = BLOCK_BYTES) -> None:
        self._out, self._block_bytes = out, block_bytes
        self._waiting, self._waiting_count = bytearray(), 0
        self._blocks: list[Block] = []
        self._offset = self._documents = self._document_bytes = 0
        self._hash, self._digest = hashlib.sha256(), Digest()

    @property
    def documents(self) -> int:
        """Return how many were added so far."""
        return self._documents

    def add(self, document: bytes) -> None:
        """Write one document."""
        if self._waiting and len(self._waiting) + len(document) > self._block_bytes:
            self._flush()
        self._waiting += document
        self._waiting_count += 1
        self._documents += 1
        self._document_bytes += len(document)
        self._digest.add(document)

    def finish(self) -> Written:
        """Write what is left and say what the file holds; a file has at least one block."""
        if self._waiting or not self._blocks:
            self._flush()
        return Written(
            self._offset,
            self._hash.hexdigest(),
            tuple(self._blocks),
            self._documents,
            self._document_bytes,
            self._digest.hexdigest(),
        )

    def _flush(self) -> None:
        member = gzip.compress(self._waiting, compresslevel=_LEVEL, mtime=0)
        self._out.write(member)
        self._hash.update(member)
        sha256 = hashlib.sha256(member).hexdigest()
        self._blocks.append(
            Block(
                offset=self._offset,
                size_bytes=len(member),
                documents=self._waiting_count,
                sha256=sha256,
            )
        )
        self._offset += len(member)
        self._waiting, self._waiting_count = bytearray(), 0


def read_block(source: BinaryIO, block: Block) -> bytes:
    """Return the documents of a block, one after another; raises DamagedBlockError."""
    source.seek(block.offset)
    member = source.read(block.size_bytes)
    if len(member) < block.size_bytes:
        raise DamagedBlockError(f"the file ends after {block.offset + len(member):,} bytes")
    if hashlib.sha256(member).hexdigest() != block.sha256:
        raise DamagedBlockError("its bytes have changed (SHA-256 differs)")
    try:
        return gzip.decompress(member)
    except (OSError, EOFError, zlib.error) as err:
        raise DamagedBlockError(f"it cannot be decompressed: {err}") from err


def split(documents: bytes) -> Iterator[bytes]:
    """Yield the documents of a run of them; raises DamagedBlockError where one cannot begin."""
    at, end = 0, len(documents)
    while at < end:
        length = int.from_bytes(documents[at : at + _LENGTH_BYTES], "little", signed=True)
        if length < _SMALLEST or at + length > end:
            raise DamagedBlockError(f"no document can be {length} bytes long")
        yield documents[at : at + length]
        at += length


def check_decodes(document: bytes) -> None:
    """Return when a document is valid BSON in all its depth; raises DamagedBlockError."""
    try:
        bson.decode(document, _DECODING)
    except (BSONError, ValueError, OverflowError) as err:
        raise DamagedBlockError(f"it is no valid BSON: {err}") from err
