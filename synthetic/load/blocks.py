"""The latencies of a run in blocks of time, small enough to keep and fine enough to compare by.

What follows each other closely is alike, so that single requests are no independent evidence;
blocks of some seconds nearly are. A bin is 2 % wide.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.json_values import JsonMapping, JsonObject
from synthetic.load.samples import Samples, samples_by_route, sent_only, without_lag

BLOCKS: Final = 20
GROWTH: Final = 1.02
LOWEST_MS: Final = 0.001

Histograms = NDArray[np.float64]
"""Counts by (block, bin)."""


def blocks(samples: Samples, routes: Sequence[str], duration_s: float) -> JsonObject:
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


class Recorded(Mapping[str, Histograms]):
    """What `blocks` gave: the dense histograms of each route, and of all of them under `whole`.

    Each is made when it is asked for: with thousands of routes all at once are gigabytes.
    """

    def __init__(self, data: JsonMapping, *, whole: str = "") -> None:
        self._routes: Mapping[str, Sequence[Sequence[int]]] = data["routes"]
        flats = [one for sparse in self._routes.values() for one in sparse if one]
        width = 1 + max((max(one[::2]) for one in flats), default=0)
        self._whole = whole
        self._sum = np.zeros((max(map(len, self._routes.values()), default=BLOCKS), width))
        for sparse in self._routes.values():
            for block, flat in enumerate(sparse):
                self._sum[block, flat[::2]] += flat[1::2]
        self.asked = {name for name, sparse in self._routes.items() if any(sparse)}
        if self.asked:
            self.asked.add(whole)

    def __getitem__(self, name: str) -> Histograms:
        """Return the counts of a route by (block, bin)."""
        if name == self._whole:
            return self._sum
        found = np.zeros_like(self._sum)
        for block, flat in enumerate(self._routes[name]):
            found[block, flat[::2]] = flat[1::2]
        return found

    def __iter__(self) -> Iterator[str]:
        """Yield the whole, then the routes."""
        yield self._whole
        yield from self._routes

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._routes) + 1


def _sparse(bins: NDArray[np.int64]) -> list[int]:
    if not len(bins):
        return []  # most of them, where a profile has thousands of routes
    values, counts = np.unique(bins, return_counts=True)
    return [int(number) for pair in zip(values, counts, strict=True) for number in pair]
