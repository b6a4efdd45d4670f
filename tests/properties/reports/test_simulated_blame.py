"""How often an unchanged service is blamed, and a month without a trend has one; more in bench."""

import numpy as np
import pytest

from tests.support.simulations import Service, is_blamed, is_trend

RUNS = 150


@pytest.mark.thorough
@pytest.mark.parametrize("service", [Service(), Service(drift=0.15)], ids=["steady", "drifting"])
@pytest.mark.parametrize("hour", [3, 9])
def test_a_service_that_did_not_change_is_not_blamed(service: Service, hour: int) -> None:
    rng = np.random.default_rng(5)
    blamed = sum(is_blamed(service, rng, deployed_h=hour) for _ in range(RUNS))
    assert blamed / RUNS <= 0.01


def test_a_service_that_is_twice_as_slow_is_blamed() -> None:
    rng = np.random.default_rng(5)
    assert sum(is_blamed(Service(factor=2.0), rng) for _ in range(40)) >= 32


@pytest.mark.parametrize("stays", [0.0, 0.5, 0.8])
def test_a_month_whose_days_resemble_each_other_has_no_trend_by_that(stays: float) -> None:
    rng = np.random.default_rng(6)
    assert sum(is_trend(stays, rng) for _ in range(RUNS)) / RUNS <= 0.05
