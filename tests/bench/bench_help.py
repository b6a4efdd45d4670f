"""What the help of each verb costs, beside an interpreter that does nothing."""

import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from typing import Final

from sre.table import GROUPS, VERBS

SRE: Final = str(Path(sys.executable).with_name("sre"))
LIMIT_S: Final = 0.2
RUNS: Final = 5
SHOWN: Final = 10


def main() -> None:
    """Print the dearest verbs, in seconds of processor time more than `python -c pass`."""
    nothing = median(_cpu_s(sys.executable, "-c", "pass") for _ in range(RUNS))
    print(f"python -c pass {nothing:.3f} s; at most {LIMIT_S} s more; medians of {RUNS}")
    once = {
        words: _cpu_s(SRE, *words.split(), "--help") - nothing for words in ("", *GROUPS, *VERBS)
    }
    dearest = sorted(once, key=lambda words: -once[words])[:SHOWN]
    for words in dearest:
        cost = median(_cpu_s(SRE, *words.split(), "--help") for _ in range(RUNS)) - nothing
        print(f"{'sre ' + words:<28}{cost:>7.3f} s")
    print(f"{len(once)} pages of help, {sum(c > LIMIT_S for c in once.values())} over the limit")


def _cpu_s(*command: str) -> float:
    """Return the processor time, of user and system, that a command takes."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
