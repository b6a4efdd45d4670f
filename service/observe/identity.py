"""Which request is this? What the caller says about it, if it can be believed."""

import os
import re
from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from typing import Final, NamedTuple

TELLING: Final = frozenset({b"x-request-id", b"traceparent"})
"""The headers that say something about it."""
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
# https://www.w3.org/TR/trace-context/#traceparent-header: version 00 ends after the flags, a later
# one may go on after a dash; ff is none.
_TRACEPARENT: Final = re.compile(
    rb"(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[\x21-\x7e]*)?"
)
_KEY: Final = r"(?:[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})"
_MEMBER: Final = re.compile(
    _KEY + r"=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]"
)
_MOST_STATE: Final = 512
_MOST_MEMBERS: Final = 32
_SAMPLED: Final = 1
_AT_ONCE: Final = 512


class Caller(NamedTuple):
    """Where a request comes from: trace and span of the caller, and whether it wants a trace."""

    trace_id: str
    span_id: str
    is_sampled: bool


def new_ids(digits: int) -> Iterator[str]:
    """Yield random ids of so many hexadecimal digits, an even number, for ever."""
    cuts = [slice(start, start + digits) for start in range(0, digits * _AT_ONCE, digits)]
    texts = (os.urandom(digits // 2 * _AT_ONCE).hex() for _ in repeat(None))
    return chain.from_iterable(map(text.__getitem__, cuts) for text in texts)


def given_identity(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, bytes]:
    """Return request id and traceparent that came with a request; empty where none is valid.

    A malformed id is ignored, so that nobody can write into the logs with it; a traceparent that is
    given twice is none.
    """
    request_id, traceparent = "", b""
    for name, value in headers:
        if name == b"x-request-id":
            if _REQUEST_ID.fullmatch(value):
                request_id = value.decode("ascii")
        elif name == b"traceparent":
            traceparent = b"twice" if traceparent else value
    return request_id, traceparent


def caller_of(traceparent: bytes) -> Caller | None:
    """Return what a traceparent says; None for one that breaks the standard."""
    found = _TRACEPARENT.fullmatch(traceparent.strip(b" \t"))
    if found is None or (found[1] == b"00" and found[5]):
        return None
    trace_id, span_id = found[2].decode("ascii"), found[3].decode("ascii")
    if not (trace_id.strip("0") and span_id.strip("0")):
        return None
    return Caller(trace_id, span_id, bool(int(found[4], 16) & _SAMPLED))


def tracestate_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the tracestate of a request with a valid traceparent; empty where it is malformed.

    Several headers are one list. It is passed on as it came, and means nothing here.
    """
    said = b",".join(value for name, value in headers if name == b"tracestate")
    if not said or len(said) > _MOST_STATE:
        return ""
    members = [part.strip(" \t") for part in said.decode("latin-1").split(",")]
    members = [member for member in members if member]
    if len(members) > _MOST_MEMBERS or not all(map(_MEMBER.fullmatch, members)):
        return ""
    keys = [member.partition("=")[0] for member in members]
    return ",".join(members) if len(set(keys)) == len(keys) else ""
