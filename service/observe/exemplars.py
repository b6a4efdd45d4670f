"""One example for each bucket and each counter of failures: the trace of a request that is in it.

Kept like the counts, in a file of each worker that any of them reads: a scrape of one worker shows
the latest of all. Only requests whose trace is kept become examples, so each leads somewhere.
"""

import struct
import zlib
from array import array
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from service.observe.cells import Cells
from service.observe.current import TRACE_DIGITS

_BODY: Final = struct.Struct("<16s8sdd")  # trace id, span id, value, time
_SUM: Final = struct.Struct("<Q")  # of the body: who reads while another writes sees half of each
_BYTES: Final = _BODY.size + _SUM.size
_CELLS: Final = _BYTES // 8
_NONE: Final = bytes(_BYTES)


class Exemplar(NamedTuple):
    """A request that was counted: the hexadecimal ids, the value that was, and when (Unix time)."""

    trace_id: str
    span_id: str
    value: float
    at: float


class Exemplars:
    """The latest exemplar of each series; `series` names all there can be."""

    def __init__(self, series: Sequence[Hashable], directory: Path | None) -> None:
        names = [f"{each!r}{cell}" for each in series for cell in range(_CELLS)]
        self._places = {each: place * _BYTES for place, each in enumerate(series)}
        self._cells = Cells("exemplars", names, directory, fold=_newest)
        self._own = self._cells.own.cast("B")

    def set(self, series: Hashable, ids: str, value: float, at: float) -> None:
        """Make a request the latest example of a series; of one that is not foreseen it is none."""
        place = self._places.get(series)
        if place is None:
            return
        trace_id, span_id = bytes.fromhex(ids[:TRACE_DIGITS]), bytes.fromhex(ids[TRACE_DIGITS:])
        body = _BODY.pack(trace_id, span_id, value, at)
        self._own[place : place + _BYTES] = body + _SUM.pack(zlib.crc32(body))

    def latest(self) -> Mapping[Hashable, Exemplar]:
        """Return the latest exemplar of each series that has one, over all workers."""
        contents = [bytes(self._own)]
        contents += [array("d", v).tobytes() for _, v in self._cells.living()[1:]]
        contents += [array("d", values).tobytes() for values in self._cells.dead()]
        found = {}
        for series, place in self._places.items():
            read = [_read(content[place : place + _BYTES]) for content in contents]
            known = [each for each in read if each is not None]
            if known:
                found[series] = max(known, key=lambda each: each.at)
        return found


def _read(record: bytes) -> Exemplar | None:
    if record == _NONE:
        return None
    body, at_end = record[: _BODY.size], record[_BODY.size :]
    trace_id, span_id, value, at = _BODY.unpack(body)
    if _SUM.unpack(at_end)[0] != zlib.crc32(body):
        return None
    return Exemplar(trace_id.hex(), span_id.hex(), value, at)


def _newest(columns: Sequence[Sequence[float]]) -> "array[float]":
    """Return for each series what the worker has left that wrote it last."""
    contents = [array("d", values).tobytes() for values in columns]
    chosen = bytearray()
    for place in range(0, len(contents[0]), _BYTES):
        records = [content[place : place + _BYTES] for content in contents]
        chosen += max(records, key=lambda record: getattr(_read(record), "at", 0.0))
    return array("d", bytes(chosen))
