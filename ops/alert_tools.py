"""Run promtool and amtool on files."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from alerts.build import ESCALATION_PATH, RULES_PATH
from alerts.checks.problem import Level, Problem
from alerts.checks.run import run_checks
from alerts.checks.subject import Around
from alerts.deploy.server import Server
from alerts.files import HOME
from ops.tools import tool_command
from slo.catalogue import series_of
from slo.errors import BadInputError

_PATIENCE_S: Final = 300


def promtool_check(path: Path) -> dict[str, Any]:
    """Return {file, ok, says} of `promtool check rules`; UnreachableError without promtool."""
    if not path.is_file():
        raise BadInputError(f"no rule file {path}", hint="run `sre alerts build`, or name a file")
    file = path.resolve()
    done = subprocess.run(
        [*tool_command("promtool", [file.parent]), "check", "rules", str(file)],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith("Checking ")]
    return {"file": str(path), "ok": done.returncode == 0, "says": "; ".join(told)}


def check_rules(
    paths: Sequence[Path], *, prometheus: str | None = None, scrape_s: float = 15
) -> tuple[Problem, ...]:
    """Return every problem of rule files, the generated ones when none is named.

    The runbook pages are only looked for when the generated files are checked: anybody's rules
    have their pages elsewhere. Raises BadInputError for a file that cannot be read.
    """
    chosen = list(paths) or [HOME / RULES_PATH, HOME / ESCALATION_PATH]
    try:
        sources = [(str(path), path.read_text(encoding="utf-8")) for path in chosen]
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(
            f"cannot read a rule file: {err}", hint="run `sre alerts build`, or name a file"
        ) from err
    pages = None if paths else frozenset(page.stem for page in (HOME / "runbooks").glob("*.md"))
    live = Server(prometheus).metrics() if prometheus else frozenset()
    around = Around((), series_of(), live=live, scrape_s=scrape_s, pages=pages)
    promtool = [_promtool_problem(path) for path in chosen]
    return (*(each for each in promtool if each), *run_checks(sources, around))


def _promtool_problem(path: Path) -> Problem | None:
    verdict = promtool_check(path)
    if verdict["ok"]:
        return None
    says = str(verdict["says"])
    return Problem(
        "promtool/accepts", Level.ERROR, str(path), 1, "", "", says, "Prometheus would refuse it"
    )
