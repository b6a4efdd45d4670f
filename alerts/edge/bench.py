"""Where rules are tested: some threads, promtool, and a folder for what it reads."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from alerts.behaviour.promtool import dump
from alerts.edge.promtool_runs import Promtool, promtool_runs
from kit.pure.errors import UnreachableError

_LONGEST_S: Final = 3600
_WORKERS: Final = 2

RuleTests = Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
"""Pairs of rules and a test file."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What tests rules, for as long as nobody gives up."""

    pool: ThreadPoolExecutor
    promtool: Promtool
    folder: Path

    def said(self, tests: RuleTests, longest_s: float = _LONGEST_S) -> tuple[list[str], str]:
        """Return the path of each test file, and all that promtool says of them in one run.

        Any thread may call it. Raises LateError after `longest_s`, and UnreachableError when it
        could not test at all.
        """
        with tempfile.TemporaryDirectory(dir=self.folder) as made:
            home, paths = Path(made), list[str]()
            for number, (rules, test) in enumerate(tests):
                below, path = home / f"rules{number}.json", home / f"test{number}.json"
                below.write_text(dump(rules))
                path.write_text(dump({**test, "rule_files": [str(below)]}))
                paths.append(str(path))
            said = self.promtool(["test", "rules", *paths], longest_s)
        if "Unit Testing" not in said:
            message = f"promtool could not test: {said.strip()[:400]}"
            raise UnreachableError(message, hint="sre doctor")
        return paths, said


@contextmanager
def bench() -> Iterator[Bench]:
    """Yield a bench; when the block is left by a signal, what is at work on it is ended."""
    with (
        tempfile.TemporaryDirectory(prefix="sre-behaviour-") as folder,
        ThreadPoolExecutor(_WORKERS) as pool,
        promtool_runs([Path(folder)], hint="test fewer: --only ALERT") as promtool,
    ):
        yield Bench(pool, promtool, Path(folder))
