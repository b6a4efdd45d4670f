"""Note what each alert does now as what it is expected to do."""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from alerts.behaviour.case import Case
from alerts.behaviour.promtool import TOTAL, firing_at, test_value
from alerts.behaviour.pruning import pruned
from alerts.edge.behaviour import Groups, Pins, said_of_each
from alerts.edge.behaviour_files import Behaviour
from alerts.edge.bench import Bench, bench
from alerts.edge.own_cases import EXPECTED, cases_file, read_expected, write_expected
from kit.pure.errors import BadInputError
from kit.pure.fields import closest

_TIME: Final = re.compile(r"time: ([0-9wdhms]+),")
_GOT: Final = re.compile(r"got: \{\} ([0-9.E+]+)")
_PART: Final = re.compile(r"(\d+)([wdhms])")
_MINUTES: Final = {"w": 10_080, "d": 1440, "h": 60, "m": 1, "s": 0}


def _where(name: str, cases: Collection[str], own: Path | None) -> str:
    """Return the alert that may be meant, else which file has the cases of a project's own."""
    near = closest(name, cases)
    if near.startswith("did"):
        return near
    return f"write its cases in {cases_file(own)}"


def blessed(of: Behaviour, only: Sequence[str] = (), own: Path | None = None) -> list[str]:
    """Write what each alert does now as what it is expected to do; return the alerts.

    A case says whether its alert fires at all; a rule that does otherwise is an error. What `only`
    leaves out stays as it is. Raises BadInputError for a name that no alert with cases has.
    """
    cases, groups = of.cases, of.groups
    for name in only:
        if name not in cases:
            raise BadInputError(
                f"no alert with cases is called {name!r}",
                hint=_where(name, cases, own),
            )
    chosen = {alert: some for alert, some in cases.items() if not only or alert in only}
    with bench() as used:
        seen = used.pool.map(lambda item: observe(used, item[0], item[1], groups), chosen.items())
        new = {
            (alert, case): counts
            for alert, some in zip(chosen, seen, strict=True)
            for case, counts in some.items()
        }
    _write(new, of, own)
    return list(chosen)


def _write(new: Mapping[tuple[str, str], Pins], of: Behaviour, own: Path | None) -> None:
    """Write what was seen, the families' and the project's own, where each is read from."""
    known = {(alert, case.name) for alert, some in of.cases.items() for case in some}
    for path, wanted in ((EXPECTED, False), (own, True)):
        if path is not None:
            rows = {**(read_expected(path) if path.is_file() else {}), **new}
            mine = {key for key in rows if of.is_own(key[0]) is wanted and key in known}
            write_expected({key: rows[key] for key in rows if key in mine}, path)


def observe(
    used: Bench, alert: str, cases: Sequence[Case], groups: Groups
) -> dict[str, dict[int, int]]:
    """Return how many instances of the alert fire at the minutes where that changes.

    The minute before each change, the change, and the last one: enough to pin all of them.
    """
    asked = {case.name: dict.fromkeys(range(case.quiet, case.minutes), -1) for case in cases}
    tests = [(pruned(groups, alert), test_value(alert, cases, [], asked))]
    (output,) = said_of_each(used, tests)
    seen = _counts(output, alert, cases)
    for case in cases:
        if any(seen[case.name].values()) is not case.fires:
            word = "fires" if case.fires else "is silent"
            raise BadInputError(f"{alert}: expected that it {word} in {case.name!r}, it does not")
    return {case.name: _pinned(seen[case.name], case) for case in cases}


def _counts(output: str, alert: str, cases: Sequence[Case]) -> dict[str, dict[int, int]]:
    """Read the counts out of what promtool got where the test expects -1."""
    found: dict[str, dict[int, int]] = {case.name: {} for case in cases}
    order = iter(cases)
    current, minute = "", 0
    assert firing_at(alert)  # noqa: S101 -- the expression whose answers are read here
    last = 10**9
    for line in output.splitlines():
        time = _TIME.search(line)
        if time:
            minute = sum(int(n) * _MINUTES[unit] for n, unit in _PART.findall(time[1]))
            if minute != last + 1:  # the minutes of a case are asked for one after the other
                current = next(order).name
            last = minute
        got = _GOT.search(line)
        if got:
            found[current][minute] = round(float(got[1]))
    return found


def _pinned(seen: Mapping[int, int], case: Case) -> dict[int, int]:
    kept = {case.quiet, case.minutes - 1}
    for minute in range(case.quiet + 1, case.minutes):
        if seen[minute] != seen[minute - 1]:
            kept |= {minute - 1, minute}
    return {**{minute: seen[minute] for minute in sorted(kept)}, TOTAL: sum(seen.values())}
