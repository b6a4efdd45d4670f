"""Walk the scheduled times, start a request at each, and account for every one of them."""

import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import gevent
from gevent.event import Event

from synthetic.edge.load.alarm import Alarm
from synthetic.edge.load.exchange import Exchange
from synthetic.edge.load.locust_statistics import Tally
from synthetic.edge.load.record_buffer import RecordBuffer
from synthetic.edge.load.replies import REDIRECTS, path_within, reply_of
from synthetic.edge.load.seeding import BeforeError, seeded
from synthetic.load import wire
from synthetic.load.job import Job
from synthetic.load.requests import MOST_HOPS, Call
from synthetic.load.samples import Outcome
from synthetic.load.schedule import plan
from synthetic.load.shape import Model
from synthetic.load.turns import side_at
from synthetic.load.variables import FeederEndedError
from synthetic.load.workload import Workload
from synthetic.steps.errors import UnknownVariableError
from synthetic.steps.tracing import REQUEST_ID, TRACEPARENT, Named

FLUSH_S: Final = 0.1
AT_MOST: Final = 16
"""When behind schedule, answers still have to be read: let them in after so many starts."""
NEVER_SENT: Final = float("nan")


class Arrivals:
    """One worker's share of a run; `emit` takes samples and messages as frames.

    `get_ready` is called after the seeding and returns when the schedule begins.
    """

    def __init__(
        self, job: Job, emit: Callable[[bytes], None], get_ready: Callable[[], None]
    ) -> None:
        self.job, self._emit, self._get_ready = job, emit, get_ready
        self.done = Event()
        share = plan(job.profile).part(worker=job.worker, workers=job.workers)
        self._times = array("d", share.times_s.tobytes())
        self._luck = None if share.luck is None else array("d", share.luck.tobytes())
        self._workloads = [
            Workload(
                job.profile,
                tag=job.tag,
                owners=len(job.keys) or 1,
                worker=job.worker,
                workers=job.workers,
            )
            for _ in job.urls
        ]
        own = {name.lower() for name, _ in job.headers}
        is_named = own.isdisjoint((TRACEPARENT, REQUEST_ID.lower()))
        self._named = Named(job.run, job.worker) if job.run and is_named else None
        self._seeded = 0
        self._buffer = RecordBuffer(job.worker)
        self._waiting: dict[int, tuple[float, float, int]] = {}
        self._more = self._thinking = 0
        self._next = self._dropped = self._sent = self._scheduled = 0
        self._cut = self._over = False
        self._walked = Event()
        self._start = self._cpu_start = 0.0
        self._cpu_s = self._wall_s = 0.0

    def walk(self, exchanges: Sequence[Exchange], tally: Tally) -> None:
        """Send everything, wait for the last answer, then set `done`; an exchange for each URL."""
        self._tally, self._exchanges = tally, exchanges
        for exchange, workload in zip(exchanges, self._workloads, strict=True):
            self._seed(exchange, workload)
        self._get_ready()
        self._say({"type": "started", "arrivals": len(self._times)})
        flusher = gevent.spawn(self._flush_for_ever)
        self._start, self._cpu_start = time.perf_counter(), time.process_time()
        if self.job.profile.model is Model.OPEN:
            self._open()
        else:
            self._closed()
        self._cpu_s = time.process_time() - self._cpu_start
        self._wall_s = time.perf_counter() - self._start
        self._drain()
        flusher.kill()
        for exchange in exchanges:
            exchange.close()
        self.done.set()

    def cut_short(self) -> None:
        """Stop scheduling and do not wait for what is still out."""
        self._cut = True
        self._walked.set()

    def finish(self, *, locust_requests: int) -> None:
        """Write the last samples and the account of the run."""
        self._flush()
        self._say(
            {
                "type": "finished",
                "worker": self.job.worker,
                "scheduled": self._scheduled,
                "sent": self._sent,
                "dropped": self._dropped,
                "seeded": self._seeded,
                "left": self._workloads[0].left(),
                "left_at_other": self._workloads[-1].left(),
                "retried": sum(exchange.retried for exchange in self._exchanges),
                "cut_short": self._cut,
                "cpu_s": self._cpu_s,
                "wall_s": self._wall_s,
                "locust_requests": locust_requests,
            }
        )

    def _open(self) -> None:
        self._alarm = Alarm(self._ring)
        try:
            self._ring()
            self._walked.wait()
        finally:
            self._alarm.close()

    def _ring(self) -> None:
        """Start what is due, at most `AT_MOST` at once, and set the alarm for the next."""
        times, position = self._times, self._next
        stop = min(position + AT_MOST, len(times))
        now = time.perf_counter()
        while position < stop and not self._cut:
            due_s = times[position]
            if self._start + due_s > now:
                break
            self._arrive(position, due_s)
            position += 1
            now = time.perf_counter()
        self._next = position
        if position >= len(times) or self._cut:
            self._walked.set()
            return
        self._alarm.set(self._start + times[position], now=now)

    def _arrive(self, number: int, due_s: float) -> None:
        self._scheduled += 1
        side = side_at(due_s, self.job.turn_s) if self.job.other_url else 0
        try:
            luck = None if self._luck is None else self._luck[number]
            call = self._workloads[side].next_call(luck)
        except (FeederEndedError, UnknownVariableError) as err:
            self._scheduled -= 1
            self._give_up(str(err))
            return
        self._put(number, due_s, call, side)

    def _put(self, number: int, due_s: float, call: Call, side: int) -> None:
        """Send a call, or count it as dropped where too many wait."""
        if len(self._waiting) >= self.job.profile.max_in_flight:
            self._dropped += 1
            route = self._route(call, side)
            self._buffer.add(due_s, NEVER_SENT, 0.0, 0, route, Outcome.DROPPED, 0)
            return
        self._begin(number, due_s, call, side)

    def _route(self, call: Call, side: int) -> int:
        return call.route + side * len(self._workloads[0].routes)

    def _begin(self, number: int, due_s: float, call: Call, side: int = 0) -> None:
        self._sent += 1
        route, workload = self._route(call, side), self._workloads[side]
        sent_s = time.perf_counter() - self._start
        self._waiting[number] = (due_s, sent_s, route)

        def done(outcome: Outcome, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            nonlocal call
            latency_s = time.perf_counter() - self._start - due_s
            if number not in self._waiting:
                return  # already given up on and counted as unfinished
            if (again := self._redirect(call, side, status, headers)) is not None:
                call = again
                self._exchanges[side].start(again, done, keep_body=True)
                return
            del self._waiting[number]
            fine = outcome is Outcome.ANSWERED and call.accepts(status)
            if fine and call.looks:
                fine = workload.judged(call, reply_of(call, status, body, headers))
            self._buffer.add(due_s, sent_s, latency_s, status, route, outcome, int(fine))
            self._tally.add(route, latency_s, fine=fine)
            if fine and call.person is not None:
                self._go_on(call, side)

        names = b"" if self._named is None else self._named.lines(due_s)
        self._exchanges[side].start(call, done, keep_body=call.looks, names=names)

    def _redirect(
        self, call: Call, side: int, status: int, headers: Mapping[str, str]
    ) -> Call | None:
        """Return the call that a redirect within the target asks for; others are answers."""
        if not self.job.profile.redirects or status not in REDIRECTS:
            return None
        path = path_within(self.job.urls[side], call.path, headers.get("location", ""))
        return None if path is None or call.hops >= MOST_HOPS else call.redirected(status, path)

    def _go_on(self, call: Call, side: int) -> None:
        """Let a person do the next step after some thought, unless the run's time is over."""
        try:
            following = self._workloads[side].following(call)
        except (FeederEndedError, UnknownVariableError) as err:
            self._give_up(str(err))
            return
        if following is None or self._cut:
            return
        think_s, after = following
        due_s = time.perf_counter() - self._start + think_s
        if due_s >= self.job.profile.duration_s:
            return
        self._more -= 1
        number = self._more  # below zero: none of the schedule's own

        def put() -> None:
            self._thinking -= 1
            if not (self._cut or self._over):
                self._scheduled += 1
                self._put(number, due_s, after, side)

        self._thinking += 1
        if think_s:
            gevent.spawn_later(think_s, put)
        else:
            put()

    def _give_up(self, why: str) -> None:
        """End the run: its schedule cannot be sent."""
        self._say({"type": "lost", "worker": self.job.worker, "why": why, "gave_up": True})
        self.cut_short()

    def _closed(self) -> None:
        users = [gevent.spawn(self._loop, n) for n in range(self.job.profile.users)]
        gevent.joinall(users)

    def _loop(self, user: int) -> None:
        profile, number = self.job.profile, user
        while not self._cut:
            due_s = time.perf_counter() - self._start
            if due_s >= profile.duration_s:
                return
            self._scheduled += 1
            try:
                call = self._workloads[0].next_call()
            except (FeederEndedError, UnknownVariableError) as err:
                self._scheduled -= 1
                self._give_up(str(err))
                return
            self._begin(number, due_s, call)
            while number in self._waiting and not self._cut:
                gevent.sleep(0.001)
            number += profile.users
            gevent.sleep(profile.think_s)

    def _drain(self) -> None:
        """Give every waiting request its whole timeout; count the rest as unfinished."""
        deadline = time.perf_counter() + self.job.profile.timeout_s + 1
        while (self._waiting or self._thinking) and not self._cut:
            if time.perf_counter() >= deadline:
                break
            gevent.sleep(0.01)
        self._over = True  # who still thinks asks nothing more
        now_s = time.perf_counter() - self._start
        waiting, self._waiting = self._waiting, {}
        for due_s, sent_s, route in waiting.values():
            self._buffer.add(due_s, sent_s, now_s - due_s, 0, route, Outcome.UNFINISHED, 0)

    def _seed(self, exchange: Exchange, workload: Workload) -> None:
        try:
            for made in seeded(exchange, workload):
                self._seeded += made
                if self._cut:
                    return
        except BeforeError as err:
            self._give_up(str(err))

    def _flush_for_ever(self) -> None:
        while True:
            gevent.sleep(FLUSH_S)
            self._flush()

    def _flush(self) -> None:
        if data := self._buffer.take():
            self._emit(wire.frame(wire.SAMPLES, data))
        self._tally.flush()

    def _say(self, content: dict[str, object]) -> None:
        self._emit(wire.message(content))
