"""What a check says: findings, each with a value, a limit, since when, and what to do next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

SCHEMA: Final = "calendar-sre/check/v1"


class State(StrEnum):
    """How one thing is. INFO is shown and not judged; NO DATA is never a pass."""

    FAIL = "FAIL"
    WARN = "WARN"
    NO_DATA = "NO DATA"
    PASS = "PASS"  # noqa: S105 -- a verdict, not a password
    INFO = "INFO"


DETAIL: Final = "· "
WORST_FIRST: Final = (State.FAIL, State.WARN, State.NO_DATA, State.PASS, State.INFO)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    `value` and `limit` are for people; `measured` is the bare number behind them in base units
    (seconds, bytes, shares between 0 and 1) where there is one. `unreachable` says that it is bad
    because nothing answered. `do_next` is a command, or one sentence where no command helps.
    """

    subject: str
    state: State
    value: str
    limit: str = ""
    since: datetime | None = None
    do_next: str = ""
    measured: float | None = None
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What one check found; a check of several parts has a `Checked` for each.

    `evidence` says of each source how much of it was seen, as JSON has it.
    """

    check: str
    at: datetime
    took_s: float
    findings: tuple[Finding, ...] = ()
    parts: tuple["Checked", ...] = ()
    evidence: tuple[Mapping[str, object], ...] = ()

    def all_findings(self) -> tuple[Finding, ...]:
        """Return the findings of the check and of all its parts."""
        return (*self.findings, *(one for part in self.parts for one in part.all_findings()))

    @property
    def state(self) -> State:
        """Return the one word for all of it."""
        states = [one.state for one in self.findings] + [part.state for part in self.parts]
        return worst(states)

    @property
    def is_unreachable(self) -> bool:
        """Say whether all that failed did so because nothing answered."""
        failed = [one for one in self.all_findings() if one.state is State.FAIL]
        return bool(failed) and all(one.unreachable for one in failed)


def worst(states: Iterable[State]) -> State:
    """Return the worst of the states that judge; NO DATA when none does."""
    found = set(states) - {State.INFO}
    return next((state for state in WORST_FIRST if state in found), State.NO_DATA)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with the worst first, otherwise as they came; details stay where they belong.

    A detail is a finding whose subject begins with `DETAIL`: it belongs to the one before it.
    """
    blocks: list[list[Finding]] = []
    for one in findings:
        if blocks and one.subject.startswith(DETAIL):
            blocks[-1].append(one)
        else:
            blocks.append([one])
    blocks.sort(key=lambda block: min(WORST_FIRST.index(one.state) for one in block))
    return [one for block in blocks for one in block]


def info(subject: str, value: str, *, measured: float | None = None) -> Finding:
    """Return what is shown and not judged."""
    return Finding(subject, State.INFO, value, measured=measured)


def no_data(subject: str, why: str, do_next: str = "") -> Finding:
    """Return that something could not be observed, and why."""
    return Finding(subject, State.NO_DATA, why, do_next=do_next)


def away(subject: str, why: str, do_next: str, since: datetime | None = None) -> Finding:
    """Return that something does not answer."""
    return Finding(subject, State.FAIL, why, since=since, do_next=do_next, unreachable=True)


def silent(server: str, problem: str, login: str = "") -> Finding:
    """Return that a database gives no answer; `login` is what helps where it refuses us."""
    if login:
        return Finding("login", State.FAIL, f"{server} {problem}", do_next=login)
    step = "is it running, and open to this machine? sre check dependencies says who sees it"
    return away("answers", f"{server}: {problem}", step)


def to_json(checked: Checked) -> dict[str, object]:
    """Return a check as plain JSON data, of the schema `SCHEMA`."""
    return {"schema": SCHEMA, **_part(checked)}


def _part(checked: Checked) -> dict[str, object]:
    return {
        "check": checked.check,
        "verdict": str(checked.state),
        "at": checked.at.isoformat(timespec="seconds"),
        "took_s": round(checked.took_s, 3),
        "findings": [_entry(one) for one in checked.findings],
        "evidence": [dict(one) for one in checked.evidence],
        "parts": [_part(part) for part in checked.parts],
    }


def _entry(one: Finding) -> dict[str, object]:
    return {
        "subject": one.subject,
        "state": str(one.state),
        "value": one.value,
        "limit": one.limit or None,
        "measured": one.measured,
        "since": one.since.isoformat(timespec="seconds") if one.since else None,
        "do_next": one.do_next or None,
        "unreachable": one.unreachable,
    }
