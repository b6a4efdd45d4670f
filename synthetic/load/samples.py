"""One request as a record of fixed size, and many of them as one array."""

from collections.abc import Iterator
from enum import IntEnum
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray


class Outcome(IntEnum):
    """How a scheduled request ended."""

    ANSWERED = 0  # a whole HTTP answer came; its status says the rest
    TIMEOUT = 1  # no whole answer within the profile's `timeout_s`
    REFUSED = 2  # no connection could be made
    BROKEN = 3  # the connection ended or spoke nonsense in the middle
    UNFINISHED = 4  # still waiting when the run was cut off
    DROPPED = 5  # never sent: `max_in_flight` others were waiting


# What a profile and its options may say fits: MAX_ROUTES and MAX_WORKERS in `shape` keep to this.
SAMPLE: Final = np.dtype(
    [
        ("due_s", "<f8"),  # the intended start, seconds from the start of the run
        ("sent_s", "<f8"),  # the real start; NaN when dropped
        ("latency_s", "<f4"),  # from the intended start to the last byte, or to the giving up
        ("status", "<u2"),  # 0 without an answer
        ("route", "<u2"),  # index into the run's list of routes
        ("outcome", "u1"),
        ("expected", "u1"),  # 1 when the answer is one that this request may get
        ("worker", "u1"),
    ]
)

Samples = NDArray[Any]  # Any: numpy has no type for records
"""Array of `SAMPLE`, in the order of finishing unless said otherwise."""


def from_bytes(data: bytes | bytearray) -> Samples:
    """Return the samples that `data` holds; the array owns its memory."""
    return np.frombuffer(bytes(data), dtype=SAMPLE)


def from_gathered(data: bytearray) -> Samples:
    """Return the samples that `data` holds by intended start, with one copy and no second."""
    return in_order(np.frombuffer(data, dtype=SAMPLE))


def in_order(samples: Samples) -> Samples:
    """Return the samples by intended start."""
    return samples[np.argsort(samples["due_s"], kind="stable")]


def samples_by_route(samples: Samples, routes: int) -> Iterator[Samples]:
    """Yield the samples of each route, in their order; the work does not grow with the routes."""
    order = np.argsort(samples["route"], kind="stable")
    edges = np.searchsorted(samples["route"][order], np.arange(routes + 1))
    for begin, end in pairwise(edges):
        yield samples[order[begin:end]]


def failed(samples: Samples) -> NDArray[np.bool_]:
    """Return for each sample whether its user did not get what the request was for."""
    result: NDArray[np.bool_] = samples["expected"] == 0
    return result


def sent_only(samples: Samples) -> Samples:
    """Return the samples without those that were dropped; themselves where none was."""
    sent = samples["outcome"] != Outcome.DROPPED
    result: Samples = samples if sent.all() else samples[sent]
    return result


def lag_ms(samples: Samples) -> NDArray[np.float64]:
    """Return how late each sent request was started, in milliseconds; never below zero."""
    sent = sent_only(samples)
    result: NDArray[np.float64] = sent["sent_s"] - sent["due_s"]
    np.maximum(result, 0.0, out=result)
    result *= 1000
    return result


def without_lag(samples: Samples) -> Samples:
    """Return the samples with the latency from when each was sent; itself where nothing lagged."""
    late_s = np.nan_to_num(np.maximum(samples["sent_s"] - samples["due_s"], 0.0))
    if not late_s.any():
        return samples
    found = samples.copy()
    found["latency_s"] = np.maximum(samples["latency_s"] - late_s, 0.0)
    return found
