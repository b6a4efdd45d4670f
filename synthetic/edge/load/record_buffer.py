"""Samples on their way to the pipe."""

import struct

from synthetic.load.samples import SAMPLE, Outcome

_PACK = struct.Struct("<ddfHHBBB")
if _PACK.size != SAMPLE.itemsize:
    raise AssertionError("the packed form and the array's form of a sample differ")


class RecordBuffer:
    """Collects packed samples until they are taken."""

    __slots__ = ("_data", "_worker")

    def __init__(self, worker: int) -> None:
        self._worker, self._data = worker, bytearray()

    def add(
        self,
        due_s: float,
        sent_s: float,
        latency_s: float,
        status: int,
        route: int,
        outcome: Outcome,
        expected: int,
    ) -> None:
        """Add one sample; the fields are those of `SAMPLE`."""
        self._data += _PACK.pack(
            due_s, sent_s, latency_s, status, route, outcome, expected, self._worker
        )

    def take(self) -> bytes:
        """Return what was collected and start anew."""
        data = bytes(self._data)
        self._data.clear()
        return data
