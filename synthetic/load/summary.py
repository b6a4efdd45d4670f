"""The figures of a run as plain JSON data: per route, over time, as distribution and heat map."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.json_values import JsonObject
from synthetic.estimates import percentile
from synthetic.load.samples import Outcome, Samples, failed, lag_ms, samples_by_route, sent_only

PERCENTILES: Final = (0.5, 0.75, 0.9, 0.95, 0.99, 0.999)
BINS_PER_DOUBLING: Final = 8
SLICES: Final = 60
HEAT_PER_DOUBLING: Final = 1
MOST_LAG: Final = 0.05
"""Of a percentile: beyond it the figure is not the target's alone."""
Floats = NDArray[np.float64]


def figures(samples: Samples) -> JsonObject:
    """Return counts and exact percentiles (milliseconds, with 95 % intervals) of some requests."""
    sent = sent_only(samples)
    ordered = np.sort(sent["latency_s"].astype(np.float64)) * 1000
    statuses, counts = np.unique(sent["status"], return_counts=True)
    return {
        "requests": len(samples),
        "failed": int(np.count_nonzero(failed(samples))),
        "statuses": {str(s): int(c) for s, c in zip(statuses, counts, strict=True) if s},
        "outcomes": {
            outcome.name.lower(): int(np.count_nonzero(samples["outcome"] == outcome))
            for outcome in Outcome
        },
        "mean_ms": float(ordered.mean()) if len(ordered) else None,
        "max_ms": float(ordered[-1]) if len(ordered) else None,
        "percentiles_ms": _percentiles(ordered, _without_lag_ms(sent)) if len(ordered) else {},
    }


def failures(samples: Samples) -> dict[str, int]:
    """Return how many requests failed by what came instead: a status, or how it ended."""
    bad = samples[failed(samples)]
    kinds, counts = np.unique(
        np.stack([bad["outcome"], bad["status"]], axis=1), axis=0, return_counts=True
    )
    return {
        str(status) if outcome == Outcome.ANSWERED else Outcome(outcome).name.lower(): int(count)
        for (outcome, status), count in zip(kinds, counts, strict=True)
    }


def by_route(samples: Samples, routes: Sequence[str]) -> JsonObject:
    """Return the figures of each route, in the profile's order; a route without requests too."""
    split = samples_by_route(samples, len(routes))
    return {name: figures(mine) for name, mine in zip(routes, split, strict=True)}


def distribution(samples: Samples) -> JsonObject:
    """Return a histogram of latency over bins that grow by a ninth part of their doubling."""
    values = _latencies_ms(samples)
    if not len(values):
        return {"edges_ms": [], "counts": []}
    edges = _edges(values, BINS_PER_DOUBLING)
    counts, _ = np.histogram(values, edges)
    return {"edges_ms": _rounded(edges), "counts": counts.tolist()}


def timeline(samples: Samples, duration_s: float) -> list[JsonObject]:
    """Return at most `SLICES` equal slices of the schedule, each with its own figures.

    All are of the requests that were due in a slice, but `answers`: these came in it, whenever
    they were asked for.
    """
    edges = np.linspace(0, duration_s, min(SLICES, max(int(duration_s), 1)) + 1)
    place = np.clip(np.searchsorted(edges, samples["due_s"], side="right") - 1, 0, len(edges) - 2)
    answered = samples[samples["outcome"] == Outcome.ANSWERED]
    answers, _ = np.histogram(answered["due_s"] + answered["latency_s"], edges)
    return [
        {
            **_slice(samples[place == n], float(edges[n]), float(edges[n + 1])),
            "answers": int(answers[n]),
        }
        for n in range(len(edges) - 1)
    ]


def heat_map(samples: Samples, duration_s: float) -> JsonObject:
    """Return counts by time (columns, `SLICES` at most) and latency (rows, one a doubling)."""
    sent = sent_only(samples)
    values = _latencies_ms(samples)
    if not len(values):
        return {"time_edges_s": [], "latency_edges_ms": [], "counts": []}
    times = np.linspace(0, duration_s, min(SLICES, max(int(duration_s), 1)) + 1)
    edges = _edges(values, HEAT_PER_DOUBLING)
    due = np.minimum(sent["due_s"], duration_s)
    place = np.clip(np.searchsorted(times, due, side="right") - 1, 0, len(times) - 2)
    columns = [np.histogram(values[place == n], edges)[0] for n in range(len(times) - 1)]
    return {
        "time_edges_s": _rounded(times),
        "latency_edges_ms": _rounded(edges),
        "counts": np.transpose(columns).tolist(),
    }


def _percentiles(ordered: Floats, own: Floats) -> JsonObject:
    """Return each percentile; it is `lagged` where over 5 % of it are the generator's own."""
    found = {}
    for q in PERCENTILES:
        estimate = percentile(ordered, q)
        found[f"p{q * 100:g}"] = {
            "value": estimate.value,
            "low": estimate.low,
            "high": estimate.high,
            "lagged": estimate.value - percentile(own, q).value > MOST_LAG * estimate.value,
        }
    return found


def _without_lag_ms(sent: Samples) -> Floats:
    """Return what each request took from when it was sent, in rising order."""
    own = sent["latency_s"] * 1000.0 - lag_ms(sent)
    result: Floats = np.sort(np.maximum(own, 0.0))
    return result


def _slice(samples: Samples, begin_s: float, end_s: float) -> JsonObject:
    values, lags = _latencies_ms(samples), lag_ms(samples)
    p50, p95, p99 = np.quantile(values, (0.5, 0.95, 0.99)).tolist() if len(values) else (None,) * 3
    return {
        "begin_s": begin_s,
        "end_s": end_s,
        "scheduled": len(samples),
        "finished": int(np.count_nonzero(samples["outcome"] == Outcome.ANSWERED)),
        "failed": int(np.count_nonzero(failed(samples))),
        "failures": failures(samples),
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
        "lag_max_ms": float(lags.max()) if len(lags) else None,
    }


def _latencies_ms(samples: Samples) -> NDArray[np.float64]:
    sent = sent_only(samples)
    return sent["latency_s"].astype(np.float64) * 1000


def _edges(values: NDArray[np.float64], per_doubling: int) -> NDArray[np.float64]:
    """Return edges at powers of two (and between) that hold every value."""
    low = np.floor(np.log2(max(float(values.min()), 1e-3)))
    high = np.floor(np.log2(max(float(values.max()), 1e-3))) + 1
    return 2.0 ** np.linspace(low, high, int((high - low) * per_doubling) + 1)


def _rounded(values: NDArray[np.float64]) -> list[float]:
    return [float(f"{value:.6g}") for value in values]
