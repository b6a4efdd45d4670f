"""A finished load run, as a value."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np

from synthetic.load.coverage import Planned
from synthetic.load.crosscheck import CrossCheck
from synthetic.load.health import Health
from synthetic.load.samples import Outcome, Samples, lag_ms, sent_only
from synthetic.load.shape import Profile


@dataclass(frozen=True, slots=True)
class Account:
    """Where every scheduled request went: scheduled = sent + dropped, sent = samples of it.

    `retried` are those that were sent twice, since the target had closed an idle connection under
    them; their latency is of both.
    """

    scheduled: int
    sent: int
    dropped: int
    finished: int
    unfinished: int
    retried: int = 0

    @property
    def complete(self) -> bool:
        """Return whether each scheduled request is found again."""
        sums = self.sent + self.dropped, self.finished + self.unfinished
        return sums == (self.scheduled, self.sent)


@dataclass(frozen=True, slots=True)
class Generator:
    """How well the sender itself did; `cpu_share` is of one core, of the busiest process."""

    workers: int
    cpu_share: float
    cpu_us_per_request: float
    lag_p50_ms: float
    lag_p99_ms: float
    lag_max_ms: float


@dataclass(frozen=True)
class LoadRun:
    """Everything measured by one run. `samples` are ordered by intended start."""

    id: str
    started_at: datetime
    profile: Profile
    target_url: str
    routes: tuple[str, ...]
    account: Account
    generator: Generator
    wall_s: float
    interrupted: bool
    removed_events: int
    void_reason: str | None
    samples: Samples = field(repr=False, compare=False)
    planned: Planned | None = None  # None: a closed model, which has no plan
    stopped_early: str | None = None
    cross_check: CrossCheck | None = None
    cleaning_problem: str | None = None
    health_before: Health | None = None
    health_after: Health | None = None
    token: str = ""  # names its requests to who answers them (`synthetic.steps.tracing`)

    @cached_property
    def finished_samples(self) -> Samples:
        """Return the samples of requests that were sent."""
        return sent_only(self.samples)

    @property
    def rate_per_s(self) -> float:
        """Return the sent requests per second of schedule, as far as it was followed."""
        return self.account.sent / self.lasted_s if self.lasted_s > 0 else 0.0

    @property
    def lasted_s(self) -> float:
        """Return how long the schedule was followed, in seconds."""
        seconds = self.profile.duration_s
        if not self.interrupted and self.stopped_early is None:
            return seconds
        return min(seconds, float(self.samples["due_s"][-1]) if len(self.samples) else 0.0)


def account_of(samples: Samples, *, scheduled: int, sent: int, retried: int = 0) -> Account:
    """Return where the requests went, by the samples themselves."""
    outcomes = samples["outcome"]
    dropped = int(np.count_nonzero(outcomes == Outcome.DROPPED))
    unfinished = int(np.count_nonzero(outcomes == Outcome.UNFINISHED))
    finished = len(samples) - dropped - unfinished
    return Account(scheduled, sent, dropped, finished, unfinished, retried)


def generator_of(samples: Samples, used: Sequence[tuple[float, float]], workers: int) -> Generator:
    """Return the sender's own figures; `used` is (CPU seconds, seconds) of each process."""
    lags = lag_ms(samples)
    p50, p99, highest = (
        (0.0, 0.0, 0.0) if not len(lags) else np.quantile(lags, (0.5, 0.99, 1.0)).tolist()
    )
    per_request = sum(cpu_s for cpu_s, _ in used) / len(lags) * 1e6 if len(lags) else 0.0
    share = max((cpu_s / wall_s for cpu_s, wall_s in used if wall_s > 0), default=0.0)
    return Generator(workers, share, per_request, p50, p99, highest)


def void_reason(
    profile: Profile, account: Account, generator: Generator, lost: Sequence[str] = ()
) -> str | None:
    """Return why the run may not be judged, or None when it may; `lost` are workers that died."""
    if lost:
        return f"{lost[0]}: its share of the schedule was not sent"
    if not account.sent:
        return "no request was sent"
    if not account.complete:
        return (
            f"{account.scheduled} requests were scheduled, {account.sent} sent and "
            f"{account.finished} finished: the account does not close"
        )
    if generator.lag_p99_ms > profile.max_lag_p99_ms:
        return (
            f"the generator fell behind its schedule: lag p99 {generator.lag_p99_ms:.0f} ms "
            f"(limit {profile.max_lag_p99_ms:.0f} ms), its CPU {generator.cpu_share:.0%} of a core"
        )
    return None
