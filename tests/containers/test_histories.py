"""Histories under faults on real servers: every promise is kept, whatever breaks meanwhile."""

import os
from collections.abc import Callable, Iterator

import pytest

from ops.histories.edge.arena import ROLES, Arena, arena
from ops.histories.edge.running import KINDS, run_histories
from ops.histories.run import HistoryRun
from slo.verdict import Verdict

SEEDS = range(20)
"""Of each kind of fault."""


@pytest.fixture(scope="module")
def lab(image_of_role: Callable[[str], str]) -> Iterator[Arena]:
    """Give the servers; each history has calendars of its own in them."""
    for role in ROLES:
        image_of_role(role)
    with arena(f"histories-of-tests-{os.getpid()}", lambda _line: None) as found:
        yield found


def _told(run: HistoryRun) -> str:
    return "\n".join(
        [str((e.history.fault, e.history.seed, e.violations, e.shortest))
         for e in run.judged if e.violations] + [str(each) for each in run.void]
    )  # fmt: skip


@pytest.mark.thorough
@pytest.mark.timeout(3600)  # against hanging only
@pytest.mark.parametrize("fault", KINDS)
def test_twenty_histories_under_a_fault_break_no_promise(fault: str, lab: Arena) -> None:
    run = run_histories([fault], SEEDS, lab, lambda _line: None)
    assert run.verdict is Verdict.PASS, _told(run)
    assert len(run.judged) == len(SEEDS)
    assert sum(each.history.acknowledged for each in run.judged) >= 45 * len(SEEDS)
