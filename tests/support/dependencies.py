"""A dependency as the service has it, with nothing behind it."""

import time

from service.guard.breaker import Breaker
from service.guard.dependency import Dependency, Policy
from service.store.mongo import diagnose
from service.telemetry import Telemetry


def dependency(name: str = "mongodb") -> Dependency:
    """Return one that fails as MongoDB's driver does."""
    return Dependency(
        name,
        policy=Policy(timeout_s=60),
        breaker=Breaker(retry_s=1, clock=time.monotonic),
        telemetry=Telemetry(None),
        diagnose=diagnose,
    )
