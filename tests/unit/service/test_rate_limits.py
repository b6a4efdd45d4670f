"""Limits hold whatever the clock does, and where the workers cannot tell each other."""

import time

import pytest
from redis.asyncio import Redis

from service.errors import ProblemError
from service.guard.breaker import Breaker
from service.guard.dependency import Dependency, Policy
from service.guard.rate_limits import Quota, RateLimiter
from service.store.shared_cache import diagnose
from service.telemetry import Telemetry


class World:
    """One of several workers, with a clock that can be set."""

    def __init__(self, *, workers: int, requests: int = 80, redis: bool = True) -> None:
        self.now = 1_000_000.0
        self.redis = Dependency(
            "redis",
            policy=Policy(timeout_s=1),
            breaker=Breaker(retry_s=60, clock=time.monotonic),
            telemetry=Telemetry(None),
            diagnose=diagnose,
        )
        self.limiter = RateLimiter(
            Quota(requests, 60),
            client=Redis() if redis else None,
            redis=self.redis,
            workers=workers,
            clock=lambda: self.now,
        )

    def allowed(self, most: int = 1000) -> int:
        """Return how many requests go through before one is refused."""
        for number in range(most):
            try:
                self.limiter.count("ann")
            except ProblemError as error:
                self.wait_s = int(error.headers["Retry-After"])
                return number
        return most


def test_a_clock_that_is_set_back_keeps_nobody_out_for_longer_than_a_window() -> None:
    world = World(workers=1)
    assert world.allowed() == 80
    world.now -= 7200
    assert world.allowed() == 80
    assert world.wait_s <= 61


@pytest.mark.parametrize("redis", [True, False])
def test_workers_that_cannot_tell_each_other_allow_the_limit_together(*, redis: bool) -> None:
    world = World(workers=8, redis=redis)
    if redis:
        world.redis.breaker.trip()
    assert world.allowed() == 10


def test_what_was_known_of_all_before_redis_was_lost_is_divided_too() -> None:
    world = World(workers=8)
    for _ in range(16):
        world.limiter.count("ann")
    use = world.limiter._uses["ann"]
    use.unsent, use.elsewhere = 0, 24  # exchanged: 40 of 80 are left, 5 for each
    world.redis.breaker.trip()
    assert world.allowed() == 5
    world.redis.breaker.succeeded()
    assert world.allowed() == 35


def test_with_redis_one_worker_may_be_asked_all() -> None:
    assert World(workers=8).allowed() == 80
