"""The schedule as files: a crontab, and a systemd timer with its service for each task."""

from collections.abc import Iterator
from typing import Final

from ops.schedules.table import TASKS, Task

_CRON_DAYS: Final = (1, 2, 3, 4, 5, 6, 0)
_SYSTEMD_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HEAD: Final = "# Written by `sre schedule write` from ops/schedules/table.py: change that.\n"
_HOME: Final = "/opt/calendar"
_ADDRESSES: Final = f"{_HOME}/deployment/stack/secrets/sre.env"


def crontab() -> str:
    """Return the crontab; cron joins day of the month and weekday by OR, hence the guard."""
    lines = [
        _HEAD.rstrip(),
        f"# Install it as /etc/cron.d/calendar-sre, with the checkout in {_HOME}.",
        "SHELL=/bin/sh",
        f"HOME={_HOME}",
        *(_cron_line(task) for task in TASKS),
    ]
    return "\n".join(lines) + "\n"


def units() -> dict[str, str]:
    """Return each systemd unit by the name of its file."""
    return dict(_units())


def files() -> dict[str, str]:
    """Return every file by its path below deployment/schedules."""
    systemd = {f"systemd/{name}": text for name, text in units().items()}
    return {"calendar-sre.cron": crontab(), **systemd}


def _cron_line(task: Task) -> str:
    weekday = "*" if task.weekday is None else str(_CRON_DAYS[task.weekday])
    # `1-7` in the third field would mean "or any Sunday"; a bare `%` would end the line.
    guard = '[ "$(date +\\%d)" -le 7 ] && ' if task.first else ""
    run = f"set -a && . {_ADDRESSES} && cd {_HOME} && exec .venv/bin/sre schedule run {task.name}"
    return f"{task.minute} {task.hour} * * {weekday} root {guard}sh -c '{run}'"


def _calendar(task: Task) -> str:
    day = "" if task.weekday is None else f"{_SYSTEMD_DAYS[task.weekday]} "
    return f"{day}*-*-{'1..7' if task.first else '*'} {task.hour:02}:{task.minute:02}:00"


def _units() -> Iterator[tuple[str, str]]:
    for task in TASKS:
        name = f"calendar-{task.name}"
        yield f"{name}.timer", _HEAD + _TIMER.format(about=task.about, calendar=_calendar(task))
        limit_s = int(task.grace.total_seconds())
        service = _SERVICE.format(about=task.about, name=task.name, limit_s=limit_s)
        yield f"{name}.service", _HEAD + service


_TIMER: Final = """\
[Unit]
Description=When {about} is due

[Timer]
OnCalendar={calendar}
Persistent=true

[Install]
WantedBy=timers.target
"""
_SERVICE: Final = f"""\
[Unit]
Description=Calendar: {{about}}
After=docker.service

[Service]
Type=oneshot
WorkingDirectory={_HOME}
EnvironmentFile={_ADDRESSES}
ExecStart={_HOME}/.venv/bin/sre schedule run {{name}}
TimeoutStartSec={{limit_s}}
Nice=10
"""
