"""The histories find each planted bug, and shrink what shows it to a few requests."""

import asyncio
import random
from dataclasses import dataclass

import pytest

from ops.histories.edge.playing import play
from ops.histories.faults import Fault
from ops.histories.operation import History
from ops.histories.plan import plan_of
from ops.histories.promises import check
from ops.histories.shrink import shortest_history
from tests.support.planted import PLANTED
from tests.support.sampling import quick
from tests.support.service_process import running_service

"""So many of the bugs are looked for in every run of the tests."""
KEY = "an-admin-key-of-the-tests-0123456789"


@dataclass
class Calm:
    """A laboratory in which nothing is broken."""

    urls: tuple[str, ...]
    direct: tuple[str, ...]
    admin_key: str = KEY

    def apply(self, fault: Fault) -> None:
        raise AssertionError(fault)

    def mend(self, fault: Fault) -> None:
        raise AssertionError(fault)

    def held(self) -> int:
        return 0


def _played(url: str, seed: int) -> History:
    plan = plan_of(seed, random.Random(seed))
    return asyncio.run(play(plan, "none", (), Calm((url,), (url,))))


@pytest.mark.parametrize("bug", quick(PLANTED, first=1))
def test_a_planted_bug_is_found_and_shrunk(bug: str, mongodb_url: str) -> None:
    factory, promise = PLANTED[bug]
    target = f"{factory.__module__}:{factory.__name__}"
    with running_service(
        mongodb_url, target=target, auth="on", admin_key=KEY, rate_limit=0
    ) as service:
        service.wait_until_ready()
        for seed in range(4):
            history = _played(service.url, seed)
            found = [each for each in check(history) if each.promise == promise]
            if found:
                break
    assert found, f"{bug}: not found in four histories"
    short = shortest_history(history, found[0])
    assert found[0] in check(short)
    assert len(short.operations) <= 8, short


def test_the_service_as_it_is_keeps_every_promise(mongodb_url: str) -> None:
    with running_service(mongodb_url, auth="on", admin_key=KEY, rate_limit=0) as service:
        service.wait_until_ready()
        history = _played(service.url, 7)
    assert check(history) == ()
    assert history.acknowledged >= 40
