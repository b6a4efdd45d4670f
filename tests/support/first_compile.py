"""Have the tests compiled once, before workers do it each for itself."""

import os
import subprocess
import sys

from kit.edge.containers.catalog import ROOT
from kit.edge.containers.session import FOLDER, SESSION


def compile_once(*tests: str) -> None:
    """Read all tests (or these) in one process, which is no part of this test run.

    It would remove this run's folder and containers at its end, and with the workers that
    `PYTEST_ADDOPTS` may ask for it would begin with another one.
    """
    apart = {key: value for key, value in os.environ.items() if key not in {FOLDER, SESSION}}
    collect = [sys.executable, "-m", "pytest", "--collect-only", "--quiet", "--numprocesses=0"]
    subprocess.run([*collect, *tests], cwd=ROOT, env=apart, stdout=subprocess.DEVNULL, check=False)
