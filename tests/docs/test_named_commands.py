"""Nobody is told at 3 a.m. to run a command that does not exist."""

import re
import subprocess
from pathlib import Path

from sre.table import GROUPS, VERBS

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"(?:`|^\s*(?:\$ )?|\bor )sre ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?", re.MULTILINE)
FOLDERS = (
    "alerts", "dashboards", "deployment", "docs", "kit", "ops", "reports", "service", "slo", "sre",
    "synthetic",
)  # fmt: skip
READ_BY_PEOPLE = {".md", ".py", ".yaml", ".json", ".j2"}


def test_every_verb_that_a_text_names_exists() -> None:
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
            whole = f"{verb} {part}" if verb in GROUPS and part else verb
            if whole not in {*GROUPS, *VERBS}:
                unknown.append(f"{name}: sre {verb} {part}")
    assert seen > 50
    assert unknown == []
