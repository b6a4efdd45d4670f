"""Walk the scheduled times, start a request at each, and account for every one of them."""

import os
import time
from typing import Final

import gevent
from gevent.event import Event

from synthetic.load import wire
from synthetic.load.exchange import Exchange
from synthetic.load.job import Job
from synthetic.load.record_buffer import RecordBuffer
from synthetic.load.samples import Outcome
from synthetic.load.schedule import arrivals_s, part
from synthetic.load.shape import Model
from synthetic.load.workload import Call, Workload

FLUSH_S: Final = 0.1
YIELD_EVERY: Final = 16
"""When behind schedule, answers still have to be read: let them in after so many starts."""


class Arrivals:
    """One worker's share of a run; writes samples and messages as frames to `out`."""

    def __init__(self, job: Job, out: int) -> None:
        self.job, self._out = job, out
        self.done = Event()
        self._times = part(arrivals_s(job.profile), worker=job.worker, workers=job.workers)
        self._workload = Workload(job.profile, tag=job.tag, owners=len(job.keys) or 1)
        self._buffer = RecordBuffer(job.worker)
        self._waiting: dict[int, tuple[float, float, int]] = {}
        self._counts = {"scheduled": 0, "sent": 0, "dropped": 0}
        self._cut = False
        self._start = self._cpu_start = 0.0
        self._cpu_s = self._wall_s = 0.0

    def walk(self, exchange: Exchange) -> None:
        """Send everything, wait for the last answer, then set `done`."""
        self._seed(exchange)
        self._say({"type": "started", "arrivals": len(self._times)})
        flusher = gevent.spawn(self._flush_for_ever)
        self._start, self._cpu_start = time.perf_counter(), time.process_time()
        if self.job.profile.model is Model.OPEN:
            self._open(exchange)
        else:
            self._closed(exchange)
        self._cpu_s = time.process_time() - self._cpu_start
        self._wall_s = time.perf_counter() - self._start
        self._drain()
        flusher.kill()
        self.done.set()

    def cut_short(self) -> None:
        """Stop scheduling and do not wait for what is still out."""
        self._cut = True

    def finish(self, *, locust_requests: int) -> None:
        """Write the last samples and the account of the run."""
        self._flush()
        self._say(
            {
                "type": "finished",
                **self._counts,
                "cut_short": self._cut,
                "cpu_s": self._cpu_s,
                "wall_s": self._wall_s,
                "locust_requests": locust_requests,
            }
        )

    def _open(self, exchange: Exchange) -> None:
        limit = self.job.profile.max_in_flight
        for number, due_s in enumerate(self._times.tolist()):
            wait_s = self._start + due_s - time.perf_counter()
            if wait_s > 0:
                gevent.sleep(wait_s)
            elif number % YIELD_EVERY == 0:
                gevent.sleep(0)
            if self._cut:
                return
            self._counts["scheduled"] += 1
            call = self._workload.next_call()
            if len(self._waiting) >= limit:
                self._counts["dropped"] += 1
                self._buffer.add(due_s, float("nan"), 0.0, 0, call.route, Outcome.DROPPED, 0)
                continue
            self._counts["sent"] += 1
            self._waiting[number] = (due_s, due_s, call.route)
            gevent.spawn(self._one, exchange, number, due_s, call)

    def _closed(self, exchange: Exchange) -> None:
        users = [gevent.spawn(self._loop, exchange, n) for n in range(self.job.profile.users)]
        gevent.joinall(users)

    def _loop(self, exchange: Exchange, user: int) -> None:
        profile, number = self.job.profile, user
        while not self._cut:
            due_s = time.perf_counter() - self._start
            if due_s >= profile.duration_s:
                return
            self._counts["scheduled"] += 1
            self._counts["sent"] += 1
            call = self._workload.next_call()
            self._waiting[number] = (due_s, due_s, call.route)
            self._one(exchange, number, due_s, call)
            number += profile.users
            gevent.sleep(profile.think_s)

    def _one(self, exchange: Exchange, number: int, due_s: float, call: Call) -> None:
        sent_s = time.perf_counter() - self._start
        self._waiting[number] = (due_s, sent_s, call.route)
        outcome, status, body = exchange.send(call)
        latency_s = time.perf_counter() - self._start - due_s
        if self._waiting.pop(number, None) is None:
            return  # already given up on and counted as unfinished
        fine = outcome is Outcome.ANSWERED and call.accepts(status)
        self._buffer.add(due_s, sent_s, latency_s, status, call.route, outcome, int(fine))
        if fine and self._workload.wants_answer(call):
            self._workload.made(call, body)
        error = None if fine else f"{outcome.name.lower()} {status}"
        exchange.report(self._workload.routes[call.route], call.method, latency_s, error)

    def _drain(self) -> None:
        """Give every waiting request its whole timeout; count the rest as unfinished."""
        deadline = time.perf_counter() + self.job.profile.timeout_s + 1
        while self._waiting and not self._cut and time.perf_counter() < deadline:
            gevent.sleep(0.01)
        now_s = time.perf_counter() - self._start
        for due_s, sent_s, route in self._waiting.values():
            self._buffer.add(due_s, sent_s, now_s - due_s, 0, route, Outcome.UNFINISHED, 0)
        self._waiting.clear()

    def _seed(self, exchange: Exchange) -> None:
        for call in self._workload.seeding_calls() if self.job.worker == 0 else ():
            outcome, status, body = exchange.send(call)
            if outcome is Outcome.ANSWERED and call.accepts(status):
                self._workload.made(call, body)
            if self._cut:
                return

    def _flush_for_ever(self) -> None:
        while True:
            gevent.sleep(FLUSH_S)
            self._flush()

    def _flush(self) -> None:
        if data := self._buffer.take():
            self._write(wire.frame(wire.SAMPLES, data))

    def _say(self, content: dict[str, object]) -> None:
        self._write(wire.message(content))

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._out, view) :]
