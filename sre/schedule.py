"""`sre schedule list|run|write`: what is done at fixed times."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from kit.edge.writing import write_whole
from kit.pure.exits import Exit
from ops.schedules.files import files
from ops.schedules.running import Ran, coming, read_runs, run_task, task_named
from ops.schedules.table import TASKS
from ops.stack.home import home_of
from reports.edge.window_options import read_zone
from sre.answer import Answer
from sre.options import Zone
from sre.screen import lines

_OUT: Final = Path("deployment/schedules")
Folder = Annotated[
    Path | None,
    typer.Option("--textfile", help="Folder that the node exporter reads; else the stack's."),
]


def list_(zone: Zone = "UTC", textfile: Folder = None) -> Answer:
    """Show each task, when it is due next, and how its last run went."""
    runs = read_runs(_folder(textfile))
    due = coming(datetime.now(UTC), read_zone(zone))
    tasks = [
        {
            "task": task.name,
            "about": task.about,
            "due": due[task.name].isoformat(),
            "commands": [" ".join(("sre", *words)) for words in task.commands],
            "last": _last(runs.get(task.name)),
        }
        for task in TASKS
    ]
    said = [
        f"{one['task']:<8} due {one['due']}  {_told(runs.get(str(one['task'])))}" for one in tasks
    ]
    return Answer({"schema": "calendar-sre/schedule/v1", "tasks": tasks}, lines(said))


def run(
    task: Annotated[str, typer.Argument(help="A task of `sre schedule list`.")],
    zone: Zone = "UTC",
    textfile: Folder = None,
) -> Answer:
    """Run a task now, and note it: a run that does not come in time is an alert.

    Exits 0 when it did what it is for, 1 when it did not. What a check finds is no failed run.
    """
    ran, codes = run_task(
        task_named(task), _folder(textfile), read_zone(zone), lambda: datetime.now(UTC)
    )
    data = {
        "schema": "calendar-sre/schedule-run/v1",
        "task": task,
        "failed": ran.failed,
        "commands": [{"command": command, "exit_code": code} for command, code in codes],
    }
    said = [f"{code} {command}" for command, code in codes]
    return Answer(data, lines(said), Exit.BAD if ran.failed else Exit.HOLDS)


def write(
    out: Annotated[Path, typer.Option("--out", help="Folder to write below.")] = _OUT,
) -> Answer:
    """Write the schedule as a crontab and as systemd timers."""
    made = files()
    for name, text in made.items():
        write_whole(out / name, text)
    data = {"schema": "calendar-sre/schedule-files/v1", "files": sorted(made)}
    return Answer(data, lines(f"written: {out / name}" for name in sorted(made)))


def _folder(given: Path | None) -> Path:
    named = os.environ.get("SRE_TEXTFILE_DIR")
    return given or (Path(named) if named else home_of(None).folder / "textfile")


def _last(ran: Ran | None) -> dict[str, object] | None:
    if ran is None:
        return None
    at = datetime.fromtimestamp(ran.at_s, tz=UTC).isoformat(timespec="seconds")
    return {"at": at, "exit_code": ran.code, "failed": ran.failed}


def _told(ran: Ran | None) -> str:
    if ran is None:
        return "never ran"
    at = datetime.fromtimestamp(ran.at_s, tz=UTC)
    return f"ran {at:%Y-%m-%d %H:%M} UTC, {'FAILED' if ran.failed else 'done'}"
