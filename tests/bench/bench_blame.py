"""How often an unchanged service is blamed for being slower, and a level month has a trend."""

import os
from typing import Final

import numpy as np

from tests.support.simulations import Service, is_blamed, is_trend

RUNS: Final = int(os.environ.get("SRE_BENCH_RUNS", "1000"))
SERVICES: Final = {
    "unchanged": Service(),
    "unchanged, few requests": Service(a_day=4_000),
    "unchanged, days differ by 10 %": Service(drift=0.1),
    "unchanged, days differ by 20 %": Service(drift=0.2),
    "unchanged, days differ by 30 % and stay": Service(drift=0.3, stays=0.8),
    "half as slow again": Service(factor=1.5),
    "twice as slow": Service(factor=2.0),
    "twice as slow, days differ by 10 %": Service(factor=2.0, drift=0.1),
    "ten times as slow, days differ by 20 %": Service(factor=10.0, drift=0.2),
}


def main() -> None:
    """Print the share of simulations with a finding."""
    rng = np.random.default_rng(1)
    print(f"{'blamed, of ' + str(RUNS):<44}{'at 3:00':>9}{'at 9:00':>9}{'at 17:00':>9}")
    for name, service in SERVICES.items():
        found = [
            np.mean([is_blamed(service, rng, deployed_h=hour) for _ in range(RUNS)])
            for hour in (3, 9, 17)
        ]
        print(f"{name:<44}" + "".join(f"{share:>9.2%}" for share in found))
    print(f"\n{'a trend, of ' + str(RUNS):<44}{'28 days':>9}{'31 days':>9}")
    for stays in (0.0, 0.3, 0.5, 0.7, 0.8):
        found = [
            np.mean([is_trend(stays, rng, days=days) for _ in range(RUNS)]) for days in (28, 31)
        ]
        print(
            f"{f'each day keeps {stays:g} of the one before':<44}"
            + "".join(f"{x:>9.2%}" for x in found)
        )
