"""Run the behaviour tests of every alert, note new ones, and let mutants try them."""

import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from alerts.behaviour.case import Case
from alerts.behaviour.catalogue import all_cases
from alerts.behaviour.mutants import mutants
from alerts.behaviour.promtool import TOTAL, dump, failed_files, firing_at, pruned, test_value
from alerts.build import ESCALATION_PATH, RULES_PATH
from alerts.deploy.validate import parse_files
from alerts.files import HOME
from ops.alerts.tools import read_rule_file
from ops.objectives import load_objectives
from ops.tools import tool_command
from slo.errors import BadInputError, UnreachableError

_TIME: Final = re.compile(r"time: ([0-9wdhms]+),")
_GOT: Final = re.compile(r"got: \{\} ([0-9.E+]+)")
_PART: Final = re.compile(r"(\d+)([wdhms])")
_MINUTES: Final = {"w": 10_080, "d": 1440, "h": 60, "m": 1, "s": 0}
_PATIENCE_S: Final = 1800
RELATIVE: Final = ("../calendar.yaml", "../routing/escalation.yaml")

Groups = Sequence[Mapping[str, Any]]
_Done = subprocess.CompletedProcess[str]

TESTS: Final = HOME / "generated" / "tests"


def shipped_groups() -> list[dict[str, Any]]:
    """Return the groups of the generated rule files."""
    return load_groups([HOME / RULES_PATH, HOME / ESCALATION_PATH])


def load_tests(folder: Path = TESTS) -> dict[str, dict[str, Any]]:
    """Return the committed test file of each alert; BadInputError for a damaged one."""
    found = {path.stem: _test_of(path) for path in sorted(folder.glob("*.json"))}
    if not found:
        raise BadInputError(f"no tests in {folder}", hint="run: sre alerts test --bless")
    return found


def _test_of(path: Path) -> dict[str, Any]:
    hint = f"make it anew: sre alerts test --bless --only {path.stem}"
    try:
        test = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise BadInputError(f"{path} is no test file: {err}", hint=hint) from err
    if not isinstance(test, dict) or not isinstance(test.get("tests"), list):
        raise BadInputError(f"{path} is no test file: it has no list `tests`", hint=hint)
    if not all(isinstance(case, dict) for case in test["tests"]):
        raise BadInputError(f"{path} is no test file: a case is no mapping", hint=hint)
    return test


def blessed(groups: Groups, only: Sequence[str] = (), folder: Path = TESTS) -> list[Path]:
    """Write the test file of each alert from what it does now, and return the paths.

    A case says whether its alert fires at all; a rule that does otherwise is an error.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def one(item: tuple[str, Sequence[Case]]) -> Path:
        alert, cases = item
        value = test_value(alert, cases, RELATIVE, observe(alert, cases, groups))
        path = folder / f"{alert}.json"
        path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
        return path

    chosen = {k: v for k, v in all_cases(load_objectives()).items() if not only or k in only}
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, chosen.items()))


def mutate_all(
    tests: Mapping[str, Mapping[str, Any]], groups: Groups, say: Callable[[str], None]
) -> tuple[list[str], int]:
    """Return the mutants that no test noticed, and how many were tried."""
    alive: list[str] = []
    tried = 0
    for alert, test in tests.items():
        survived, count = survivors(alert, test, groups)
        alive += [f"{alert}: {told}" for told in survived]
        tried += count
        say(f"{alert}: {count - len(survived)} of {count}")
    return alive, tried


def load_groups(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Return the groups of rule files; BadInputError naming the file that is damaged."""
    texts = {str(path): read_rule_file(path) for path in paths}
    return [group for parsed in parse_files(texts).values() for group in parsed["groups"]]


def observe(alert: str, cases: Sequence[Case], groups: Groups) -> dict[str, dict[int, int]]:
    """Return how many instances of the alert fire at the minutes where that changes.

    The minute before each change, the change, and the last one: enough to pin all of them.
    """
    asked = {case.name: dict.fromkeys(range(case.minutes), -1) for case in cases}
    told = _run_one(pruned(groups, alert), test_value(alert, cases, ["rules.json"], asked)).stdout
    seen = _counts(told, alert, cases)
    for case in cases:
        if any(seen[case.name].values()) is not case.fires:
            word = "fires" if case.fires else "is silent"
            raise BadInputError(f"{alert}: expected that it {word} in {case.name!r}, it does not")
    return {case.name: _pinned(seen[case.name], case.minutes) for case in cases}


