"""Scenarios: faults that rise and that come again, and what is wrong with a file."""

import numpy as np
import pytest

from alerts.backtest.scenario import Scenario, read_scenarios
from alerts.backtest.world import simulate
from alerts.edge.backtest import load_stage
from kit.pure.errors import BadInputError
from slo.edge.project_file import shipped

STEP_S = 60
STAGE = load_stage(shipped())


def scenario(*faults: str, length: str = "2h") -> Scenario:
    text = f"- {{name: a, about: b, expect: page, length: {length}, faults: [{', '.join(faults)}]}}"
    (found,) = read_scenarios([("mine.yaml", text)])
    return found


RISING = scenario("{kind: errors, at: 10m, for: 100m, from: 0, level: 1}")


def used_disk(chosen: Scenario) -> np.ndarray:
    """Return the used share of the disk, which has no noise, by minute."""
    series = simulate(chosen, seed=0, stage=STAGE)
    (free,) = (v for k, v in series.items() if k.startswith("node_filesystem_avail_bytes"))
    return np.asarray(1 - free / 1e11)


def test_a_fault_rises_in_a_straight_line_and_ends_at_once() -> None:
    disk = used_disk(scenario("{kind: disk, at: 10m, for: 40m, from: 0.5, level: 0.9}"))
    assert disk[10] == pytest.approx(0.6)  # usual
    assert disk[20] == pytest.approx(0.6)
    assert disk[30] == pytest.approx(0.7)
    assert disk[50] == pytest.approx(0.9)
    assert disk[51] == pytest.approx(0.6)
    assert np.allclose(np.diff(disk[11:51]), 0.01)


def test_a_fault_comes_again_and_is_gone_in_between() -> None:
    chosen = scenario("{kind: disk, at: 10m, for: 2m, level: 0.9, every: 10m, times: 3}")
    assert list(np.flatnonzero(used_disk(chosen) > 0.8)) == [11, 12, 21, 22, 31, 32]
    assert chosen.incident == (10 * STEP_S, 32 * STEP_S)


def test_errors_that_rise_are_counted_as_they_rise() -> None:
    series = simulate(RISING, seed=0, stage=STAGE)
    counts = {code: sum(v for k, v in series.items() if k.startswith("http_requests_total")
                        and f'status="{code}"' in k) for code in (200, 500)}  # fmt: skip
    bad, good = np.diff(counts[500]), np.diff(counts[200])
    share = bad / (bad + good)
    assert share[20] == pytest.approx(0.1, abs=0.05)
    assert share[60] == pytest.approx(0.5, abs=0.08)
    assert share[105] == pytest.approx(0.95, abs=0.05)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("{kind: down, at: 1m, for: 2m, from: 0}", "down is there or not"),
        ("{kind: disk, at: 1m, for: 2m, every: 5m}", "times is missing"),
        ("{kind: disk, at: 1m, for: 2m, times: 5}", "every is missing"),
        ("{kind: disk, at: 1m, for: 2m, every: 2m, times: 5}", "is over before the fault of 120 s"),
        ("{kind: disk, at: 1m, for: 2m, every: 5m, times: 1.5}", "is not a whole number"),
        ("{kind: disk, at: 1m, for: 2m, every: 5m, times: 0}", "is not a whole number"),
        ("{kind: disk, at: 3h, for: 2m}", "has a fault at 10800 s, after its end at 7200 s"),
        ("{kind: disk, at: 1m, for: 2m, form: 0.1}", "is not a known field"),
    ],
)
def test_what_is_wrong_with_a_fault_is_named(fault: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        scenario(fault)
