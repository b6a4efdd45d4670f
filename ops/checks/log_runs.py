"""The checks that read the service's log files."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from kit.edge.log_files import files_of
from kit.pure.errors import BadInputError
from kit.pure.words import counted
from ops.checks import logs, suspicious_ips
from ops.checks.coverage import LEAST, Coverage, held_back
from ops.checks.coverage import judge as judge_coverage
from ops.checks.evidence import Evidence, Seen
from ops.checks.finding import Checked, Finding, State, no_data
from ops.checks.observe.logs import Reading, read
from ops.checks.own_limits import own_limits
from ops.checks.places import LOGS, Places
from ops.checks.runs import bounded, now
from service.observe.journal import DECISIONS, EVERYTHING, PERFORMANCE
from slo.objective import Measure, Objective

_PATIENCE_S: Final = 120.0
"""Logs of gigabytes take their time: half a gigabyte takes some ten seconds."""
_MOST_UNREADABLE: Final = 0.01
"""A crash leaves a line or two; more than one in a hundred is another format, or damage."""
_UNSETTLED: Final = timedelta(seconds=1)
"""The service writes several times a second: by then a line stands in every log that it is for."""
_OURS: Final = frozenset({"alive", "started", "stopped", "request"})
"""One of these stands in the log of everything each minute, if it is this service's."""
Take = Callable[[datetime, Any], None]  # Any: a line as JSON, of any shape


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

    def find() -> Seen:
        until = now()
        errors, slow = logs.Errors(), logs.Slow()
        uncertain = logs.Uncertain(places.setting("confidence_threshold"))
        coverage = Coverage(until - since, until)
        whole = _read(folder, EVERYTHING, coverage, errors.take)
        timed = _read(folder, PERFORMANCE, coverage, slow.take)
        decided = _read(folder, DECISIONS, coverage, uncertain.take)
        lost = min(_kept(whole, timed, "request"), _kept(whole, decided, "decision"))
        found = logs.judge_errors(errors, _allowed_share(objectives))
        judged = (
            *_found(whole, coverage, found, kept=lost),
            *_found(timed, coverage, logs.judge_slow(slow, own_limits()),
                    kept=_kept(timed, whole, "request")),
            *_found(decided, coverage, logs.judge_uncertain(uncertain, own_limits()),
                    kept=_kept(decided, whole, "decision")),
        )  # fmt: skip
        kept = {PERFORMANCE: _kept(timed, whole, "request"),
                DECISIONS: _kept(decided, whole, "decision")}  # fmt: skip
        lines = (_of_lines(log, kept[log.name]) for log in (timed, decided))
        return Seen(judged, (_of_time(whole, coverage), *lines))

    return bounded("logs", places, find, within_s=within_s)


def check_suspicious_ips(
    places: Places, since: timedelta, fewest: int | None
) -> tuple[Checked, list[str]]:
    """Look for addresses that try keys or search for ways in; return also which to block.

    `fewest` guesses are suspicious, by default as many as the service itself takes.
    """
    folder, found = folder_of(places), suspicious_ips.Refusals()
    most = fewest or int(places.setting("failed_login_limit"))

    def find() -> Seen:
        until = now()
        coverage = Coverage(until - since, until)
        whole = _read(folder, EVERYTHING, coverage, found.take)
        timed = _read(folder, PERFORMANCE, coverage, lambda _moment, _line: None)
        kept = _kept(whole, timed, "request")
        judged = _found(whole, coverage, suspicious_ips.judge(found, most), kept=kept)
        return Seen(judged, (_of_time(whole, coverage),))

    checked = bounded("suspicious-ips", places, find, within_s=_PATIENCE_S)
    return checked, suspicious_ips.to_block(found, most)


@dataclass(slots=True)
class _Log:
    """A log that was read: which lines it had, by event, up to the last second."""

    name: str
    is_there: bool
    reading: Reading = field(default_factory=Reading)
    events: Counter[str] = field(default_factory=Counter)


def _read(folder: Path, name: str, coverage: Coverage, take: Take) -> _Log:
    """Read a log; the log of everything also tells which time is covered."""
    log = _Log(name, is_there=bool(files_of(folder, name)))
    tells = name == EVERYTHING
    begin = coverage.begin if tells else coverage.since
    for moment, line in read(folder, name, since=begin, until=coverage.until, reading=log.reading):
        if tells:
            coverage.take(moment, line)
        if moment >= coverage.since:
            log.events[str(line.get("event"))] += moment <= coverage.until - _UNSETTLED
            take(moment, line)
    if tells and log.events and not log.events.keys() & _OURS:
        coverage.forget()
        log.reading.problems += (f"{name}: its lines are those of another service",)
    return log


def _kept(part: _Log, whole: _Log, event: str) -> float:
    """Return the share of lines that a log still has of those that another one has."""
    written = whole.events[event]
    return min(1.0, part.events[event] / written) if written else 1.0


def _of_time(log: _Log, coverage: Coverage) -> Evidence:
    """Return how much of the time a log tells of."""
    seen = coverage.share if log.is_there else 0.0
    return Evidence(log.name, 1, seen, "of this time", least=LEAST, is_judged=True)


def _of_lines(log: _Log, kept: float) -> Evidence:
    """Return how many of the lines a log has that the log of everything knows of."""
    seen = kept * log.is_there
    return Evidence(log.name, 1, seen, "of its lines", least=LEAST, is_judged=True)


def _found(
    log: _Log, coverage: Coverage, findings: Iterable[Finding], *, kept: float = 1.0
) -> list[Finding]:
    """Return what a log shows; none of it is a PASS where too much of the log is gone."""
    if not log.is_there:
        step = "is it the folder in CALENDAR_LOG_DIR?"
        return [no_data(log.name, "no such file in the folder", step)]
    judged = held_back(findings, coverage, kept=kept)
    own = [judge_coverage(coverage)] if log.name == EVERYTHING else []
    return [*judged, *_about(log.name, log.reading), *own]


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


def _allowed_share(objectives: Sequence[Objective]) -> float:
    """Return the share of requests that may fail, by the objective for errors."""
    return next((one.budget for one in objectives if one.measure is Measure.ERRORS), 0.01)
