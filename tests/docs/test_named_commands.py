"""Nobody is told at 3 a.m. to run a command that does not exist."""

import re
import subprocess
from pathlib import Path

import typer.main

from sre.main import Options, build_app

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"(?:`|^\s*(?:\$ )?|\bor )sre ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?", re.MULTILINE)
FOLDERS = ("alerts", "dashboards", "deployment", "docs", "ops", "reports", "service", "synthetic")
READ_BY_PEOPLE = {".md", ".py", ".yaml", ".json", ".j2"}


def test_every_verb_that_a_text_names_exists() -> None:
    verbs = typer.main.get_command(build_app(Options())).commands  # type: ignore[attr-defined]
    tracked = subprocess.run(
        ["git", "ls-files", "--", "*.md", *FOLDERS],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    unknown, seen = [], 0
    for name in tracked:
        if Path(name).suffix not in READ_BY_PEOPLE:
            continue
        for verb, part in NAMED.findall((ROOT / name).read_text(encoding="utf-8")):
            seen += 1
            known = verb in verbs
            parts = getattr(verbs.get(verb), "commands", None)
            if not known or (parts and part and part not in parts):
                unknown.append(f"{name}: sre {verb} {part}")
    assert seen > 50
    assert unknown == []
