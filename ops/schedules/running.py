"""Run a task, and tell Prometheus by when the next run of it must have ended.

What it tells stands in a file that the node exporter reads: a run that never comes leaves a
deadline that passes, and that is the alert (deployment/prometheus/schedules.yaml).
"""

import fcntl
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from kit.edge.writing import unwritable, write_whole
from kit.pure.errors import BadInputError
from kit.pure.exits import Exit
from kit.pure.fields import closest
from kit.pure.json_values import JsonObject, from_json
from ops.schedules.due import deadline, next_due
from ops.schedules.table import TASKS, Task

METRICS: Final = "schedules.prom"
_STATE: Final = "schedules.json"
_FOUND: Final = frozenset({Exit.HOLDS, Exit.BAD, Exit.NOT_ENOUGH_DATA})


@dataclass(frozen=True, slots=True)
class Ran:
    """The last run of a task: when it began (Unix time), its worst exit code, whether it failed."""

    at_s: float
    code: int
    failed: bool


def task_named(name: str) -> Task:
    """Return a task; raises BadInputError offering the closest name."""
    found = next((task for task in TASKS if task.name == name), None)
    if found is None:
        hint = closest(name, (task.name for task in TASKS))
        raise BadInputError(f"no task is called {name!r}", hint=hint)
    return found


def run_task(
    task: Task, folder: Path, zone: ZoneInfo, now: Callable[[], datetime]
) -> tuple[Ran, list[tuple[str, int]]]:
    """Run every command of a task, also after one that failed; note and return how it went."""
    began, codes = now(), []
    for words in task.commands:
        done = subprocess.run((sys.executable, "-m", "sre", *words), check=False)
        codes.append((" ".join(("sre", *words)), done.returncode))
    found = _FOUND if task.finds else frozenset({Exit.HOLDS})
    bad = [code for _, code in codes if code not in found]
    worst = max((code for _, code in codes), key=lambda code: (code not in found, code))
    ran = Ran(began.timestamp(), worst, bool(bad))
    note(folder, {task.name: ran}, zone, now())
    return ran, codes


def note(folder: Path, runs: Mapping[str, Ran], zone: ZoneInfo, now: datetime) -> None:
    """Add runs to what is known, and write both files anew.

    With no run at all it begins the watch: each task is then due at its next time.
    """
    with _alone(folder):
        known = {**read_runs(folder), **runs}
        since = _begun(folder, now)
        state = {"began_s": since, "runs": {name: asdict(ran) for name, ran in known.items()}}
        write_whole(folder / METRICS, exposition(known, since, zone))
        write_whole(folder / _STATE, json.dumps(state, indent=1) + "\n")


def read_runs(folder: Path) -> dict[str, Ran]:
    """Return the last run of each task; raises BadInputError for a file that is damaged."""
    runs = _state(folder).get("runs", {})
    return {name: Ran(**value) for name, value in runs.items()}


def exposition(runs: Mapping[str, Ran], since_s: float, zone: ZoneInfo) -> str:
    """Return the metrics as text for Prometheus; a task that never ran counts from `since_s`."""
    lines = []
    for metric, about in _METRICS.items():
        lines += [f"# HELP {metric} {about}", f"# TYPE {metric} gauge"]
        for task in TASKS:
            ran = runs.get(task.name)
            value = _value(metric, task, ran, since_s, zone)
            if value is not None:
                lines.append(f'{metric}{{task="{task.name}"}} {value:.0f}')
    return "\n".join(lines) + "\n"


_DEADLINE: Final = "scheduled_run_deadline_timestamp_seconds"
_LAST: Final = "scheduled_run_last_timestamp_seconds"
_FAILED: Final = "scheduled_run_failed"
_METRICS: Final[Mapping[str, str]] = {
    _DEADLINE: "When the next run must have ended.",
    _LAST: "When the last run began.",
    _FAILED: "1 when the last run did not do what it is for.",
}


def _value(
    metric: str, task: Task, ran: Ran | None, since_s: float, zone: ZoneInfo
) -> float | None:
    if metric == _DEADLINE:
        after = datetime.fromtimestamp(since_s if ran is None else ran.at_s, tz=UTC)
        return deadline(task, after, zone).timestamp()
    if ran is None:
        return None
    return ran.at_s if metric == _LAST else float(ran.failed)


def _begun(folder: Path, now: datetime) -> float:
    return float(_state(folder).get("began_s", now.timestamp()))


def _state(folder: Path) -> JsonObject:
    path = folder / _STATE
    try:
        found = from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as err:
        raise BadInputError(f"{path}: {err}", hint="remove it: the watch then begins anew") from err
    return found if isinstance(found, dict) else {}


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".schedules.lock").open("a")
    except OSError as err:
        raise unwritable(folder, err) from err
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def coming(now: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """Return when each task is due next, UTC."""
    return {task.name: next_due(task, now, zone) for task in TASKS}
