"""The latencies of a run in blocks of time, small enough to keep and fine enough to compare by.

What follows each other closely is alike, so that single requests are no independent evidence;
blocks of some seconds nearly are. A bin is 2 % wide.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from synthetic.load.samples import Samples, samples_by_route, sent_only, without_lag

BLOCKS: Final = 20
GROWTH: Final = 1.02
LOWEST_MS: Final = 0.001

Histograms = NDArray[np.float64]
"""Counts by (block, bin)."""


def blocks(samples: Samples, routes: Sequence[str], duration_s: float) -> dict[str, Any]:
    """Return for each route a list of `BLOCKS` sparse histograms, each [bin, count, bin, …].

    Latency counts from when a request was sent: the lag of the generator is not the target's.
    """
    sent = without_lag(sent_only(samples))
    split = samples_by_route(sent, len(routes))
    found = {name: _blocks(mine, duration_s) for name, mine in zip(routes, split, strict=True)}
    return {"growth": GROWTH, "lowest_ms": LOWEST_MS, "without_lag": True, "routes": found}


def _blocks(sent: Samples, duration_s: float) -> list[list[int]]:
    place = np.clip((sent["due_s"] / duration_s * BLOCKS).astype(int), 0, BLOCKS - 1)
    bins = bin_of(sent["latency_s"].astype(np.float64) * 1000)
    return [_sparse(bins[place == block]) for block in range(BLOCKS)]


def bin_of(latency_ms: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the bin of each latency."""
    found = np.log(np.maximum(latency_ms, LOWEST_MS) / LOWEST_MS) / np.log(GROWTH)
    result: NDArray[np.int64] = found.astype(np.int64)
    return result


def value_of(place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the latency in milliseconds at a bin's number; fractions lie between its edges."""
    result: NDArray[np.float64] = LOWEST_MS * GROWTH**place
    return result


def read_blocks(data: Mapping[str, Any]) -> dict[str, Histograms]:
    """Return the dense histograms of what `blocks` gave, by route."""
    highest = max(
        (max(one[::2]) for sparse in data["routes"].values() for one in sparse if one), default=0
    )
    return {name: _dense(sparse, highest + 1) for name, sparse in data["routes"].items()}


def _sparse(bins: NDArray[np.int64]) -> list[int]:
    if not len(bins):
        return []  # most of them, where a profile has thousands of routes
    values, counts = np.unique(bins, return_counts=True)
    return [int(number) for pair in zip(values, counts, strict=True) for number in pair]


def _dense(sparse: Sequence[Sequence[int]], width: int) -> Histograms:
    found = np.zeros((len(sparse), width))
    for block, flat in enumerate(sparse):
        found[block, list(flat[::2])] = flat[1::2]
    return found
