"""Load tests that tell the truth: an open schedule, exact latencies, every request accounted for.

`run` is the way in. Locust is the engine and lives in child processes, here or on other hosts.
"""

from synthetic.load.capacity import Capacity, capacity_of
from synthetic.load.catalogue import profile_names, read_profile_named
from synthetic.load.judge import judge, judge_run, verdict_of
from synthetic.load.progress import OnProgress, Progress
from synthetic.load.record import to_record
from synthetic.load.run import LoadInterrupted, run
from synthetic.load.run_value import LoadRun
from synthetic.load.shape import Kind, Profile
from synthetic.target import Access

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
