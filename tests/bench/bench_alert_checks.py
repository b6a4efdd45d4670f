"""What checking 5,000 rules of others costs, in seconds of processor time; 5 are allowed.

The rules are those of the collections of `tests/unit/alerts/corpora`, each many times over with
another job, in files of 500; nothing is kept of one file for another.
"""

import time
from pathlib import Path
from typing import Any, Final

import yaml

from alerts.checks.run import Read, checked
from alerts.checks.subject import Around

RULES: Final = 5_000
OF_A_FILE: Final = 500
CORPORA: Final = Path(__file__).parents[1] / "unit/alerts/corpora"


def rules() -> list[dict[str, Any]]:
    """Return 5,000 rules, no two of them alike."""
    found: list[dict[str, Any]] = []
    for path in sorted(set(CORPORA.glob("*.yaml")) - {CORPORA / "true.yaml"}):
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            groups = document.get("groups") or document.get("spec", {}).get("groups") or ()
            found += [rule for group in groups for rule in group["rules"]]
    many = []
    for number in range(RULES):
        rule = found[number % len(found)]
        expr = str(rule["expr"]).replace('job="', f'job="n{number}-')
        kind = "alert" if "alert" in rule else "record"
        many.append({**rule, kind: f"{rule[kind]}{number}", "expr": expr})
    return many


def files() -> list[tuple[str, str]]:
    """Return the rules in files as people write them."""
    many = rules()
    return [
        (
            f"{start}.yaml",
            yaml.safe_dump(
                {"groups": [{"name": "g", "rules": many[start : start + OF_A_FILE]}]},
                sort_keys=False,
            ),
        )
        for start in range(0, RULES, OF_A_FILE)
    ]


def main() -> None:
    """Print the seconds of processor time of reading and of checking."""
    sources = files()
    began = time.process_time()
    read = Read.of(sources)
    between = time.process_time()
    problems = checked(read, Around())
    ended = time.process_time()
    print(f"checking {len(read.rules):,} rules of others, {len(problems):,} findings")
    print(f"  reading  {between - began:5.2f} s")
    print(f"  checking {ended - between:5.2f} s")
    print(f"  together {ended - began:5.2f} s of processor time, of 5 allowed")
