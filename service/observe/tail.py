"""Which requests are worth a trace? Decided when they have ended, when that is known.

Kept is what failed, what was slower than the objective allows or than the moving 99th percentile of
its route, what a caller with that right asks for, and a small steady sample. What is kept in a
second is bounded; the rest is dropped and counted.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from math import log2, sqrt
from typing import Final, Literal

from service.observe.current import Trace

Reason = Literal["failed", "slow", "sampled", "asked"]

_PER_DOUBLING: Final = 16.0  # steps of 4.4 %
_LEAST: Final = 2.0**-20  # seconds: what is below a microsecond counts as one
_STEPS: Final = 544  # up to 2**14 s, 4.5 h
FAULT: Final = 500
_LOOK_EVERY: Final = 512
_MOVES_AFTER: Final = 8192  # requests, after which earlier ones count half
_TAIL: Final = 0.01
_SIGMAS: Final = 3.0
_HALF: Final = 0.5


class Pace:
    """How long the requests of one route take, and from how many seconds on one is slow.

    `slow_s` is the objective's threshold, above which each is.

    The caller appends to `recent`, and calls `look` when `enough` are there: a request costs an
    append, and sorting many at once costs less than placing each.
    """

    __slots__ = ("_counts", "_slow_s", "enough", "keep_above", "recent")

    def __init__(self, slow_s: float) -> None:
        self._counts, self._slow_s = [0] * _STEPS, slow_s
        self.recent: list[float] = []
        self.enough = 1
        self.keep_above = 0.0
        """While hardly anything is known of a route, each request is the slowest so far."""

    def look(self) -> None:
        """Count what was recent, and work the limit out anew.

        The 99th percentile of n requests is known within sqrt(n 0.01 0.99) ranks (binomial). Taken
        is the bound three of those below it: what is among the slowest 1 % is kept, for certain,
        and some that are not quite.
        """
        self._count()
        above = [*accumulate(reversed(self._counts))]  # how many are in a step or in one above
        total = above[-1]
        self.enough = max(min(_LOOK_EVERY, total // 8), 1)
        wanted = total * _TAIL + _SIGMAS * sqrt(total * _TAIL * (1 - _TAIL))
        step = _STEPS - 1 - bisect_left(above, wanted)
        self.keep_above = min(_edge(step), self._slow_s) if step >= 0 else 0.0
        if total >= _MOVES_AFTER:
            self._counts = [count // 2 for count in self._counts]

    def _count(self) -> None:
        """Sort what was recent into steps."""
        recent, self.recent = sorted(self.recent), []
        done = 0
        while done < len(recent):
            step = _step_of(recent[done])
            until = max(bisect_left(recent, _edge(step + 1), done), done + 1)
            self._counts[step] += until - done
            done = until

    def saw(self, seconds: float) -> None:
        """Count one request; the middleware does the same in place, without a call."""
        self.recent.append(seconds)
        if len(self.recent) >= self.enough:
            self.look()


def _step_of(seconds: float) -> int:
    return min(int(log2(max(seconds, _LEAST) / _LEAST) * _PER_DOUBLING), _STEPS - 1)


def _edge(step: int) -> float:
    """Return from how many seconds on a request is in a step."""
    return float(_LEAST * 2.0 ** (step / _PER_DOUBLING))


class Allowance:
    """So many a second, and as many at once: a token bucket. `clock` is monotonic, in seconds."""

    __slots__ = ("_clock", "_left", "_per_second", "_then")

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self._per_second, self._clock = per_second, clock
        self._left, self._then = max(per_second, 1.0), clock()

    def take(self, *, leave: float = 0.0) -> bool:
        """Take one, if a share of `leave` is left after that; return whether there was one."""
        now = self._clock()
        most = max(self._per_second, 1.0)
        passed = max(now - self._then, 0.0)  # a clock that goes back gives nothing
        self._left = min(self._left + passed * self._per_second, most)
        self._then = now
        if not self._per_second or self._left < 1.0 + leave * (most - 1.0):
            return False
        self._left -= 1.0
        return True


@dataclass(frozen=True, slots=True)
class Rules:
    """What is kept: the objective's seconds, the share of the sample, and how much in a second."""

    slow_s: float = 2.0
    sample: float = 0.001
    per_second: float = 50.0
    asked_per_second: float = 5.0


class Tail:
    """Decides about each request that `stands_out`."""

    def __init__(self, rules: Rules, clock: Callable[[], float]) -> None:
        self.rules = rules
        self._kept = Allowance(rules.per_second, clock)
        self._asked = Allowance(rules.asked_per_second, clock)
        # Our own span id is random, whatever trace id a caller has chosen.
        self.sample_below = f"{min(int(rules.sample * (1 << 32)), (1 << 32) - 1):08x}"
        self.samples_all = rules.sample >= 1.0

    def reason(self, trace: Trace, pace: Pace, status: int, seconds: float) -> Reason | None:
        """Return why a request is to be kept; None when it is not."""
        if status >= FAULT:
            return "failed"
        if seconds > pace.keep_above:
            return "slow"
        if self.samples_all or trace.span_id < self.sample_below:
            return "sampled"
        if trace.asks and trace.may_ask and self._asked.take():
            return "asked"
        return None

    def admits(self, reason: Reason) -> bool:
        """Return whether one more may be kept now; half of all places are for those that failed."""
        return self._kept.take(leave=0.0 if reason == "failed" else _HALF)
