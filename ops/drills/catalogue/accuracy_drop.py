"""A release whose parser is broken goes out: the gate must refuse it, and the alert must come."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import service
from ops.drills.acting import sre, timed
from ops.drills.drill import Action, Check, Drill, Expected
from ops.drills.stack import Stack

_GOOD: Final = 0.85
_BREAKING: Final = '''

_right = parse


def parse(text, *, now, zone, **more):  # type: ignore[no-redef]
    """Take today to be three days ago, as a mistaken clock in a release would."""
    from datetime import timedelta

    return _right(text, now=now - timedelta(days=3), zone=zone, **more)
'''


def broken_release(folder: Path) -> Path:
    """Make a copy of the service whose parser is wrong about today; return where it is."""
    home = folder / "broken-release"
    shutil.copytree(
        Path(str(service.__file__)).parent, home / "service",
        ignore=shutil.ignore_patterns("__pycache__"),
    )  # fmt: skip
    with (home / "service" / "parsing" / "__init__.py").open("a", encoding="utf-8") as code:
        code.write(_BREAKING)
    return home


def _release(stack: Stack) -> Sequence[Action]:
    home = broken_release(stack.folder)
    version = {"CALENDAR_VERSION": "1.0.1-drill", "PYTHONPATH": str(home)}

    def replace() -> None:
        stack.service.stop()
        stack.service.start(**version)

    return [timed("release the broken parser", replace)]


def _roll_back(stack: Stack) -> Sequence[Action]:
    def replace() -> None:
        stack.service.stop()
        stack.service.start()

    return [timed("roll the release back", replace)]


def _gate(stack: Stack, what: str, exit_code: int) -> Sequence[Check]:
    done = sre(stack, "golden", "run", "--target", stack.url)
    said = f"exit {done.exit_code} after {done.took_s:.0f} s"
    return [Check(f"sre golden run {what}", done.exit_code == exit_code, said)]


DRILL: Final = Drill(
    name="accuracy-drop",
    breaks="a release whose parser is wrong about what day it is goes out",
    expects=(Expected("AccuracyVeryLow", "P2", "page-L1"),),
    about_s=260,
    inject=_release,
    checks=lambda stack: _gate(stack, "refuses the release (exit 1)", 1),
    mend=_roll_back,
    verify=lambda stack: _gate(stack, "lets the old release pass", 0),
    steady=lambda stack: min(stack.value('parsing_accuracy_ratio{slice="all"}'), default=0) > _GOOD,
    golden_every_s=5.0,
    detect_within_s=180,
    resolve_within_s=420,
)
