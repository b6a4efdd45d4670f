"""Kept requests on their way out: bounded, and never in the way of one that runs."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Literal

from service.background import Repeating
from service.observe.collector import TIMEOUT_S, Collector
from service.observe.conventions import Ended, Span, Value, spans_of
from service.observe.otlp_json import line_of
from service.observe.traces_log import TracesLog

Lost = Literal["rate", "queue", "export", "write"]
_EVERY_S: Final = 1.0
_MOST_SPANS: Final = 20_000  # about 10 MB
_BATCH_SPANS: Final = 2_000


class Outbox:
    """Traces wait here until a thread has sent or written them, once a second.

    They go to the collector, where there is one; what it does not take goes into the file, and
    what cannot be written either is lost, which `on_drop` counts. A collector that hangs keeps
    the thread and nobody else.
    """

    def __init__(
        self,
        resource: Mapping[str, Value],
        *,
        collector: Collector | None,
        file: TracesLog | None,
        on_drop: Callable[[Lost, int], None],
        most_spans: int = _MOST_SPANS,
    ) -> None:
        self._resource, self._collector, self._file = resource, collector, file
        self._on_drop, self._most_spans = on_drop, most_spans
        self._waiting: list[Ended] = []
        self._spans = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="traces")
        self._look = Repeating(self.flush, every_s=_EVERY_S, name="traces")

    def __bool__(self) -> bool:
        """Return whether traces go anywhere at all."""
        return self._collector is not None or self._file is not None

    def put(self, ended: Ended) -> bool:
        """Take one; return whether there was room."""
        size = 1 + len(ended.trace.pieces or ())
        if self._spans + size > self._most_spans:
            self._on_drop("queue", 1)
            return False
        self._spans += size
        self._waiting.append(ended)
        return True

    def start(self) -> None:
        """Begin to send in the background of the running event loop."""
        self._look.start()

    async def stop(self) -> None:
        """Send what is left, as far as that takes no longer than one attempt; write the rest."""
        await self._look.stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.flush(), TIMEOUT_S)
        if self._collector is not None:
            self._collector.close()
        self._thread.shutdown(wait=False, cancel_futures=True)
        for reason, count in self._written([spans_of(ended) for ended in self._waiting]):
            self._on_drop(reason, count)

    async def flush(self) -> None:
        """Send all that waits."""
        if not self._waiting:
            return
        waiting, self._waiting, self._spans = self._waiting, [], 0
        delivery = self._thread.submit(self.deliver, waiting)
        try:
            lost = await asyncio.wrap_future(delivery)
        except asyncio.CancelledError:
            if delivery.cancel():  # it has not begun
                self._waiting = waiting + self._waiting
            raise
        for reason, count in lost:
            self._on_drop(reason, count)

    def deliver(self, waiting: list[Ended]) -> list[tuple[Lost, int]]:
        """Send or write traces; return how many were lost, and to what."""
        traces = [spans_of(ended) for ended in waiting]
        return self._written(
            traces if self._collector is None else self._not_taken(self._collector, traces)
        )

    def _written(self, left: list[list[Span]]) -> list[tuple[Lost, int]]:
        """Write traces that no collector has taken; return how many were lost, and to what."""
        if not left:
            return []
        if self._file is None:
            return [("export", len(left))] if self._collector is not None else []
        try:
            self._file.append(b"".join(line_of(self._resource, spans) for spans in left))
        except OSError:  # a full disk
            return [("write", len(left))]
        return []

    def _not_taken(self, collector: Collector, traces: list[list[Span]]) -> list[list[Span]]:
        """Send traces in batches; after the first that is not taken, try no more this time."""
        while traces:
            size = number = 0
            while number < len(traces) and (
                not number or size + len(traces[number]) <= _BATCH_SPANS
            ):
                size += len(traces[number])
                number += 1
            if not collector.send([span for spans in traces[:number] for span in spans]):
                return traces
            traces = traces[number:]
        return []


def resource_of(name: str, version: str, revision: str) -> dict[str, Value]:
    """Return what says which process of which release a span comes from."""
    host, pid = socket.gethostname(), os.getpid()
    return {
        "service.name": name,
        "service.version": version,
        "service.instance.id": f"{host}/{pid}",
        "host.name": host,
        "process.pid": pid,
        "vcs.ref.head.revision": revision,
    }
