"""Gather what the generators report, and tell how the run is going."""

import json
import time
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from slo.errors import NotEnoughDataError
from synthetic.load import wire
from synthetic.load.children import Crew
from synthetic.load.progress import OnProgress, Started, Tick
from synthetic.load.samples import Outcome, failed, from_bytes, lag_ms
from synthetic.load.shape import Profile

TICK_S: Final = 0.5
STOP_S: Final = 3.0
START_S: Final = 60.0
SPARE_S: Final = 30.0
"""Over the schedule and the last request's timeout: seeding and a busy machine."""


@dataclass(slots=True)
class Gathered:
    """Raw samples of all workers in the order of arrival, and each worker's last account."""

    data: bytearray = field(default_factory=bytearray)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    planned: int = 0


def gather(
    crew: Crew, profile: Profile, url: str, gathered: Gathered, on_progress: OnProgress
) -> None:
    """Fill `gathered` until every worker is done; on Ctrl-C ask for what there is, then raise."""
    loop = _Loop(crew, profile, url, gathered, on_progress)
    limit_s = START_S + profile.duration_s + profile.timeout_s + SPARE_S
    try:
        loop.run(until=time.monotonic() + limit_s)
    except KeyboardInterrupt:
        crew.ask_to_stop()
        loop.run(until=time.monotonic() + STOP_S)
        raise


class _Loop:
    def __init__(
        self, crew: Crew, profile: Profile, url: str, gathered: Gathered, on_progress: OnProgress
    ) -> None:
        self._crew, self._profile, self._url = crew, profile, url
        self._gathered, self._on_progress = gathered, on_progress
        self._frames: dict[int, wire.Frames] = {}
        self._ended: set[int] = set()
        self._began: float | None = None
        self._last = (0.0, 0)

    def run(self, *, until: float) -> None:
        next_tick = time.monotonic() + TICK_S
        while self._crew.running:
            for worker, data in self._crew.read(wait_s=TICK_S / 2):
                self._take(worker, data)
            now = time.monotonic()
            if now >= next_tick and self._began is not None:
                next_tick = now + TICK_S
                self._on_progress(self._tick(now - self._began))
            if now > until:
                raise NotEnoughDataError(
                    "the load generator did not come to an end",
                    hint="the machine is overloaded; try a lower rate",
                )

    def _take(self, worker: int, data: bytes) -> None:
        if not data:
            self._check_end(worker)
            return
        for kind, payload in self._frames.setdefault(worker, wire.Frames()).feed(data):
            if kind == wire.SAMPLES:
                self._gathered.data += payload
            else:
                self._hear(worker, json.loads(payload))

    def _hear(self, worker: int, content: dict[str, Any]) -> None:
        if content["type"] == "finished":
            self._gathered.accounts.append(content)
            self._ended.add(worker)
            return
        self._gathered.planned += int(content["arrivals"])
        if self._began is None:
            self._began = time.monotonic()
            name, seconds = self._profile.name, self._profile.duration_s
            self._on_progress(Started(name, self._url, seconds, self._gathered.planned))

    def _check_end(self, worker: int) -> None:
        if worker not in self._ended:
            code, words = self._crew.exit_code(worker), self._crew.last_words(worker)
            raise NotEnoughDataError(
                f"load generator {worker} died with exit code {code}"
                + (f": {words}" if words else ""),
                hint="nothing can be said about the target; run it again",
            )

    def _tick(self, elapsed_s: float) -> Tick:
        samples = from_bytes(self._gathered.data)
        answered = samples["outcome"] != Outcome.DROPPED
        finished = int(np.count_nonzero(answered))
        before_s, before = self._last
        self._last = (elapsed_s, finished)
        lags = lag_ms(samples)
        return Tick(
            elapsed_s=elapsed_s,
            duration_s=self._profile.duration_s,
            scheduled=self._gathered.planned,
            finished=finished,
            failed=int(np.count_nonzero(failed(samples))),
            dropped=len(samples) - finished,
            rate_per_s=(finished - before) / max(elapsed_s - before_s, 1e-9),
            p95_ms=float(np.quantile(samples["latency_s"], 0.95)) * 1000 if finished else None,
            lag_p99_ms=float(np.quantile(lags, 0.99)) if len(lags) else None,
        )
