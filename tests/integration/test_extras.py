"""What an extra promises is enough: `calendar-sre[harness]` runs every verb of the harness."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement

from sre.table import VERBS

ROOT: Final = Path(__file__).resolve().parents[2]
ASK_FOR_MORE: Final = ("demo", "serve", "drill", "check", "backup", "maintain", "incident", "stack")
"""Verbs that start or operate the calendar: the hint names the extra that they need."""
_LOADS: Final = """
import importlib, json, sys

class OnlyWhatIsInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ModuleNotFoundError(name, name=name)

blocked, verbs = json.loads(sys.argv[1])
sys.meta_path.insert(0, OnlyWhatIsInstalled())
for verb, place in verbs.items():
    module, _, function = place.partition(":")
    try:
        getattr(importlib.import_module(f"sre.{module}"), function)
    except ModuleNotFoundError as err:
        print(f"{verb}: {err.name}")
"""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def brought(wanted: Iterable[str], found: set[str]) -> set[str]:
    """Return the distributions that pip installs for requirements, their own included."""
    for each in map(Requirement, wanted):
        extras = ("", *each.extras)
        if each.marker and not each.marker.evaluate({"extra": ""}):
            continue
        key = f"{normal(each.name)}[{','.join(sorted(each.extras))}]"
        if key in found:
            continue
        found |= {key, normal(each.name)}
        try:
            below = metadata.requires(each.name) or []
        except metadata.PackageNotFoundError:
            continue
        for one in map(Requirement, below):
            if one.marker is None or any(one.marker.evaluate({"extra": e}) for e in extras):
                one.marker = None
                brought([str(one)], found)
    return found


@pytest.mark.thorough
def test_the_extra_harness_is_enough_for_every_verb_that_does_not_start_the_calendar() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    there = brought([*project["dependencies"], *project["optional-dependencies"]["harness"]], set())
    modules = metadata.packages_distributions()
    own = {"sre", "kit", "slo"}
    blocked = [
        name
        for name, dists in modules.items()
        if name not in own and not any(normal(one) in there for one in dists)
    ]
    assert "argon2" in blocked
    assert "locust" not in blocked
    verbs = {v: place for v, place in VERBS.items() if not v.startswith(ASK_FOR_MORE)}
    done = subprocess.run(
        [sys.executable, "-c", _LOADS, json.dumps([blocked, verbs])],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert set(done.stdout.splitlines()) == set()
