"""The schedule: each task, when it is due, and what is run, in order."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

SUNDAY: Final = 6
MONDAY: Final = 0


@dataclass(frozen=True, slots=True)
class Task:
    """One task. `weekday` is None for every day, 0 for Monday; with `first` only the month's first.

    `commands` are words of `sre`. `grace` is how long after its time it must have ended.
    With `finds` its commands look for faults: that they found one (exit code 1, or 5 for what
    nobody could see) is what they are for, and no failed run.
    """

    name: str
    about: str
    hour: int
    minute: int
    commands: tuple[tuple[str, ...], ...]
    weekday: int | None = None
    first: bool = False
    grace: timedelta = timedelta(hours=1)
    finds: bool = False


TASKS: Final = (
    Task("morning", "the morning health check", 9, 0, (("check", "morning"),), finds=True),
    Task("evening", "the evening summary", 18, 0, (("check", "evening"),), finds=True),
    Task(
        "weekly", "weekly maintenance", 2, 0,
        (("maintain", "logs", "--apply"), ("maintain", "db", "--apply"),
         ("maintain", "dependencies")),
        weekday=SUNDAY, grace=timedelta(hours=3), finds=True,
    ),
    Task(
        "monthly", "monthly maintenance", 1, 0,
        (("backup", "create", "all"), ("backup", "verify"), ("report", "monthly"),
         ("report", "capacity"), ("maintain", "dependencies")),
        weekday=SUNDAY, first=True, grace=timedelta(hours=3), finds=True,
    ),
    Task("backup", "the daily backup", 3, 0, (("backup", "create", "all", "--keep-days", "14"),)),
    Task("verify", "the backup is read back", 4, 0, (("backup", "verify"),)),
    Task("golden", "the golden set", 5, 0, (("golden", "run"),), finds=True),
    Task("report", "the weekly report", 6, 0, (("report", "weekly"),), weekday=MONDAY, finds=True),
)  # fmt: skip
