"""Gather what the generators report, and tell how the run is going."""

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from kit.pure.errors import BadInputError, NotEnoughDataError
from synthetic.load import wire
from synthetic.load.coverage import planned_for
from synthetic.load.live import Live
from synthetic.load.progress import OnProgress, Started, Tick
from synthetic.load.samples import from_bytes
from synthetic.load.shape import Profile
from synthetic.load.watch import Watch

TICK_S: Final = 0.5
STOP_S: Final = 3.0
START_S: Final = 60.0
SPARE_S: Final = 30.0
"""Over the schedule and the last request's timeout: seeding and a busy machine."""


class Generators(Protocol):
    """The generator processes of a run, wherever they are."""

    @property
    def running(self) -> int:
        """Return how many pipes are still open."""
        ...

    def read(self, *, wait_s: float) -> Iterator[tuple[int, bytes]]:
        """Yield (pipe, bytes) that have arrived; empty bytes mean that the pipe has ended."""
        ...

    def go(self) -> None:
        """Tell every worker that all are ready: the schedule begins now."""
        ...

    def ask_to_stop(self) -> None:
        """Tell every worker to send nothing more and to report what it has."""
        ...

    def exit_code(self, worker: int) -> int:
        """Return the exit code behind a pipe that has ended."""
        ...

    def last_words(self, worker: int) -> str:
        """Return the last line of complaint behind a pipe that has ended."""
        ...


@dataclass(slots=True)
class Gathered:
    """Raw samples of all workers in the order of arrival, and each worker's last account.

    `lost` says which workers ended in the middle, `stopped` why the run was ended early.
    """

    data: bytearray = field(default_factory=bytearray)
    accounts: list[dict[str, Any]] = field(default_factory=list)
    planned: int = 0
    lost: list[str] = field(default_factory=list)
    stopped: str | None = None


def gather(
    crew: Generators,
    profile: Profile,
    url: str,
    gathered: Gathered,
    on_progress: OnProgress,
    *,
    live: Live,
    watch: Watch,
) -> None:
    """Fill `gathered` until every worker is done; on Ctrl-C ask for what there is, then raise."""
    loop = _Loop(crew, profile, url, gathered, on_progress, live, watch)
    limit_s = START_S + profile.duration_s + profile.timeout_s + SPARE_S
    try:
        loop.run(until=time.monotonic() + limit_s)
    except KeyboardInterrupt:
        loop.ask_to_stop()
        with contextlib.suppress(NotEnoughDataError):  # what there is, is there
            loop.run(until=time.monotonic() + STOP_S)
        raise


class _Loop:
    def __init__(
        self,
        crew: Generators,
        profile: Profile,
        url: str,
        gathered: Gathered,
        on_progress: OnProgress,
        live: Live,
        watch: Watch,
    ) -> None:
        self._crew, self._profile, self._url = crew, profile, url
        self._gathered, self._on_progress = gathered, on_progress
        self._live, self._watch = live, watch
        self._frames: dict[int, wire.Frames] = {}
        self._ended: set[int] = set()
        self._began: float | None = None
        self._last = (0.0, 0)
        self._ready = 0
        self._asked = False

    def ask_to_stop(self) -> None:
        self._asked = True
        self._crew.ask_to_stop()

    def run(self, *, until: float) -> None:
        next_tick = time.monotonic() + TICK_S
        while self._crew.running:
            for worker, data in self._crew.read(wait_s=TICK_S / 2):
                self._take(worker, data)
            now = time.monotonic()
            if now >= next_tick and self._began is not None:
                next_tick = now + TICK_S
                self._on_progress(self._tick(now - self._began))
                self._stop_when_decided()
            if now > until:
                raise NotEnoughDataError(
                    "the load generator did not come to an end",
                    hint="the machine is overloaded; try a lower rate",
                )

    def _stop_when_decided(self) -> None:
        if self._gathered.stopped is None and not self._gathered.lost:
            self._gathered.stopped = self._watch.reason_to_stop()
            if self._gathered.stopped is not None:
                self.ask_to_stop()

    def _take(self, worker: int, data: bytes) -> None:
        if not data:
            self._check_end(worker)
            return
        for kind, payload in self._frames.setdefault(worker, wire.Frames()).feed(data):
            if kind == wire.SAMPLES:
                self._gathered.data += payload
                samples = from_bytes(payload)
                self._live.take(samples)
                self._watch.take(samples)
            else:
                self._hear(worker, json.loads(payload))

    def _hear(self, worker: int, content: dict[str, Any]) -> None:
        if content["type"] == "finished":
            self._gathered.accounts.append(content)
            self._ended.add(worker)
            if content["cut_short"] and not self._asked:
                self._lose(f"{content['worker']} was stopped by somebody else")
        elif content["type"] == "lost":
            how = "gave up:" if content.get("gave_up") else "died with"
            self._asked = True
            self._lose(f"{content['worker']} {how} {content['why']}")
        elif content["type"] == "refused":
            raise BadInputError(
                f"the locustfile cannot be run: {content['why']}", hint="correct that line"
            )
        elif content["type"] == "ready":
            self._ready += 1
            if self._ready == self._crew.running:
                self._crew.go()
        elif content["type"] == "started":
            self._gathered.planned += int(content["arrivals"])
            if self._began is None:
                self._began = time.monotonic()
                name, seconds = self._profile.name, self._profile.duration_s
                plan = planned_for(self._profile, 1)  # of all workers together
                planned = self._gathered.planned if plan is None else plan.total
                self._on_progress(Started(name, self._url, seconds, planned))

    def _check_end(self, worker: int) -> None:
        if worker in self._ended:
            return
        code, words = self._crew.exit_code(worker), self._crew.last_words(worker)
        why = f"exit code {code}" + (f": {words}" if words else "")
        if not self._crew.running and not self._gathered.data:
            raise NotEnoughDataError(
                f"load generator {worker} died with {why}",
                hint="nothing can be said about the target; run it again",
            )
        self._lose(f"{worker} died with {why}")

    def _lose(self, what: str) -> None:
        """Note a worker that ended early, and end the others: their share alone is no test."""
        self._gathered.lost.append(f"load generator {what}")
        self.ask_to_stop()

    def _tick(self, elapsed_s: float) -> Tick:
        live = self._live
        before_s, before = self._last
        self._last = (elapsed_s, live.finished)
        return Tick(
            elapsed_s=elapsed_s,
            duration_s=self._profile.duration_s,
            scheduled=self._gathered.planned,
            finished=live.finished,
            failed=live.failed,
            dropped=live.dropped,
            rate_per_s=(live.finished - before) / max(elapsed_s - before_s, 1e-9),
            p95_ms=live.p95_ms(),
            lag_p99_ms=live.lag_p99_ms(),
            budget_spent=live.budget_spent(),
        )
