"""The checks that read the service's log files."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from kit.pure.errors import BadInputError
from kit.pure.words import counted
from ops.checks import logs, suspicious_ips
from ops.checks.finding import Checked, Finding, State, no_data
from ops.checks.observe.logs import Reading, files_of, read
from ops.checks.places import LOGS, Places
from ops.checks.runs import LIMITS, bounded, now
from service.observe.journal import DECISIONS, EVERYTHING, PERFORMANCE
from service.settings import Settings
from slo.objective import Measure, Objective

_PATIENCE_S: Final = 120.0
"""Logs of gigabytes take their time: half a gigabyte takes some ten seconds."""
_MOST_UNREADABLE: Final = 0.01
"""A crash leaves a line or two; more than one in a hundred is another format, or damage."""
Take = Callable[[datetime, Any], None]


def folder_of(places: Places) -> Path:
    """Return the folder of logs; raises BadInputError when nobody named one, or it is none."""
    if places.logs is None:
        raise BadInputError("no folder of logs", hint=f"give --logs FOLDER, or set {LOGS}")
    if not places.logs.is_dir():
        raise BadInputError(f"{places.logs} is no folder", hint="give the folder of the log files")
    return places.logs


def check_logs(
    places: Places,
    objectives: Sequence[Objective],
    since: timedelta,
    *,
    within_s: float = _PATIENCE_S,
) -> Checked:
    """Look at what the logs say of the last `since`."""
    folder = folder_of(places)

    def find() -> Sequence[Finding]:
        until = now()
        span = (until - since, until)
        errors, slow = logs.Errors(), logs.Slow()
        uncertain = logs.Uncertain(_threshold(places))
        return (
            *_of_file(folder, EVERYTHING, span, errors.take,
                      lambda: logs.judge_errors(errors, _promised(objectives))),
            *_of_file(folder, PERFORMANCE, span, slow.take, lambda: logs.judge_slow(slow, LIMITS)),
            *_of_file(folder, DECISIONS, span, uncertain.take,
                      lambda: logs.judge_uncertain(uncertain, LIMITS)),
        )  # fmt: skip

    return bounded("logs", places, find, within_s=within_s)


def check_suspicious_ips(
    places: Places, since: timedelta, fewest: int | None
) -> tuple[Checked, list[str]]:
    """Look for addresses that try keys or search for ways in; return also which to block.

    `fewest` guesses are suspicious, by default as many as the service itself takes.
    """
    folder, found = folder_of(places), suspicious_ips.Refusals()
    most = fewest or _fewest_guesses(places)

    def find() -> Sequence[Finding]:
        span = (now() - since, now())
        return _of_file(
            folder, EVERYTHING, span, found.take, lambda: suspicious_ips.judge(found, most)
        )

    checked = bounded("suspicious-ips", places, find, within_s=_PATIENCE_S)
    return checked, suspicious_ips.to_block(found, most)


def _fewest_guesses(places: Places) -> int:
    """Return how many guesses the service itself takes before it shuts an address out."""
    given = places.settings.get("CALENDAR_FAILED_LOGIN_LIMIT", "")
    return (
        int(given) if given.isdigit() else int(Settings.model_fields["failed_login_limit"].default)
    )


def _of_file(
    folder: Path,
    name: str,
    span: tuple[datetime, datetime],
    take: Take,
    judge: Callable[[], Any],
) -> list[Finding]:
    reading = Reading()
    if not files_of(folder, name):
        return [_absent(name)]
    for moment, line in read(folder, name, since=span[0], until=span[1], reading=reading):
        take(moment, line)
    return [*judge(), *_about(name, reading)]


def _absent(name: str) -> Finding:
    return no_data(name, "no such file in the folder", "is it the folder in CALENDAR_LOG_DIR?")


def _about(name: str, reading: Reading) -> list[Finding]:
    """Return what could not be read: it may have held what we look for."""
    found = []
    if reading.unreadable:
        share = reading.unreadable / reading.lines
        value = f"{counted(reading.unreadable, 'line')} of {reading.lines:,} are no log lines"
        few = share <= _MOST_UNREADABLE
        found.append(
            Finding(
                "· unread", State.INFO if few else State.NO_DATA, f"{name}: {value}", measured=share
            )
        )
    found += [no_data("· unread", problem) for problem in reading.problems]
    return found


def _threshold(places: Places) -> float:
    given = places.settings.get("CALENDAR_CONFIDENCE_THRESHOLD")
    try:
        return float(given or Settings.model_fields["confidence_threshold"].default)
    except ValueError:
        return float(Settings.model_fields["confidence_threshold"].default)


def _promised(objectives: Sequence[Objective]) -> float:
    """Return the share of requests that may fail, by the promise on errors."""
    return next((one.budget for one in objectives if one.measure is Measure.ERRORS), 0.01)
