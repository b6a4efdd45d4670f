"""Which request is this? What the caller says about it, if it can be believed."""

import re
from collections.abc import Iterable
from typing import Final

_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
# https://www.w3.org/TR/trace-context/#traceparent-header
_TRACEPARENT: Final = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def given_identity(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, str]:
    """Return the request id and the trace id that came with a request; empty where none is valid.

    A malformed one is ignored, so that nobody can write into the logs with it.
    """
    request_id = trace_id = ""
    for name, value in headers:
        if name == b"x-request-id":
            if _REQUEST_ID.fullmatch(value):
                request_id = value.decode("ascii")
        elif name == b"traceparent" and (found := _TRACEPARENT.fullmatch(value)):
            trace_id = found[1].decode("ascii")
    return request_id, trace_id
