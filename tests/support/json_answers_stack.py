"""Command lines of stack and schedule, and the schema of each answer; none needs an engine."""

from typing import Final

_HOME: Final = ["--home", "{tmp}/stack"]

ROWS: Final[list[tuple[list[str], str, int]]] = [
    (["stack", "up", "--settings", "{tmp}/none.toml", *_HOME], "error", 2),
    (["stack", "status", *_HOME], "error", 3),
    (["stack", "restart", *_HOME], "error", 3),
    (["stack", "upgrade", *_HOME], "error", 3),
    (["stack", "upgrade", "--canary-for", "soon", *_HOME], "error", 2),
    (["stack", "upgrade", "--canary-for", "5m", "--within", "1m", *_HOME], "error", 2),
    (["stack", "down", *_HOME], "stack-down", 0),
    (["schedule", "list", "--textfile", "{tmp}/none"], "schedule", 0),
    (["schedule", "run", "mornign", "--textfile", "{tmp}"], "error", 2),
    (["schedule", "run", "verify", "--textfile", "{tmp}"], "schedule-run", 1),
    (["schedule", "write", "--out", "{tmp}/schedules"], "schedule-files", 0),
    (["stack", "down", "--volumes", *_HOME], "stack-down", 0),
]  # fmt: skip
