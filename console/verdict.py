"""Is it bad, how bad, since when, and what to do: the first lines of the console."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

from console.firing import Alert, Alerts
from kit.pure.words import counted
from slo.account import Account
from slo.verdict import Verdict

_FAST: Final = 2.0
"""A burn rate of the last hour from which a budget needs a look."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: the page of the console or the command that helps, where there is one."""

    said: str
    page: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Now:
    """The state in a word (bad, warn, good or unknown), the sentence, since when, what to do."""

    state: str
    headline: str
    since: datetime | None
    steps: tuple[Step, ...]


def judge(alerts: Alerts | None, accounts: Sequence[Account] | None, down: Sequence[str]) -> Now:
    """Return the judgement; what is not known is never taken for good."""
    firing = [] if alerts is None else [one for one in alerts.shown if one.state == "firing"]
    urgent = [one for one in firing if one.severity == "critical"]
    missed = _named(accounts, Verdict.FAIL)
    burning = [a for a in accounts or () if a.is_known and (a.counted.burn_now or 0.0) > _FAST]
    since = min((one.since for one in urgent or firing if one.since), default=None)
    steps = tuple(_steps(firing, missed, burning, down))
    if urgent:
        said = f"{counted(len(urgent), 'critical alert')}: {urgent[0].summary or urgent[0].name}"
        return Now("bad", said, since, steps)
    if down:
        return Now("bad", f"Does not answer: {', '.join(down)}", since, steps)
    if missed:
        return Now("bad", f"Missed: {', '.join(missed)}", since, steps)
    if firing or burning:
        said = firing[0].summary or firing[0].name if firing else _burns(burning)
        return Now("warn", said, since, steps)
    unknown = _unknown(alerts, accounts)
    if unknown:
        return Now("unknown", f"Not known: {', '.join(unknown)}", None, steps)
    return Now("good", "Nothing is wrong: no alert fires and every objective is kept", None, steps)


def _named(accounts: Sequence[Account] | None, verdict: Verdict) -> list[str]:
    return [a.objective.display_name for a in accounts or () if a.budget.verdict is verdict]


def _burns(burning: Sequence[Account]) -> str:
    names = ", ".join(each.objective.display_name for each in burning)
    return f"Burns its budget too fast: {names}"


def _unknown(alerts: Alerts | None, accounts: Sequence[Account] | None) -> list[str]:
    found = ["alerts"] if alerts is None else []
    if accounts is None:
        return [*found, "objectives"]
    odd = {Verdict.NO_DATA, Verdict.CONTRADICTORY, Verdict.INCONCLUSIVE}
    lacking = [a.objective.display_name for a in accounts if a.budget.verdict in odd]
    return found + lacking + ([] if accounts else ["objectives"])


def _steps(
    firing: Sequence[Alert],
    missed: Sequence[str],
    burning: Sequence[Account],
    down: Sequence[str],
) -> list[Step]:
    steps = [
        Step(f"Follow the runbook of {name}", f"/runbooks/{quote(name, errors='replace')}")
        for name in list(dict.fromkeys(one.name for one in firing))[:3]
    ]
    if down and not firing:
        steps.append(Step(f"See why {down[0]} does not answer", command="sre check health"))
    if burning and not firing:
        one = burning[0].objective
        where = f"/objectives/{quote(one.name)}"
        steps.append(Step(f"See what spends the budget of {one.display_name}", where))
    if missed and not firing and not burning:
        steps.append(Step(f"{missed[0]} is spent: hold risky changes until it recovers"))
    if firing:
        steps.append(Step("Tell users, where they notice it", command="sre status announce"))
    return steps
