"""Load tests that tell the truth: an open schedule, exact latencies, every request accounted for.

`run` is the way in. Locust is the engine and lives in child processes, here or on other hosts.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kit.edge.target import Access
    from synthetic.edge.load.running import LoadInterrupted, run
    from synthetic.load.capacity import Capacity, capacity_of
    from synthetic.load.catalogue import profile_names, read_profile_named
    from synthetic.load.judging import judge, judge_run, verdict_of
    from synthetic.load.progress import OnProgress, Progress
    from synthetic.load.record import to_record
    from synthetic.load.run_value import LoadRun
    from synthetic.load.shape import Kind, Profile

__all__ = (
    "Access",
    "Capacity",
    "Kind",
    "LoadInterrupted",
    "LoadRun",
    "OnProgress",
    "Profile",
    "Progress",
    "capacity_of",
    "judge",
    "judge_run",
    "profile_names",
    "read_profile_named",
    "run",
    "to_record",
    "verdict_of",
)

_HOME: Final = {
    "Access": "kit.edge.target",
    "Capacity": "synthetic.load.capacity",
    "Kind": "synthetic.load.shape",
    "LoadInterrupted": "synthetic.edge.load.running",
    "LoadRun": "synthetic.load.run_value",
    "OnProgress": "synthetic.load.progress",
    "Profile": "synthetic.load.shape",
    "Progress": "synthetic.load.progress",
    "capacity_of": "synthetic.load.capacity",
    "judge": "synthetic.load.judging",
    "judge_run": "synthetic.load.judging",
    "profile_names": "synthetic.load.catalogue",
    "read_profile_named": "synthetic.load.catalogue",
    "run": "synthetic.edge.load.running",
    "to_record": "synthetic.load.record",
    "verdict_of": "synthetic.load.judging",
}


def __getattr__(name: str) -> object:
    """Import what is asked for: a generator's process must not load what only its parent needs."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