def survivors(alert: str, test: Mapping[str, Any], groups: Groups) -> tuple[list[str], int]:
    """Return the mutants of an alert that its test does not notice, and how many there were."""
    base = pruned(groups, alert)
    *records, rule = base["groups"][0]["rules"]
    tried = list(mutants(rule))
    with tempfile.TemporaryDirectory(prefix="sre-mutants-") as folder:
        home = Path(folder)
        for index, (_, changed) in enumerate(tried):
            value = {"groups": [{"name": "mutant", "rules": [*records, changed]}]}
            rules = home / f"rules{index}.json"
            rules.write_text(dump(value))
            mutated = {**test, "rule_files": [str(rules)]}
            (home / f"test{index}.json").write_text(dump(mutated))
        paths = [str(home / f"test{index}.json") for index in range(len(tried))]
        failed = failed_files(_promtool(home, paths).stdout) if paths else {}
    if failed.keys() != set(paths):
        raise UnreachableError(
            f"promtool tested only {len(failed)} of {len(paths)} mutants of {alert}"
        )
    alive = [told for (told, _), path in zip(tried, paths, strict=True) if not failed[path]]
    return alive, len(tried)


def verify(tests: Mapping[str, Mapping[str, Any]], groups: Groups, workers: int = 2) -> list[str]:
    """Run committed tests, each with only the rules it needs; return what failed.

    A test that expects nothing is no pass, nor is one that promtool does not leave with 0.
    """

    def one(item: tuple[str, Mapping[str, Any]]) -> str:
        alert, test = item
        if not expectations(test):
            return f"{alert}: its test expects nothing"
        done = _run_one(pruned(groups, alert), {**test, "rule_files": ["rules.json"]})
        if done.returncode == 0 and "FAILED" not in done.stdout:
            return ""
        return f"{alert}: promtool exits with {done.returncode}: {done.stdout.strip()[:600]}"

    with ThreadPoolExecutor(workers) as pool:
        return [told for told in pool.map(one, tests.items()) if told]


def expectations(test: Mapping[str, Any]) -> int:
    """Return how many answers a test file asks for; 0 when one of its cases asks for none."""
    kinds = ("promql_expr_test", "alert_rule_test")
    counts = [sum(len(case.get(kind) or ()) for kind in kinds) for case in test["tests"]]
    return sum(counts) if all(counts) else 0


def _run_one(rules: Mapping[str, Any], test: Mapping[str, Any]) -> _Done:
    with tempfile.TemporaryDirectory(prefix="sre-behaviour-") as folder:
        home = Path(folder)
        (home / "rules.json").write_text(dump(rules))
        path = home / "test.json"
        path.write_text(json.dumps({**test, "rule_files": [str(home / "rules.json")]}))
        return _promtool(home, [str(path)])


def _promtool(home: Path, paths: Sequence[str]) -> _Done:
    try:
        done = subprocess.run(
            [*tool_command("promtool", [home]), "test", "rules", *paths],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # failures follow the name of their file
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as err:
        raise UnreachableError(
            f"promtool did not end within {_PATIENCE_S} s", hint="test fewer: --only ALERT"
        ) from err
    if "Unit Testing" not in done.stdout:
        raise UnreachableError(
            f"promtool could not test: {done.stdout.strip()[:400]}", hint="sre doctor"
        )
    return done


def _counts(told: str, alert: str, cases: Sequence[Case]) -> dict[str, dict[int, int]]:
    """Read the counts out of what promtool got where it was told to expect -1."""
    found: dict[str, dict[int, int]] = {case.name: {} for case in cases}
    order = iter(cases)
    current, minute = "", 0
    assert firing_at(alert)  # noqa: S101 -- the expression whose answers are read here
    last = 10**9
    for line in told.splitlines():
        time = _TIME.search(line)
        if time:
            minute = sum(int(n) * _MINUTES[unit] for n, unit in _PART.findall(time[1]))
            if minute <= last:
                current = next(order).name
            last = minute
        got = _GOT.search(line)
        if got:
            found[current][minute] = round(float(got[1]))
    return found


def _pinned(seen: Mapping[int, int], minutes: int) -> dict[int, int]:
    kept = {0, minutes - 1}
    for minute in range(1, minutes):
        if seen[minute] != seen[minute - 1]:
            kept |= {minute - 1, minute}
    return {**{minute: seen[minute] for minute in sorted(kept)}, TOTAL: sum(seen.values())}
