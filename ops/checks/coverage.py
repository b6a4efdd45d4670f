"""How much of a time a log tells of.

A service that runs writes a line a minute at least: whoever has nothing to say says `alive`. So a
longer silence is no idleness: lines are gone, or nothing ran. Only a silence from `stopped` to
`started` is no hole; after the last `stopped` nothing tells whether it was started again. Where the
log begins within the time, what was before is not covered, also where its first line is a start:
the older log may have been removed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from ops.checks.finding import Finding, State, info, no_data
from service.observe.journal import HEARTBEAT_S

LEAST: Final = 0.95
"""Less of the time than this is no evidence for all of it."""
SILENCE: Final = timedelta(seconds=1.5 * HEARTBEAT_S)
_CELL: Final = timedelta(seconds=5)
_MOST_CELLS: Final = 100_000
_LINE, _STARTED, _STOPPED = 1, 2, 4
_MARKS: Final[Mapping[object, int]] = {"started": _LINE | _STARTED, "stopped": _LINE | _STOPPED}


@dataclass(slots=True)
class Coverage:
    """The lines observed from `since` to `until`; `take` them in any order, from `begin` on.

    Time is kept in cells of some seconds with what fell into each, so that memory does not grow
    with the lines.
    """

    since: datetime
    until: datetime
    _cell: timedelta = field(init=False)
    _cells: bytearray = field(init=False)

    def __post_init__(self) -> None:
        whole = self.until - self.begin
        self._cell = max(_CELL, whole / _MOST_CELLS)
        self._cells = bytearray(whole // self._cell + 1)

    @property
    def begin(self) -> datetime:
        """Return from when on lines are wanted: what was said just before the time tells of it."""
        return self.since - SILENCE

    def take(self, moment: datetime, line: Mapping[str, object]) -> None:
        """Note that there is a line."""
        cell = (moment - self.begin) // self._cell
        if 0 <= cell < len(self._cells):
            event = line.get("event")
            self._cells[cell] |= _MARKS.get(event, _LINE) if isinstance(event, str) else _LINE

    def forget(self) -> None:
        """Take it that there was no line."""
        self._cells = bytearray(len(self._cells))

    def holes(self) -> list[tuple[datetime, datetime]]:
        """Return the stretches of the time that no line tells of."""
        found = []
        for before, after in self._silences():
            start = max(self.begin + (before + 1) * self._cell, self.since)
            end = min(self.begin + after * self._cell, self.until)
            if end > start:
                found.append((start, end))
        return found

    @property
    def share(self) -> float:
        """Return which part of the time the log covers."""
        unseen = sum((end - start for start, end in self.holes()), timedelta())
        return 1.0 - unseen / (self.until - self.since)

    def _silences(self) -> Iterator[tuple[int, int]]:
        """Yield the cells before and after each silence that is a hole."""
        said = [number for number, mark in enumerate(self._cells) if mark]
        most = max(SILENCE // self._cell, 1)
        for before, after in pairwise([-1, *said, len(self._cells)]):
            if (before < 0 or after - before > most) and not self._is_planned(before, after):
                yield before, after

    def _is_planned(self, before: int, after: int) -> bool:
        """Say whether a silence is that of a service which was stopped and started again."""
        if before < 0 or after == len(self._cells):
            return False
        return bool(self._cells[before] & _STOPPED and self._cells[after] & _STARTED)

    def is_stopped(self) -> bool:
        """Say whether the last entry is a stop."""
        return bool(next(filter(None, reversed(self._cells)), 0) & _STOPPED)


def held_back(
    findings: Iterable[Finding], coverage: Coverage, *, kept: float = 1.0
) -> list[Finding]:
    """Return findings of a log, where none is a PASS if the log covers too little of the time.

    `kept` is the share of the lines of that time that the log still has, by another log.
    """
    share = coverage.share * kept
    if share >= LEAST:
        return [*findings]
    lack = f"only {coverage.share:.0%} of this time is in the log"
    if kept < LEAST:
        lack = f"only {kept:.0%} of the lines are here that another log has"
    held = [
        replace(one, state=State.NO_DATA, value=f"{one.value}; {lack}")
        if one.state is State.PASS
        else one
        for one in findings
    ]
    return held if kept >= LEAST else [*held, no_data("· lost", lack, "were lines removed?")]


def judge(coverage: Coverage) -> Finding:
    """Return how much of the time is in the log, with its longest hole."""
    share, holes = coverage.share, coverage.holes()
    value = f"{share:.1%} of this time is in the log"
    if not holes:
        return info("coverage", value, measured=share)
    start, end = max(holes, key=lambda hole: hole[1] - hole[0])
    value += f"; no line from {start:%m-%d %H:%M:%S} to {end:%m-%d %H:%M:%S}"
    if share >= LEAST:
        return info("coverage", value, measured=share)
    rest = (coverage.until - max(end for _, end in holes)) // timedelta(minutes=1)
    step = f"--since {rest}m judges what is whole; " if rest else ""
    step += "were log files removed, or did the service not run?"
    if coverage.is_stopped():
        step += " its last line says stopped: nothing tells of a start since"
    return Finding(
        "coverage", State.NO_DATA, value, f"at least {LEAST:.0%}", do_next=step, measured=share
    )
