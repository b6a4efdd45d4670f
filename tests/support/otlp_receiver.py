"""A collector for tests, built from OpenTelemetry's own protobuf messages; it can misbehave."""

import contextlib
import gzip
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Receiver:
    """What came in; `status` and `answer` are what it says, and it waits for `released` before."""

    url: str = ""
    status: int = 200
    answer: bytes = ExportTraceServiceResponse().SerializeToString()
    requests: list[ExportTraceServiceRequest] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)

    def spans(self) -> list[Span]:
        """Return all spans that came."""
        return [
            span
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@contextlib.contextmanager
def receiver() -> Iterator[Receiver]:
    """Give a receiver that takes everything, until told otherwise."""
    found = Receiver()
    found.released.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.asked.set()
            found.released.wait(60)
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            if found.status == 200:
                found.requests.append(ExportTraceServiceRequest.FromString(body))
                found.headers.append({k.lower(): v for k, v in self.headers.items()})
            with contextlib.suppress(OSError):
                self.send_response(found.status)
                self.send_header("content-type", "application/x-protobuf")
                self.send_header("content-length", str(len(found.answer)))
                self.end_headers()
                self.wfile.write(found.answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        found.url = f"http://127.0.0.1:{server.server_port}/v1/traces"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            found.released.set()
            server.shutdown()
            thread.join(10)


def attributes_of(span: Span) -> dict[str, object]:
    """Return the attributes of a span as plain values."""
    return {pair.key: getattr(pair.value, str(pair.value.WhichOneof("value")))
            for pair in span.attributes}  # fmt: skip
