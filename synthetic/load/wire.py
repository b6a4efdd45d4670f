"""What the generator's process says to the one that started it: frames on a pipe.

A frame is one byte of kind, four bytes of length (little-endian) and the payload: raw samples
(`R`) or one JSON object (`J`).
"""

import json
import struct
from collections.abc import Iterator
from typing import Final

from kit.pure.json_values import JsonMapping

SAMPLES: Final = b"R"
MESSAGE: Final = b"J"
_HEAD: Final = struct.Struct("<cI")


def frame(kind: bytes, payload: bytes) -> bytes:
    """Return one frame."""
    return _HEAD.pack(kind, len(payload)) + payload


def message(content: JsonMapping) -> bytes:
    """Return a JSON object as one frame."""
    return frame(MESSAGE, json.dumps(content).encode())


class Frames:
    """Cuts a stream of bytes into frames, however the pipe chops it."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield (kind, payload) for each frame that `data` completes."""
        self._rest += data
        while len(self._rest) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._rest)
            end = _HEAD.size + length
            if len(self._rest) < end:
                return
            yield kind, bytes(self._rest[_HEAD.size : end])
            del self._rest[:end]
