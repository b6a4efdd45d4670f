"""The cases of a project's own alerts, and what alerts are expected to do, as files hold them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from alerts.behaviour.case import Case
from alerts.behaviour.cases_gauges import limit, one
from alerts.behaviour.pinned import Waits
from alerts.behaviour.promtool import TOTAL
from alerts.edge.shipped import HOME, limits_of, load_own_rules
from alerts.rule import Alert
from kit.edge.writing import write_whole
from kit.pure.errors import BadInputError
from kit.pure.fields import Field, read_yaml
from kit.pure.json_values import from_json
from slo.project.project import Project

EXPECTED: Final = HOME / "behaviour" / "expected.jsonl"
"""What each alert of a family does in each of its cases: when how many instances of it fire."""
_A_LITTLE_MORE: Final = 1.03
_CASES: Final = "cases.yaml"
_EXPECTED: Final = "expected.jsonl"


def own_cases(project: Project) -> dict[str, list[Case]]:
    """Return the cases of a project's own alerts; none where it has no file of them."""
    if project.paths.alerts is None or not (Path(project.paths.alerts) / _CASES).is_file():
        return {}
    path = Path(project.paths.alerts) / _CASES
    try:
        root = read_yaml(str(path), path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(f"cannot read {path}: {err}", hint="correct the file") from err
    numbers = limits_of(project)
    rules = {each.alert.name: each.alert for each in load_own_rules(project, numbers).rules}
    return {name: _cases(root.need(name), rules.get(name), numbers) for name in root.names()}


def _cases(place: Field, rule: Alert | None, numbers: Mapping[str, float]) -> list[Case]:
    """Return the cases of an alert: a list of them, or those of a gauge that has a limit."""
    if not isinstance(place.value, dict) or rule is None:
        return [_case(each) for each in place.items()]
    place.only("series", "usual", "limit")
    named = place.need("limit").choice(*numbers)
    most, usual = numbers[named], place.need("usual").number()
    waits = Waits.of(rule)
    write = one(place.need("series").text())
    above, below = most * _A_LITTLE_MORE, most / _A_LITTLE_MORE
    return limit(write, usual, above, below, waits.hold, waits.keep, exact=most)


def _case(place: Field) -> Case:
    place.only("name", "minutes", "fires", "series")
    series, fires = place.need("series"), place.need("fires")
    if not isinstance(fires.value, bool):
        raise fires.wrong("is neither true nor false", "say whether the alert fires at all")
    return Case(
        place.need("name").text(),
        {name: str(series.need(name).value) for name in series.names()},
        int(place.need("minutes").number(1)),
        fires.value,
    )


def own_expected(project: Project) -> dict[tuple[str, str], dict[int, int]]:
    """Return what the project's own alerts are expected to do, and those on its objectives."""
    path = expected_path(project)
    return read_expected(path) if path is not None and path.is_file() else {}


def cases_file(expected: Path | None) -> str:
    """Return which file has the cases of a project's own alerts, by that of what they expect."""
    return f"{_CASES} of [paths] alerts" if expected is None else str(expected.with_name(_CASES))


def expected_path(project: Project) -> Path | None:
    """Return the file of a project's own expectations; None where it has no alerts of its own."""
    return None if project.paths.alerts is None else Path(project.paths.alerts) / _EXPECTED


def read_expected(path: Path) -> dict[tuple[str, str], dict[int, int]]:
    """Return by alert and case how many instances fire at which minute, under TOTAL in all."""
    found = {}
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            row = from_json(line)
            pinned = {int(minute): int(count) for minute, count in row["firing"].items()}
            total = {TOTAL: int(row["total"])} if "total" in row else {}
            found[str(row["alert"]), str(row["case"])] = {**pinned, **total}
        except (ValueError, KeyError, TypeError, AttributeError) as err:
            raise BadInputError(
                f"{path}:{number}: no expectation: {err}", hint="run: sre alerts test --bless"
            ) from err
    return found


def write_expected(expected: Mapping[tuple[str, str], Mapping[int, int]], path: Path) -> None:
    """Write what every alert is expected to do, a line a case."""
    rows = []
    for (alert, case), counts in sorted(expected.items()):
        firing = {str(minute): count for minute, count in counts.items() if minute >= 0}
        total = {"total": counts[TOTAL]} if TOTAL in counts else {}
        row = {"alert": alert, "case": case, "firing": firing, **total}
        rows.append(json.dumps(row, ensure_ascii=False))
    write_whole(path, "\n".join(rows) + "\n")
